import { useFormat } from "@/format/useFormat";
import type { SpendGroup } from "./api";
import { FiguresTable } from "./FiguresTable";
import { Meaning } from "./Meaning";

/** Groups of buyers with what they spend: the same columns for RFM and for quadrants. */
export function SpendTable({ rows, head, label }: { rows: readonly SpendGroup[]; head: string; label: string }) {
  const f = useFormat();
  const money = (fen: number | null) => (fen == null ? "–" : f.money(fen, { round: true }));
  const share = (value: number | null) => (value == null ? "–" : f.percent(value));
  return (
    <FiguresTable
      label={label}
      rows={rows}
      rowKey={(row) => row.title}
      columns={[
        { key: "group", name: true, head, render: (row) => row.title },
        { key: "customers", head: <Meaning metric="customers" />, render: (row) => f.number(row.customers) },
        { key: "share", head: <Meaning metric="customer_share" />, render: (row) => share(row.customer_share) },
        { key: "spend", head: <Meaning metric="net_spend" />, render: (row) => money(row.net_spend) },
        { key: "spendShare", head: <Meaning metric="spend_share" />, render: (row) => share(row.spend_share) },
        { key: "each", head: <Meaning metric="spend_per_customer" />, render: (row) => money(row.spend_per_customer) },
        { key: "order", head: <Meaning metric="average_order_value" />, render: (row) => money(row.average_order_value) },
      ]}
    />
  );
}
