import { Link } from "react-router";
import { useCan } from "@/api/session";
import { Who } from "@/components/CustomerAvatar";
import { DepartmentPicker } from "@/components/Pickers";
import { ServerTable, type TableColumn } from "@/components/ServerTable";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { paths, type Department, type StaffRow } from "./api";

const statuses = ["active", "disabled", "inactive", "left"] as const;
const tone: Record<StaffRow["status"], string> = { active: "is-brand", disabled: "is-needs", inactive: "is-needs", left: "is-line" };

/** `departments`: names for the filter, when an address brings one that the picker has not asked for. */
export function StaffTable({ departments }: { departments: readonly Department[] }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const columns: TableColumn<StaffRow>[] = [
    { key: "name", title: t("people.staffTable.name"), sort: true, card: "title", render: (row) => <Who name={row.name} url={row.avatar_url} kind="staff" note={[row.alias, row.userid].filter(Boolean).join(" · ")} /> },
    { key: "department", title: t("people.staffTable.department"), render: (row) => row.store_name ?? row.department_name },
    { key: "position", title: t("people.staffTable.position"), render: (row) => row.position },
    { key: "status", title: t("people.staffTable.status"), sort: true, card: "extra", render: (row) => <span className={`ws-tag ${tone[row.status]}`} title={row.left_at ? f.exact(row.left_at) : undefined}>{t(`people.staffTable.statuses.${row.status}`)}</span> },
    { key: "may_contact", title: t("people.staffTable.mayContact"), render: (row) => <span className={row.may_contact ? undefined : "ws-muted"}>{t(row.may_contact ? "people.staffTable.may" : "people.staffTable.mayNot")}</span> },
    {
      key: "friends", title: t("people.staffTable.friends"), sort: true, align: "right",
      render: (row) => can("people.customer.read") && row.friends > 0
        ? <Link to={`/customers?staff_id=${String(row.id)}&status=friend`} state={{ staff: { id: row.id, name: row.name } }}>{f.number(row.friends)}</Link>
        : f.number(row.friends),
    },
  ];
  return (
    <ServerTable<StaffRow>
      path={paths.staff}
      columns={columns}
      rowKey={(row) => row.id}
      searchHint={t("people.staffTable.search")}
      filters={[
        { kind: "custom", name: "department_id", label: t("people.staffTable.department"), render: (values, set) => <DepartmentPicker multiple={false} known={departments} value={values.map(Number).filter((id) => id > 0)} onChange={(chosen) => { set(chosen.map(String)); }} placeholder={t("people.staffTable.department")} style={{ width: 180 }} /> },
        { kind: "select", name: "status", label: t("people.staffTable.status"), options: statuses.map((value) => ({ value, label: t(`people.staffTable.statuses.${value}`) })) },
        { kind: "select", name: "may_contact", label: t("people.staffTable.mayContact"), options: [{ value: "true", label: t("people.staffTable.may") }, { value: "false", label: t("people.staffTable.mayNot") }] },
      ]}
      empty={{ title: t("people.staffTable.empty"), hint: t("people.staffTable.emptyHint") }}
    />
  );
}
