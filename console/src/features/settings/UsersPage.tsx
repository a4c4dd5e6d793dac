import { Button, Tabs } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useCan } from "@/api/session";
import { PageHeader } from "@/components/PageHeader";
import { useT } from "@/i18n";
import { useRoles, type User } from "./api";
import { RolesList } from "./RolesList";
import { UserDrawer } from "./UserDrawer";
import { UsersTable } from "./UsersTable";

export default function UsersPage() {
  const t = useT();
  const can = useCan();
  const roles = useRoles();
  const [params, setParams] = useSearchParams();
  const [edited, setEdited] = useState<User | "new">();
  const active = roles.data?.reduce((sum, role) => sum + role.users, 0);
  return (
    <>
      <PageHeader
        crumbs={[{ label: t("shell.section.settings") }, { label: t("settings.menu.users") }]}
        title={active === undefined ? t("settings.users.titleOne") : t("settings.users.title", { active })}
        lede={t("settings.users.lede")}
        actions={can("auth.user.manage") && <Button type="primary" onClick={() => { setEdited("new"); }}>{t("settings.users.add")}</Button>}
      />
      <Tabs
        activeKey={params.get("tab") ?? "users"}
        onChange={(tab) => { setParams(tab === "users" ? {} : { tab }, { replace: true }); }}
        destroyOnHidden
        items={[
          { key: "users", label: t("settings.users.tabUsers"), children: <UsersTable onEdit={setEdited} /> },
          { key: "roles", label: t("settings.users.tabRoles"), children: <RolesList roles={roles} /> },
        ]}
      />
      <UserDrawer user={edited} onClose={() => { setEdited(undefined); }} />
    </>
  );
}
