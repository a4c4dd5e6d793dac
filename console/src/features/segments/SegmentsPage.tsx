import { App, Button, Dropdown } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import { useCan } from "@/api/session";
import { PageHeader } from "@/components/PageHeader";
import { ServerTable, useRefreshList, type TableColumn } from "@/components/ServerTable";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { onePath, path, type Segment, type SegmentDetail } from "./api";
import { SettingsDrawer } from "./SettingsDrawer";

export default function SegmentsPage() {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const [settings, setSettings] = useState(false);
  const add = can("segments.segment.write") && <Link to="/segments/new"><Button type="primary">{t("segments.list.add")}</Button></Link>;
  const columns: TableColumn<Segment>[] = [
    {
      key: "name", title: t("segments.list.name"), sort: true, card: "title",
      render: (row) => (
        <div style={{ maxWidth: 640, whiteSpace: "normal" }}>
          <Link to={`/segments/${String(row.id)}`}>{row.name}</Link>
          {row.archived_at && <> <span className="ws-tag is-line">{t("segments.list.archived")}</span></>}
          <span className="ws-sub">{row.sentence ?? t("segments.list.broken")}</span>
        </div>
      ),
    },
    {
      key: "last_count", title: t("segments.list.count"), sort: true, align: "right", card: "extra",
      render: (row) => row.last_count === null || row.last_counted_at === null
        ? <span className="ws-muted">{t("segments.list.never")}</span>
        : <>{f.number(row.last_count)}<span className="ws-sub">{t("segments.list.countedAt", { when: f.relative(row.last_counted_at) })}</span></>,
    },
    {
      key: "updated_at", title: t("segments.list.updated"), sort: true,
      render: (row) => <>{f.moment(row.updated_at)}<span className="ws-sub">{t("segments.list.updatedBy", { who: row.updated_by, version: row.version })}</span></>,
    },
    { key: "verbs", title: "", align: "right", render: (row) => <RowVerbs row={row} /> },
  ];
  return (
    <>
      <PageHeader crumbs={[{ label: t("shell.section.insight") }, { label: t("segments.menu") }]} title={t("segments.menu")} lede={t("segments.list.lede")} actions={add} />
      <ServerTable<Segment>
        path={path}
        columns={columns}
        rowKey={(row) => row.id}
        searchHint={t("segments.list.search")}
        filters={[{ kind: "select", name: "status", label: t("segments.list.status"), options: [{ value: "live", label: t("segments.list.live") }, { value: "archived", label: t("segments.list.archived") }] }]}
        toolbar={can("segments.settings.write") && <Button onClick={() => { setSettings(true); }}>{t("segments.settings.open")}</Button>}
        exportable
        empty={{ title: t("segments.list.empty"), hint: t("segments.list.emptyHint"), action: add }}
      />
      <SettingsDrawer open={settings} onClose={() => { setSettings(false); }} />
    </>
  );
}

function RowVerbs({ row }: { row: Segment }) {
  const t = useT();
  const can = useCan();
  const notify = useNotify();
  const refresh = useRefreshList();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const write = can("segments.segment.write");
  const verb = async (name: "duplicate" | "count" | "archive" | "restore") => {
    const answer = await api.post<SegmentDetail>(`${onePath(row.id)}/${name}`);
    await refresh(path);
    return answer;
  };
  const archive = async () => {
    await verb("archive");
    const key = `archived-${String(row.id)}`;
    const undo = () => {
      message.destroy(key);
      void attempt(async () => { await verb("restore"); notify.done(t("segments.verb.restored", { name: row.name })); });
    };
    void message.open({
      key, type: "success", duration: 10,
      content: <>{t("segments.verb.archived", { name: row.name })} <button type="button" className="ws-link" onClick={undo}>{t("common.action.undo")}</button></>,
    });
  };
  const deeds: Record<string, () => Promise<void>> = {
    duplicate: async () => { notify.done(t("segments.verb.duplicated", { name: (await verb("duplicate")).name })); },
    count: async () => { notify.done(t("segments.verb.counted", { name: row.name, count: (await verb("count")).last_count ?? 0 })); },
    archive,
    restore: async () => { await verb("restore"); notify.done(t("segments.verb.restored", { name: row.name })); },
    csv: async () => { await api.download(`${onePath(row.id)}/people/export`, { format: "csv" }, `${row.name}.csv`); notify.done(t("segments.verb.exported")); },
    xlsx: async () => { await api.download(`${onePath(row.id)}/people/export`, { format: "xlsx" }, `${row.name}.xlsx`); notify.done(t("segments.verb.exported")); },
  };
  const attempt = async (deed: () => Promise<void>) => {
    setBusy(true);
    try {
      await deed();
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setBusy(false);
    }
  };
  const items = [
    { key: "members", label: <Link to={`/segments/${String(row.id)}/membership`}>{t("segments.membership.open")}</Link> },
    { key: "count", label: t("segments.verb.recount") },
    ...(write ? [{ key: "duplicate", label: t("segments.verb.duplicate") }] : []),
    ...(can("segments.people.export") ? [{ key: "csv", label: t("segments.verb.exportCsv") }, { key: "xlsx", label: t("segments.verb.exportXlsx") }] : []),
    ...(write ? [row.archived_at ? { key: "restore", label: t("segments.verb.restore") } : { key: "archive", label: t("segments.verb.archive") }] : []),
  ];
  return (
    <span style={{ display: "inline-flex", gap: 12, alignItems: "center" }}>
      {!row.archived_at && can("outreach.broadcast.write") && <Link to={`/outreach/broadcasts/new?segment=${String(row.id)}`}>{t("segments.list.broadcast")}</Link>}
      <Dropdown trigger={["click"]} menu={{ items, onClick: ({ key }) => { const deed = deeds[key]; if (deed) void attempt(deed); } }}>
        <Button type="link" size="small" style={{ padding: 0 }} loading={busy}>{t("common.action.more")}</Button>
      </Dropdown>
    </span>
  );
}
