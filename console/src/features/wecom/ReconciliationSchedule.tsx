import { useQueryClient } from "@tanstack/react-query";
import { Select, Switch } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { useCan } from "@/api/session";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { paths, reconciliationKey, useReconciliation, type Reconciliation } from "./api";

const hours = Array.from({ length: 24 }, (_, hour) => hour);
/** The API's limits. */
const days = Array.from({ length: 30 }, (_, day) => day + 1);
const clock = (hour: number) => `${String(hour).padStart(2, "0")}:00`;

/** When a reconciliation is made by itself; each choice is saved as it is made. `waits`: no sync was done yet. */
export function ReconciliationSchedule({ waits }: { waits: boolean }) {
  const t = useT();
  const notify = useNotify();
  const client = useQueryClient();
  const may = useCan()("wecom.sync.start");
  const [wish, setWish] = useState<Reconciliation>();
  const { data: saved } = useReconciliation();
  if (!saved) return null;
  const shown = wish ?? saved;
  const busy = wish !== undefined;
  const save = async (change: Partial<Reconciliation>) => {
    const next = { ...shown, ...change };
    setWish(next);
    try {
      client.setQueryData(reconciliationKey, await api.put<Reconciliation>(paths.reconciliation, next));
      notify.done(t("wecom.sync.schedule.saved"));
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setWish(undefined);
    }
  };
  const every = (count: number) => (count === 1 ? t("wecom.sync.schedule.everyDay") : t("wecom.sync.schedule.everyDays", { days: count }));
  const { enabled, hour, every_days } = shown;
  return (
    <div className="ws-schedule">
      <div>
        <Switch checked={enabled} loading={busy} disabled={!may} onChange={(on) => void save({ enabled: on })} aria-label={t("wecom.sync.schedule.title")} />
        <strong>{t("wecom.sync.schedule.title")}</strong>
        {enabled && may && (
          <>
            <Select value={every_days} disabled={busy} onChange={(value: number) => void save({ every_days: value })} options={days.map((value) => ({ value, label: every(value) }))} aria-label={t("wecom.sync.schedule.days")} style={{ width: 132 }} />
            <Select value={hour} disabled={busy} onChange={(value: number) => void save({ hour: value })} options={hours.map((value) => ({ value, label: clock(value) }))} aria-label={t("wecom.sync.schedule.hour")} style={{ width: 88 }} />
          </>
        )}
      </div>
      <p className="ws-small ws-muted">
        {enabled ? t("wecom.sync.schedule.on", { every: every(every_days), hour: clock(hour) }) : t("wecom.sync.schedule.off")}
        {enabled && waits && <> {t("wecom.sync.schedule.first")}</>}
      </p>
    </div>
  );
}
