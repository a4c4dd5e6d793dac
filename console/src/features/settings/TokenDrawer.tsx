import { DatePicker, Form, Input, Select } from "antd";
import type { Dayjs } from "dayjs";
import { api } from "@/api/client";
import type { components } from "@/api/schema";
import { FormDrawer } from "@/components/FormDrawer";
import { useRefreshList } from "@/components/ServerTable";
import { now } from "@/format/clock";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { fromScopeValues, paths, useRoles, type ScopeValues } from "./api";
import { ScopeFields } from "./ScopeFields";

interface Values {
  name: string;
  role: string;
  scope: ScopeValues;
  expires_at?: Dayjs | null;
}

export function TokenDrawer({ open, onClose, onMade }: { open: boolean; onClose: () => void; onMade: (secret: string) => void }) {
  const t = useT();
  const f = useFormat();
  const refresh = useRefreshList();
  const roles = useRoles();
  const make = async ({ scope, expires_at, ...values }: Values) => {
    const made = await api.post<components["schemas"]["TokenCreated"]>(paths.tokens, {
      ...values,
      scope: fromScopeValues(scope),
      expires_at: expires_at ? f.dayStart(expires_at.format("YYYY-MM-DD"), 1) : null,
    });
    await refresh(paths.tokens);
    onMade(made.secret);
  };
  return (
    <FormDrawer<Values>
      open={open}
      title={t("settings.tokens.add")}
      initial={{ role: "integrator", scope: { kind: "all", department_id: [], staff_id: [] } }}
      submitLabel={t("settings.tokens.add")}
      onClose={onClose}
      onSubmit={make}
    >
      <Form.Item name="name" label={t("settings.tokens.name")} extra={t("settings.tokens.nameHelp")} rules={[{ required: true, whitespace: true, message: t("settings.tokens.needName") }]}>
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item name="role" label={t("settings.tokens.role")} extra={t("settings.tokens.roleHelp")}>
        <Select options={(roles.data ?? []).map((role) => ({ value: role.name, label: role.label }))} />
      </Form.Item>
      <ScopeFields kinds={["all", "region", "store"]} />
      <Form.Item name="expires_at" label={t("settings.tokens.expires")} extra={t("settings.tokens.expiresHelp")}>
        <DatePicker style={{ width: "100%" }} disabledDate={(day) => day.endOf("day").valueOf() <= now().getTime()} />
      </Form.Item>
    </FormDrawer>
  );
}
