import { Button } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useCan } from "@/api/session";
import { dayFilter } from "@/components/DayFilter";
import { PageHeader } from "@/components/PageHeader";
import { StorePicker } from "@/components/Pickers";
import { ServerTable, type TableColumn } from "@/components/ServerTable";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { paths, useSources, type OrderRow } from "./api";
import { OrderDrawer } from "./OrderDrawer";

export default function OrdersPage() {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const sources = useSources();
  const [open, setOpen] = useState<number>();
  const columns: TableColumn<OrderRow>[] = [
    {
      key: "number", title: t("commerce.orders.number"), sort: true, card: "title",
      render: (row) => <><button type="button" className="ws-link" onClick={() => { setOpen(row.id); }}>{row.number}</button><span className="ws-sub">{row.source}</span></>,
    },
    { key: "placed_at", title: t("commerce.orders.placedAt"), sort: true, render: (row) => <span title={f.exact(row.placed_at)}>{f.dateTime(row.placed_at)}</span> },
    {
      key: "customer", title: t("commerce.orders.customer"),
      render: (row) => row.customer
        ? <Link to={`/customers/${String(row.customer.id)}`}>{row.customer.name || t("commerce.orders.customerNumber", { id: row.customer.id })}</Link>
        : <span className="ws-muted">{t("commerce.orders.nobody")}</span>,
    },
    { key: "store", title: t("commerce.orders.store"), card: "hidden", render: (row) => row.store_name ?? "–" },
    { key: "lines", title: t("commerce.orders.lines"), align: "right", card: "hidden", render: (row) => f.number(row.lines) },
    { key: "goods_fen", title: t("commerce.orders.goods"), align: "right", card: "hidden", render: (row) => f.money(row.goods_fen) },
    { key: "refunded", title: t("commerce.orders.refunded"), align: "right", render: (row) => (row.refunded_fen ? <span className="ws-loss">{f.money(row.refunded_fen)}</span> : "–") },
    { key: "total_fen", title: t("commerce.orders.total"), sort: true, align: "right", card: "extra", render: (row) => f.money(row.total_fen) },
  ];
  const toImports = can("commerce.import.read") && <Link to="/commerce/imports"><Button>{t("commerce.orders.toImports")}</Button></Link>;
  return (
    <>
      <PageHeader crumbs={[{ label: t("shell.section.convert") }, { label: t("commerce.menu.orders") }]} title={t("commerce.menu.orders")} lede={t("commerce.orders.lede")} actions={toImports} />
      <ServerTable<OrderRow>
        path={paths.orders}
        columns={columns}
        rowKey={(row) => row.id}
        searchHint={t("commerce.orders.search")}
        defaultSort="-placed_at"
        exportable={can("commerce.order.export")}
        activeKey={open}
        onRow={(row) => { setOpen(row.id); }}
        filters={[
          { kind: "select", name: "source", label: t("commerce.orders.source"), multiple: true, options: (sources.data ?? []).map((source) => ({ value: source, label: source })) },
          { kind: "custom", name: "store_id", label: t("commerce.orders.store"), render: (values, set) => <StorePicker value={values.map(Number)} onChange={(ids) => { set(ids.map(String)); }} style={{ minWidth: 140 }} /> },
          dayFilter("since", t("commerce.orders.since")),
          dayFilter("until", t("commerce.orders.until"), true),
          { kind: "select", name: "nobody", label: t("commerce.orders.whose"), options: [{ value: "false", label: t("commerce.orders.known") }, { value: "true", label: t("commerce.orders.nobody") }] },
        ]}
        summary={(page) => t("commerce.orders.found", { count: page.total })}
        empty={{ title: t("commerce.orders.empty"), hint: t("commerce.orders.emptyHint"), action: toImports }}
      />
      <OrderDrawer id={open} onClose={() => { setOpen(undefined); }} />
    </>
  );
}
