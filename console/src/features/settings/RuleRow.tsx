import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from "@ant-design/icons";
import { Button, Input, Select } from "antd";
import { DepartmentPicker } from "@/components/Pickers";
import { useT } from "@/i18n";
import type { RuleWish } from "./api";

export interface DraftRule {
  key: number;
  department_id: number | undefined;
  position: string;
  role: RuleWish["role"];
  scope: RuleWish["scope"];
}

/** Administrators are made by hand, and integrators are machines. */
const roles: readonly RuleWish["role"][] = ["staff", "store_manager", "operator", "analyst", "owner"];
const scopes: readonly RuleWish["scope"][] = ["own", "store", "region", "all"];

interface RuleRowProps {
  rule: DraftRule;
  first: boolean;
  last: boolean;
  members: number | undefined;
  wrong: string | undefined;
  onChange: (next: Partial<DraftRule>) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

export function RuleRow({ rule, first, last, members, wrong, onChange, onMove, onRemove }: RuleRowProps) {
  const t = useT();
  return (
    <li>
      <label>
        <span>{t("settings.signIn.department")}</span>
        <DepartmentPicker multiple={false} value={rule.department_id === undefined ? [] : [rule.department_id]} onChange={(ids) => { onChange({ department_id: ids[0] }); }} />
        {wrong && <span className="ws-small ws-loss">{wrong}</span>}
      </label>
      <label>
        <span>{t("settings.signIn.position")}</span>
        <Input value={rule.position} maxLength={60} placeholder={t("settings.signIn.anyPosition")} onChange={(event) => { onChange({ position: event.target.value }); }} />
      </label>
      <label>
        <span>{t("settings.signIn.role")}</span>
        <Select aria-label={t("settings.signIn.role")} value={rule.role} onChange={(role) => { onChange({ role }); }} options={roles.map((value) => ({ value, label: t(`settings.role.${value}`) }))} style={{ width: "100%" }} />
      </label>
      <label>
        <span>{t("settings.signIn.scope")}</span>
        <Select aria-label={t("settings.signIn.scope")} value={rule.scope} onChange={(scope) => { onChange({ scope }); }} options={scopes.map((value) => ({ value, label: t(`settings.signIn.scopes.${value}`) }))} style={{ width: "100%" }} />
      </label>
      <span className="ws-rules-members ws-small ws-muted">{members === undefined ? "" : t("settings.signIn.members", { count: members })}</span>
      <span className="ws-rules-verbs">
        <Button type="text" icon={<ArrowUpOutlined />} aria-label={t("settings.signIn.up")} disabled={first} onClick={() => { onMove(-1); }} />
        <Button type="text" icon={<ArrowDownOutlined />} aria-label={t("settings.signIn.down")} disabled={last} onClick={() => { onMove(1); }} />
        <Button type="text" icon={<DeleteOutlined />} aria-label={t("settings.signIn.remove")} onClick={onRemove} />
      </span>
    </li>
  );
}
