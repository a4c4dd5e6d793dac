import { useQueryClient } from "@tanstack/react-query";
import { Form, Input, Select, Switch } from "antd";
import { api } from "@/api/client";
import { FormDrawer } from "@/components/FormDrawer";
import { useRefreshList } from "@/components/ServerTable";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { fromScopeValues, paths, toScopeValues, useRoles, type ScopeValues, type User } from "./api";
import { ScopeFields } from "./ScopeFields";

interface Values {
  name: string;
  login: string;
  password: string;
  role?: string;
  scope?: ScopeValues;
  follow_rules?: boolean;
}

export function UserDrawer({ user, onClose }: { user: User | "new" | undefined; onClose: () => void }) {
  const t = useT();
  const notify = useNotify();
  const refresh = useRefreshList();
  const client = useQueryClient();
  const roles = useRoles();
  const known = user === "new" ? undefined : user;

  const save = async ({ scope, role, ...values }: Values) => {
    // Fields that the rules decide are not shown: what stands is sent back.
    const body = { ...values, role: role ?? known?.role ?? "", scope: scope ? fromScopeValues(scope) : known?.scope };
    if (known) await api.put(`${paths.users}/${String(known.id)}`, body);
    else await api.post(paths.users, body);
    await Promise.all([refresh(paths.users), client.invalidateQueries({ queryKey: ["roles"] }), client.invalidateQueries({ queryKey: ["me"] })]);
    notify.done(known ? t("settings.users.saved") : t("settings.users.made", { login: values.login }));
  };

  return (
    <FormDrawer<Values>
      open={user !== undefined}
      title={known ? t("settings.users.edit") : t("settings.users.create")}
      initial={known ? { name: known.name, role: known.role, scope: toScopeValues(known.scope), follow_rules: known.rights_by === "rules" } : { role: "operator", scope: { kind: "all", department_id: [], staff_id: [] } }}
      onClose={onClose}
      onSubmit={save}
    >
      <Form.Item name="name" label={t("settings.users.name")} rules={[{ required: true, whitespace: true, message: t("settings.users.needName") }]}>
        <Input maxLength={80} />
      </Form.Item>
      {!known && (
        <>
          <Form.Item name="login" label={t("settings.users.login")} extra={t("settings.users.loginHelp")} rules={[{ required: true, whitespace: true, message: t("settings.users.needLogin") }]}>
            <Input maxLength={80} autoComplete="off" />
          </Form.Item>
          <Form.Item name="password" label={t("settings.users.password")} extra={t("settings.users.passwordHelp")} rules={[{ required: true, message: t("settings.users.needPassword") }]}>
            <Input.Password autoComplete="new-password" />
          </Form.Item>
        </>
      )}
      {known?.wecom_userid != null && (
        <Form.Item name="follow_rules" valuePropName="checked" label={t("settings.users.followRules")} extra={t("settings.users.followRulesHelp")}>
          <Switch />
        </Form.Item>
      )}
      <Form.Item noStyle dependencies={["follow_rules"]}>
        {({ getFieldValue }) => getFieldValue("follow_rules") !== true && (
          <>
            <Form.Item name="role" label={t("settings.users.role")}>
              <Select options={(roles.data ?? []).map((role) => ({ value: role.name, label: role.label }))} />
            </Form.Item>
            <ScopeFields kinds={["all", "region", "store", "own"]} />
          </>
        )}
      </Form.Item>
    </FormDrawer>
  );
}
