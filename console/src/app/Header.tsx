import { MenuOutlined } from "@ant-design/icons";
import { Dropdown } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useMe, useSignOut } from "@/api/session";
import { CustomerAvatar } from "@/components/CustomerAvatar";
import { useIsPhone } from "@/components/useMedia";
import { useNotify } from "@/components/useNotify";
import { setLanguage, useT } from "@/i18n";
import { DataAge } from "./DataAge";
import { GlobalSearch } from "./GlobalSearch";
import { OwnPasswordDrawer } from "./OwnPasswordDrawer";

export function Header({ onMenu }: { onMenu: () => void }) {
  const t = useT();
  const me = useMe();
  const phone = useIsPhone();
  const notify = useNotify();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const [password, setPassword] = useState(false);
  const leave = async () => {
    try {
      await signOut();
      await navigate("/sign-in", { replace: true });
    } catch (failure) {
      notify.failed(failure);
    }
  };
  const switchLanguage = () => { setLanguage(t.language === "zh" ? "en" : "zh"); };
  const choose = (key: string) => {
    if (key === "language") switchLanguage();
    else if (key === "password") setPassword(true);
    else void leave();
  };
  const items = [
    ...(phone ? [{ key: "who", label: `${me.name} · ${me.company.name}`, disabled: true }, { key: "language", label: t("shell.user.language") }] : []),
    { key: "password", label: t("settings.password.title") },
    { key: "signOut", label: t("shell.user.signOut") },
  ];
  return (
    <header className="ws-top">
      {phone && (
        <button type="button" className="ws-iconbutton" aria-label={t("shell.menu.open")} onClick={onMenu}>
          <MenuOutlined />
        </button>
      )}
      {!phone && <span className="ws-top-org">{me.company.name}</span>}
      <GlobalSearch />
      <div className="ws-top-right">
        {!phone && <DataAge />}
        {!phone && (
          <button type="button" className="ws-link ws-small" onClick={switchLanguage} lang={t.language === "zh" ? "en" : "zh-CN"}>
            {t("shell.user.language")}
          </button>
        )}
        <Dropdown menu={{ items, onClick: ({ key }) => { choose(key); } }} trigger={["click"]} placement="bottomRight">
          <button type="button" className="ws-user" aria-label={t("shell.user.menu")}>
            <CustomerAvatar name={me.name} kind="staff" size={28} />
            {!phone && <>{me.name} <span className="ws-muted ws-small">{roleName(t, me.role)}</span></>}
          </button>
        </Dropdown>
      </div>
      <OwnPasswordDrawer open={password} onClose={() => { setPassword(false); }} />
    </header>
  );
}

/** Built-in roles have a name in the catalogue; a role made by the company carries its own. */
function roleName(t: ReturnType<typeof useT>, role: string): string {
  return t.lookup(`settings.role.${role}`) ?? role;
}
