import { Button } from "antd";
import { useCallback, useEffect } from "react";
import { useSearchParams } from "react-router";
import { useCan } from "@/api/session";
import { PageHeader } from "@/components/PageHeader";
import { StorePicker } from "@/components/Pickers";
import { ServerTable, useRefreshList, type TableColumn } from "@/components/ServerTable";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { paths, useCodesSummary, useLiveCode, usePendingCodes, type LiveCodePage, type LiveCodeRow } from "./api";
import { ChannelPicker } from "./ChannelPicker";
import { LiveCodeDrawer } from "./LiveCodeDrawer";
import { StatusTag } from "./StatusTag";
import "./acquisition.css";

const statuses = ["active", "pending", "failed", "archived"] as const;
const ids = (values: readonly string[]) => values.map(Number).filter((id) => id > 0);

export default function LiveCodesPage() {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const [params, setParams] = useSearchParams();
  const summary = useCodesSummary();
  const pending = usePendingCodes();
  // The list may have been read just before the last code was settled: when nothing waits any more, it is read anew.
  const refresh = useRefreshList();
  const waiting = pending.data?.total;
  useEffect(() => {
    if (waiting === 0) void refresh(paths.codes);
  }, [waiting, refresh]);
  // The code in the drawer is part of the address: a code can be linked to.
  const target = params.get("code");
  const id = target && target !== "new" ? Number(target) : undefined;
  const detail = useLiveCode(id);
  const open = useCallback((code: string | undefined) => {
    setParams((old) => {
      const out = new URLSearchParams(old);
      if (code === undefined) out.delete("code");
      else out.set("code", code);
      return out;
    });
  }, [setParams]);
  const write = can("acquisition.code.write");

  const columns: TableColumn<LiveCodeRow>[] = [
    {
      key: "name", title: t("acquisition.codes.name"), sort: true, card: "title",
      render: (row) => (
        <>
          <button type="button" className="ws-link ws-name" onClick={() => { open(String(row.id)); }}>{row.name}</button>
          <span className="ws-sub">{row.store?.name ?? t("acquisition.codes.hq")} · {row.staff_count === 1 ? row.staff_names[0] : t("acquisition.codes.people", { count: row.staff_count })}</span>
        </>
      ),
    },
    { key: "channel", title: t("acquisition.codes.channel"), render: (row) => row.channel_path },
    { key: "today", title: t("acquisition.codes.today"), sort: true, align: "right", card: "extra", render: (row) => f.number(row.figures.today) },
    { key: "last_30_days", title: t("acquisition.codes.recent"), sort: true, align: "right", render: (row) => f.number(row.figures.last_30_days) },
    {
      key: "kept_30", title: t("acquisition.codes.kept"), sort: true, align: "right",
      render: (row) => row.figures.kept_30 === null
        ? <span className="ws-muted" title={t("acquisition.codes.keptNone")}>–</span>
        : <>{f.percent(row.figures.kept_30)} <span className="ws-small ws-muted">/ {f.number(row.figures.kept_30_of)}</span></>,
    },
    { key: "cost", title: t("acquisition.codes.cost"), align: "right", render: (row) => row.figures.cost_per_add_fen === null ? <span className="ws-muted">–</span> : f.money(row.figures.cost_per_add_fen) },
    { key: "status", title: t("acquisition.codes.status"), render: (row) => <StatusTag row={row} /> },
  ];
  const totals = summary.data?.totals;
  const add = write && <Button type="primary" onClick={() => { open("new"); }}>{t("acquisition.codes.add")}</Button>;

  return (
    <>
      <PageHeader
        crumbs={[{ label: t("shell.section.acquire") }, { label: t("acquisition.menu.codes") }]}
        title={summary.data?.total ? t("acquisition.codes.titleToday", { codes: summary.data.total, today: totals?.today ?? 0 }) : t("acquisition.codes.titleNone")}
        actions={summary.data?.total ? add : undefined}
      />
      <ServerTable<LiveCodeRow>
        path={paths.codes}
        columns={columns}
        rowKey={(row) => row.id}
        searchHint={t("acquisition.codes.search")}
        filters={[
          { kind: "custom", name: "channel_id", label: t("acquisition.codes.channel"), render: (values, set) => <ChannelPicker value={ids(values)[0]} onChange={(one) => { set(one === null ? [] : [String(one)]); }} placeholder={t("acquisition.codes.channel")} style={{ width: 170 }} /> },
          { kind: "custom", name: "store_id", label: t("acquisition.codes.store"), render: (values, set) => <StorePicker multiple={false} value={ids(values)} onChange={(chosen) => { set(chosen.map(String)); }} placeholder={t("acquisition.codes.store")} style={{ width: 150 }} /> },
          { kind: "select", name: "status", label: t("acquisition.codes.status"), options: statuses.map((value) => ({ value, label: t(`acquisition.status.${value}`) })) },
        ]}
        exportable
        empty={{ title: t("acquisition.codes.empty"), hint: t(write ? "acquisition.codes.emptyHint" : "acquisition.codes.emptyNoRight"), action: add }}
        onRow={(row) => { open(String(row.id)); }}
        activeKey={id}
        refreshMs={waiting ? 1500 : 30_000}
        summary={(page) => {
          const { last_30_days: recent, kept_30: kept, kept_30_of: of } = (page as LiveCodePage).totals;
          return (
            <>
              {t("acquisition.codes.sum", { recent })} {kept !== null && t("acquisition.codes.sumKept", { of, kept: f.percent(kept) })}
            </>
          );
        }}
      />
      <LiveCodeDrawer code={id === undefined ? undefined : detail.data} open={target === "new" || (id !== undefined && detail.data !== undefined)} onClose={() => { open(undefined); }} />
    </>
  );
}
