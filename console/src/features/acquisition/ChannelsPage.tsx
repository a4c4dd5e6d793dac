import { SearchOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Input, Segmented, Table } from "antd";
import type { ColumnsType } from "antd/es/table";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import { useCan } from "@/api/session";
import { EmptyState } from "@/components/EmptyState";
import { PageHeader } from "@/components/PageHeader";
import { QueryState } from "@/components/QueryState";
import { RowCards } from "@/components/RowCards";
import type { TableColumn } from "@/components/ServerTable";
import { useIsPhone } from "@/components/useMedia";
import { useNotify } from "@/components/useNotify";
import { now } from "@/format/clock";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { channelsKey, paths, useChannels, type Channel } from "./api";
import { ChannelDrawer, type ChannelTarget } from "./ChannelDrawer";
import "@/components/table.css";
import "./acquisition.css";

type Period = "d7" | "d30" | "d90" | "all";
const days: Record<Period, number | undefined> = { d7: 7, d30: 30, d90: 90, all: undefined };
type Row = Channel & { children?: Row[] };

/** Nested for antd's tree table; a search keeps the branches on the way to what was found. */
function tree(items: readonly Channel[], q: string): Row[] {
  const wanted = new Set<number>();
  const parents = new Map(items.map((item) => [item.id, item.parent_id]));
  for (const item of items) {
    if (q && !item.name.toLowerCase().includes(q.toLowerCase())) continue;
    for (let at: number | null | undefined = item.id; at != null && !wanted.has(at); at = parents.get(at)) wanted.add(at);
  }
  const rows = new Map<number, Row>();
  const roots: Row[] = [];
  for (const item of items.filter(({ id }) => wanted.has(id))) {
    const row: Row = { ...item };
    rows.set(item.id, row);
    const above = item.parent_id === null ? undefined : rows.get(item.parent_id);
    if (above) (above.children ??= []).push(row);
    else roots.push(row);
  }
  return roots;
}

export default function ChannelsPage() {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const phone = useIsPhone();
  const notify = useNotify();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [period, setPeriod] = useState<Period>("d30");
  const [archived, setArchived] = useState(false);
  const [q, setQ] = useState("");
  const [target, setTarget] = useState<ChannelTarget>();
  const write = can("acquisition.channel.write");
  const since = useMemo(() => {
    const length = days[period];
    return length === undefined ? undefined : new Date(Math.floor(now().getTime() / 60_000) * 60_000 - length * 86_400_000).toISOString();
  }, [period]);
  const channels = useChannels({ since, archived: archived || undefined });
  const items = channels.data?.items;
  const rows = useMemo(() => tree(items ?? [], q.trim()), [items, q]);
  const adds = items?.filter((item) => item.parent_id === null).reduce((sum, item) => sum + item.total.period_adds, 0) ?? 0;

  const setArchivedOf = async (channel: Channel, value: boolean) => {
    try {
      await api.patch(`${paths.channels}/${String(channel.id)}`, { archived: value });
    } catch (failure) {
      notify.failed(failure);
      return;
    }
    await client.invalidateQueries({ queryKey: channelsKey });
    if (!value) {
      notify.done(t("acquisition.channel.restored", { name: channel.name }));
      return;
    }
    const key = `archived-${String(channel.id)}`;
    void message.success({
      key,
      duration: 8,
      content: (
        <>
          {t("acquisition.channel.archived", { name: channel.name })}{" "}
          <button type="button" className="ws-link" onClick={() => { message.destroy(key); void setArchivedOf(channel, false); }}>{t("acquisition.channel.undo")}</button>
        </>
      ),
    });
  };

  const columns: TableColumn<Channel>[] = [
    {
      key: "name", title: t("acquisition.channels.name"), card: "title",
      render: (row) => (
        <>
          {phone ? row.path : row.name} {row.archived_at && <span className="ws-tag">{t("acquisition.channels.archived")}</span>}
          {row.note && <span className="ws-small ws-muted">{row.note}</span>}
        </>
      ),
    },
    { key: "period", title: t("acquisition.channels.period"), align: "right", card: "extra", render: (row) => f.number(row.total.period_adds) },
    { key: "kept", title: t("acquisition.channels.periodKept"), align: "right", render: (row) => <Share part={row.total.period_kept} whole={row.total.period_adds} /> },
    { key: "adds", title: t("acquisition.channels.adds"), align: "right", render: (row) => f.number(row.total.adds) },
    { key: "cost", title: t("acquisition.channels.cost"), align: "right", render: (row) => f.money(row.total_cost_fen, { round: row.total_cost_fen >= 100_000 }) },
    { key: "perAdd", title: t("acquisition.channels.perAdd"), align: "right", render: (row) => row.cost_per_add_fen === null ? <span className="ws-muted">–</span> : f.money(row.cost_per_add_fen) },
    {
      key: "codes", title: t("acquisition.channels.codes"), align: "right",
      render: (row) => row.total.live_codes ? <Link to={`/acquisition/live-codes?channel_id=${String(row.id)}`}>{f.number(row.total.live_codes)}</Link> : <span className="ws-muted">0</span>,
    },
  ];
  if (write) {
    columns.push({
      key: "verbs", title: "", align: "right",
      render: (row) => (
        <span className="ws-code-verbs">
          {row.archived_at === null && <button type="button" className="ws-link" onClick={() => { setTarget({ channel: row }); }}>{t("common.action.edit")}</button>}
          {row.archived_at === null && <button type="button" className="ws-link" onClick={() => { setTarget({ below: row.id }); }}>{t("acquisition.channels.addBelow")}</button>}
          <button type="button" className="ws-link" onClick={() => { void setArchivedOf(row, row.archived_at === null); }}>
            {t(row.archived_at === null ? "acquisition.channel.archive" : "acquisition.code.restore")}
          </button>
        </span>
      ),
    });
  }
  const shown: ColumnsType<Row> = columns.map((column) => ({ key: column.key, title: column.title, align: column.align ?? "left", render: (_: unknown, row: Row) => column.render(row) }));
  const add = write && <Button type="primary" onClick={() => { setTarget({ below: null }); }}>{t("acquisition.channels.add")}</Button>;

  return (
    <>
      <PageHeader
        crumbs={[{ label: t("shell.section.acquire") }, { label: t("acquisition.menu.channels") }]}
        title={items?.length && period === "d30" ? t("acquisition.channels.title", { count: items.length, adds }) : t("acquisition.channels.titleNone")}
        lede={t("acquisition.channels.lede")}
        actions={items?.length ? add : undefined}
      />
      <div className="ws-toolbar">
        <Input className="ws-toolbar-search" prefix={<SearchOutlined style={{ color: "var(--ws-ink-3)" }} />} allowClear placeholder={t("acquisition.channels.search")} aria-label={t("acquisition.channels.search")} value={q} onChange={(event) => { setQ(event.target.value); }} />
        <Segmented<Period> value={period} onChange={setPeriod} options={(Object.keys(days) as Period[]).map((value) => ({ value, label: t(`acquisition.channels.days.${value}`) }))} />
        <Checkbox style={{ alignSelf: "center" }} checked={archived} onChange={(event) => { setArchived(event.target.checked); }}>{t("acquisition.channels.showArchived")}</Checkbox>
      </div>
      <QueryState query={channels}>
        {(list) => {
          if (list.items.length === 0) {
            return <EmptyState title={t("acquisition.channels.empty")} hint={t(write ? "acquisition.channels.emptyHint" : "acquisition.channels.emptyNoRight")} action={add} />;
          }
          if (rows.length === 0) return <EmptyState title={t("acquisition.channels.nothing")} action={<Button onClick={() => { setQ(""); }}>{t("common.action.reset")}</Button>} />;
          if (phone) return <RowCards rows={list.items.filter((item) => item.name.toLowerCase().includes(q.trim().toLowerCase()))} columns={columns} rowKey={(row) => row.id} />;
          return <div className="ws-table"><Table<Row> dataSource={rows} columns={shown} rowKey="id" pagination={false} scroll={{ x: "max-content" }} expandable={{ defaultExpandAllRows: true, indentSize: 20 }} /></div>;
        }}
      </QueryState>
      <ChannelDrawer target={target} onClose={() => { setTarget(undefined); }} />
    </>
  );
}

/** A part of a whole with its share, never without the denominator beside it in the row. */
function Share({ part, whole }: { part: number; whole: number }) {
  const f = useFormat();
  if (whole === 0) return <span className="ws-muted">–</span>;
  return <>{f.number(part)} <span className="ws-small ws-muted">{f.percent(part / whole)}</span></>;
}
