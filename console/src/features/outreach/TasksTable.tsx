import { Button, Tooltip } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import { useCan } from "@/api/session";
import { Who } from "@/components/CustomerAvatar";
import { ServerTable, useRefreshList, type TableColumn } from "@/components/ServerTable";
import type { EmptyStateProps } from "@/components/EmptyState";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { pagePath, tasksPath, type TaskRow } from "./api";
import { TaskStatus } from "./words";

const statuses = ["planned", "created", "confirmed", "cancelled", "refused"] as const;

/** Who has to confirm what, and how far it is; of one broadcast or of all. */
export function TasksTable({ path, withBroadcast, empty, prefix }: { path: string; withBroadcast: boolean; empty: EmptyStateProps; prefix?: string }) {
  const t = useT();
  const f = useFormat();
  const columns: TableColumn<TaskRow>[] = [
    { key: "staff_name", title: t("outreach.task.staff"), sort: true, card: "title", render: (row) => <Who name={row.staff_name} note={row.store_name} kind="staff" /> },
    ...(withBroadcast ? [{ key: "broadcast", title: t("outreach.task.broadcast"), render: (row: TaskRow) => <Link to={pagePath(row.broadcast_id)}>{row.broadcast_name}</Link> }] : []),
    {
      key: "status", title: t("outreach.task.state"), sort: true, card: "extra",
      render: (row) => (
        <>
          <TaskStatus status={row.status} />
          {row.part > 1 && <span className="ws-sub">{t("outreach.task.part", { part: row.part })}</span>}
          {row.confirmed_at && <span className="ws-sub">{t("outreach.task.confirmedAt", { when: f.moment(row.confirmed_at) })}</span>}
          {row.error && <span className="ws-sub ws-loss">{row.error}</span>}
        </>
      ),
    },
    { key: "customers", title: t("outreach.task.customers"), sort: true, align: "right", render: (row) => f.number(row.customers) },
    { key: "open", title: t("outreach.task.open"), align: "right", render: (row) => f.number(row.waiting) },
    { key: "delivered", title: t("outreach.task.delivered"), align: "right", render: (row) => f.number(row.delivered) },
    { key: "refused", title: t("outreach.task.refused"), align: "right", render: (row) => f.number(row.refused) },
    { key: "verbs", title: "", align: "right", render: (row) => <Remind row={row} path={path} /> },
  ];
  return (
    <ServerTable<TaskRow>
      path={path}
      columns={columns}
      rowKey={(row) => row.id}
      searchHint={t("outreach.task.search")}
      filters={[{ kind: "select", name: "status", label: t("outreach.task.state"), options: statuses.map((one) => ({ value: one, label: t(`outreach.task.status.${one}`) })) }]}
      refreshMs={5_000}
      empty={empty}
      {...(prefix !== undefined && { prefix })}
    />
  );
}

function Remind({ row, path }: { row: TaskRow; path: string }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const notify = useNotify();
  const refresh = useRefreshList();
  const [busy, setBusy] = useState(false);
  if (row.status !== "created" || !can("outreach.task.remind")) return null;
  const remind = async () => {
    setBusy(true);
    try {
      await api.post(`${tasksPath}/${String(row.id)}/remind`);
      notify.done(t("outreach.task.remindDone", { name: row.staff_name }));
      await refresh(path);
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setBusy(false);
    }
  };
  const after = row.reminder_possible_after;
  return (
    <span className="ws-nowrap">
      {row.reminders.length > 0 && <span className="ws-small ws-muted">{t("outreach.task.reminded", { count: row.reminders.length })} </span>}
      <Tooltip title={after ? t("outreach.task.remindAfter", { when: f.moment(after) }) : undefined}>
        <Button type="link" size="small" style={{ padding: 0 }} loading={busy} disabled={after !== null} onClick={() => void remind()}>{t("outreach.task.remind")}</Button>
      </Tooltip>
    </span>
  );
}
