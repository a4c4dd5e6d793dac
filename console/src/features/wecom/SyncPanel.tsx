import { useQueryClient } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { useCan } from "@/api/session";
import { correctionsText } from "@/components/corrections";
import { Panel } from "@/components/Panel";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT, type Translate } from "@/i18n";
import { paths, syncKey, useReconciliation, useSync, type SyncRun } from "./api";
import { ReconciliationSchedule } from "./ReconciliationSchedule";

/** In the order they are read. */
const stages = ["departments", "users", "follow_users", "tags", "customers", "groups"];

/** What callbacks had missed; the first sync brings what was there before and corrects nothing. */
function corrected(t: Translate, run: SyncRun): string {
  const what = correctionsText(t, run.corrections);
  return what ? t(`wecom.sync.corrected.${run.kind}`, { what }) : t(`wecom.sync.nothingLost.${run.kind}`);
}

/** Starts a full reconciliation and shows how far it is; a sync that stops goes on where it was. */
export function SyncPanel({ connected }: { connected: boolean }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const notify = useNotify();
  const client = useQueryClient();
  const [starting, setStarting] = useState(false);
  const { data } = useSync();
  const schedule = useReconciliation().data;
  const run = data?.latest;
  const start = async () => {
    setStarting(true);
    try {
      await api.post(paths.sync);
      await client.invalidateQueries({ queryKey: syncKey });
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setStarting(false);
    }
  };
  const stage = (name: string) => t.lookup(`wecom.sync.stage.${name}`) ?? name;
  const title = () => {
    if (!run) return t("wecom.sync.never");
    if (run.status === "running") return t("wecom.sync.running", { stage: stage(run.stage) });
    if (run.status === "failed") return t("wecom.sync.failed");
    const seconds = run.finished_at ? (Date.parse(run.finished_at) - Date.parse(run.started_at)) / 1000 : 0;
    return t("wecom.sync.done", { time: f.duration(seconds) });
  };
  return (
    <Panel title={title()} sub={t("wecom.sync.sub")} {...(run?.finished_at && { staleness: { at: run.finished_at, limitSeconds: (1 + (schedule?.enabled ? schedule.every_days : 1)) * 86_400 } })}>
      {run && (
        <>
          {run.status === "running" && <Progress percent={Math.floor(run.progress * 100)} showInfo={false} size={["100%", 6]} />}
          <dl className="ws-kv" style={{ margin: "4px 0 12px" }}>
            {Object.entries(run.counts).sort(([a], [b]) => stages.indexOf(a) - stages.indexOf(b)).map(([kind, count]) => (
              <div key={kind} style={{ display: "contents" }}>
                <dt>{stage(kind)}</dt>
                <dd className="ws-num">{f.number(count)}</dd>
              </div>
            ))}
          </dl>
          {run.status === "done" && !run.first && <p className="ws-small" style={{ marginBottom: 12 }}>{corrected(t, run)}</p>}
          {Object.entries(run.skipped).map(([reason, count]) => <p key={reason} className="ws-needs ws-small" style={{ marginBottom: 8 }}>{t("wecom.sync.skipped", { count, reason: t.lookup(`wecom.sync.skippedReason.${reason}`) ?? reason })}</p>)}
          {run.error && <p className="ws-loss ws-small" style={{ marginBottom: 10 }}>{run.error}</p>}
        </>
      )}
      {can("wecom.sync.start") && (
        <Button disabled={!connected || data?.running === true} loading={starting} onClick={() => void start()}>
          {connected ? t("wecom.sync.start") : t("wecom.sync.needConnection")}
        </Button>
      )}
      {connected && <ReconciliationSchedule waits={data?.last_full_sync_at === null} />}
    </Panel>
  );
}
