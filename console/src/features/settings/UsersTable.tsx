import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { useCan, useMe } from "@/api/session";
import { ConfirmButton } from "@/components/ConfirmButton";
import { Who } from "@/components/CustomerAvatar";
import { ServerTable, useRefreshList, type TableColumn } from "@/components/ServerTable";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { paths, useRoles, type User } from "./api";
import { ResetPasswordDrawer } from "./ResetPasswordDrawer";
import { ScopeText } from "./ScopeFields";
import "./settings.css";

export function UsersTable({ onEdit }: { onEdit: (user: User) => void }) {
  const t = useT();
  const f = useFormat();
  const me = useMe();
  const can = useCan();
  const notify = useNotify();
  const refresh = useRefreshList();
  const client = useQueryClient();
  const roles = useRoles();
  const [reset, setReset] = useState<User>();
  const manage = can("auth.user.manage");
  const roleName = (name: string) => t.lookup(`settings.role.${name}`) ?? name;

  const switchState = async (user: User) => {
    const verb = user.disabled_at ? "enable" : "disable";
    await api.post(`${paths.users}/${String(user.id)}/${verb}`);
    await Promise.all([refresh(paths.users), client.invalidateQueries({ queryKey: ["roles"] })]);
    notify.done(t(user.disabled_at ? "settings.users.enabledDone" : "settings.users.disabledDone", { name: user.name }));
  };

  const columns: TableColumn<User>[] = [
    { key: "name", title: t("settings.users.name"), sort: true, card: "title", render: (user) => <Who name={user.id === me.id ? t("settings.users.yourself", { name: user.name }) : user.name} note={user.wecom_userid ?? user.login} kind="staff" /> },
    {
      key: "by", title: t("settings.users.by"),
      render: (user) => user.wecom_userid === null
        ? <span className="ws-muted">{t("settings.users.byPassword")}</span>
        : (
          <>
            <span className="ws-tag is-brand" title={t("settings.users.byWecomHelp", { userid: user.wecom_userid })}>{t("settings.users.byWecom")}</span>
            {user.wecom_signed_in_at && <span className="ws-sub">{t("settings.users.wecomAt", { moment: f.relative(user.wecom_signed_in_at) })}</span>}
          </>
        ),
    },
    { key: "role", title: t("settings.users.role"), sort: true, render: (user) => roleName(user.role) },
    { key: "scope", title: t("settings.scope.label"), render: (user) => <ScopeText scope={user.scope} /> },
    {
      key: "state", title: t("settings.users.state"), card: "extra",
      render: (user) => user.disabled_at
        ? <span className="ws-tag">{t("settings.users.disabled")}</span>
        : <span className="ws-tag is-brand">{t("settings.users.active")}</span>,
    },
    { key: "last_seen_at", title: t("settings.users.lastSeen"), render: (user) => user.last_seen_at ? f.relative(user.last_seen_at) : <span className="ws-muted">{t("settings.users.never")}</span> },
    { key: "created_at", title: t("settings.users.created"), sort: true, render: (user) => f.date(user.created_at) },
  ];
  if (manage) {
    columns.push({
      key: "verbs", title: "", align: "right",
      render: (user) => (
        <span className="ws-verbs">
          <button type="button" className="ws-link" onClick={() => { onEdit(user); }}>{t("common.action.edit")}</button>
          <button type="button" className="ws-link" onClick={() => { setReset(user); }}>{t("settings.users.reset")}</button>
          {user.id === me.id ? null : user.disabled_at ? (
            <button type="button" className="ws-link" onClick={() => { switchState(user).catch(notify.failed); }}>{t("settings.users.enable")}</button>
          ) : (
            <ConfirmButton
              type="link" size="small" style={{ padding: 0, height: "auto" }} danger
              verb={t("settings.users.disable")}
              question={t("settings.users.disableQuestion", { name: user.name })}
              consequence={t("settings.users.disableConsequence")}
              onConfirm={() => switchState(user)}
            />
          )}
        </span>
      ),
    });
  }
  return (
    <>
      <ServerTable<User>
        path={paths.users}
        columns={columns}
        rowKey={(user) => user.id}
        searchHint={t("settings.users.search")}
        filters={[
          { kind: "select", name: "role", label: t("settings.users.role"), multiple: true, options: (roles.data ?? []).map((role) => ({ value: role.name, label: role.label })) },
          { kind: "select", name: "by", label: t("settings.users.by"), options: [{ value: "wecom", label: t("settings.users.byWecom") }, { value: "password", label: t("settings.users.byPassword") }] },
          { kind: "select", name: "state", label: t("settings.users.state"), options: [{ value: "active", label: t("settings.users.active") }, { value: "disabled", label: t("settings.users.disabled") }] },
        ]}
        empty={{ title: t("settings.users.empty"), hint: t("settings.users.emptyHint") }}
      />
      <ResetPasswordDrawer user={reset} onClose={() => { setReset(undefined); }} />
    </>
  );
}
