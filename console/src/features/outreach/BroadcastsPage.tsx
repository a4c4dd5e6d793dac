import { Button } from "antd";
import { Link } from "react-router";
import { useCan } from "@/api/session";
import { PageHeader } from "@/components/PageHeader";
import { ServerTable, type TableColumn } from "@/components/ServerTable";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { broadcastsPath, pagePath, type BroadcastRow } from "./api";
import { BroadcastStatus } from "./words";

const statuses = ["draft", "planning", "sending", "cancelling", "finished", "cancelled", "failed"] as const;
const purposes = ["marketing", "service", "transactional"] as const;

export default function BroadcastsPage() {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const add = can("outreach.broadcast.write") && <Link to="/outreach/broadcasts/new"><Button type="primary">{t("outreach.list.add")}</Button></Link>;
  const target = (row: BroadcastRow) => pagePath(row.id, row.status === "draft" && can("outreach.broadcast.write") ? "/edit" : "");
  const submitted = (row: BroadcastRow) => row.status !== "draft" && row.status !== "failed";
  const columns: TableColumn<BroadcastRow>[] = [
    {
      key: "name", title: t("outreach.list.name"), sort: true, card: "title",
      render: (row) => (
        <div style={{ maxWidth: 420, whiteSpace: "normal" }}>
          <Link to={target(row)}>{row.name}</Link>
          <span className="ws-sub">{row.segment_name} · {t(`outreach.purpose.${row.purpose}`)} · {row.control_percent ? t("outreach.list.control", { percent: row.control_percent }) : t("outreach.list.noControl")}</span>
        </div>
      ),
    },
    { key: "status", title: t("outreach.list.state"), sort: true, card: "extra", render: (row) => <BroadcastStatus status={row.status} /> },
    { key: "audience", title: t("outreach.list.audience"), align: "right", render: (row) => (submitted(row) ? f.number(row.counts.audience) : "–") },
    { key: "delivered", title: t("outreach.list.delivered"), align: "right", render: (row) => (submitted(row) ? f.number(row.counts.delivered) : "–") },
    { key: "waiting", title: t("outreach.list.waiting"), align: "right", render: (row) => (submitted(row) ? f.number(row.counts.waiting) : "–") },
    { key: "tasks", title: t("outreach.list.tasks"), align: "right", render: (row) => (row.tasks.total ? t("outreach.list.confirmed", { done: row.tasks.confirmed, total: row.tasks.total }) : "–") },
    {
      key: "submitted_at", title: t("outreach.list.submitted"), sort: true,
      render: (row) => <>{row.submitted_at ? f.moment(row.submitted_at) : "–"}<span className="ws-sub">{t("outreach.list.createdBy", { who: row.created_by })}</span></>,
    },
    {
      key: "verbs", title: "", align: "right",
      render: (row) => submitted(row) ? <Link to={pagePath(row.id, "/result")}>{t("outreach.list.result")}</Link> : <Link to={target(row)}>{t("outreach.list.edit")}</Link>,
    },
  ];
  return (
    <>
      <PageHeader crumbs={[{ label: t("outreach.section") }, { label: t("outreach.menu.broadcasts") }]} title={t("outreach.menu.broadcasts")} lede={t("outreach.list.lede")} actions={add} />
      <ServerTable<BroadcastRow>
        path={broadcastsPath}
        columns={columns}
        rowKey={(row) => row.id}
        searchHint={t("outreach.list.search")}
        filters={[
          { kind: "select", name: "status", label: t("outreach.list.filterStatus"), multiple: true, options: statuses.map((one) => ({ value: one, label: t(`outreach.status.${one}`) })) },
          { kind: "select", name: "purpose", label: t("outreach.list.filterPurpose"), options: purposes.map((one) => ({ value: one, label: t(`outreach.purpose.${one}`) })) },
        ]}
        summary={(page) => t("outreach.list.title", { count: page.total })}
        refreshMs={10_000}
        empty={{ title: t("outreach.list.empty"), hint: t("outreach.list.emptyHint"), action: add }}
      />
    </>
  );
}
