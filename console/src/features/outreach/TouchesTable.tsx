import { Link } from "react-router";
import { useCan } from "@/api/session";
import { ReasonCode } from "@/components/ReasonCode";
import { ServerTable, type TableColumn } from "@/components/ServerTable";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { onePath, type ReasonCount, type TouchRow } from "./api";

const arms = ["treated", "control", "outside"] as const;
const statuses = ["assigned", "tasked", "confirmed", "delivered", "refused", "withheld"] as const;

/** Customer by customer: which arm, what happened, and why not. */
export function TouchesTable({ id, reasons, live }: { id: number; reasons: readonly ReasonCount[]; live: boolean }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const name = (row: TouchRow) => row.customer_name || t("outreach.touch.noName");
  const columns: TableColumn<TouchRow>[] = [
    {
      key: "customer_name", title: t("outreach.touch.customer"), sort: true, card: "title",
      render: (row) => can("people.customer.read") ? <Link to={`/customers/${String(row.customer_id)}`}>{name(row)}</Link> : name(row),
    },
    { key: "staff_name", title: t("outreach.touch.staff"), sort: true, render: (row) => row.staff_name ?? "–" },
    { key: "arm", title: t("outreach.touch.arm"), render: (row) => t(`outreach.touch.arms.${row.arm}`) },
    { key: "status", title: t("outreach.touch.status"), sort: true, card: "extra", render: (row) => t(`outreach.touch.statuses.${row.status}`) },
    { key: "reason", title: t("outreach.touch.reason"), sort: true, render: (row) => (row.reason ? <ReasonCode code={row.reason}>{row.reason_text}</ReasonCode> : "–") },
    { key: "settled_at", title: t("outreach.touch.time"), sort: true, render: (row) => (row.settled_at ? f.moment(row.settled_at) : "–") },
  ];
  return (
    <ServerTable<TouchRow>
      path={`${onePath(id)}/touches`}
      columns={columns}
      rowKey={(row) => row.id}
      searchHint={t("outreach.touch.search")}
      prefix="c_"
      filters={[
        { kind: "select", name: "arm", label: t("outreach.touch.arm"), options: arms.map((one) => ({ value: one, label: t(`outreach.touch.arms.${one}`) })) },
        { kind: "select", name: "status", label: t("outreach.touch.status"), options: statuses.map((one) => ({ value: one, label: t(`outreach.touch.statuses.${one}`) })) },
        { kind: "select", name: "reason", label: t("outreach.touch.reason"), options: reasons.map((one) => ({ value: one.code, label: one.text })) },
      ]}
      exportable={can("outreach.touch.export")}
      refreshMs={live && 10_000}
      empty={{ title: t("outreach.touch.empty"), hint: t("outreach.touch.emptyHint") }}
    />
  );
}
