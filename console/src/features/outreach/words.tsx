import { ReasonCode } from "@/components/ReasonCode";
import { useT } from "@/i18n";
import { Bars } from "@/components/Bars";
import { useFormat } from "@/format/useFormat";
import type { BroadcastRow, ReasonCount, TaskRow } from "./api";
import "./outreach.css";

const broadcastTone: Record<BroadcastRow["status"], string> = {
  draft: "is-line", planning: "is-brand", sending: "is-needs", cancelling: "is-line", finished: "is-brand", cancelled: "is-line", failed: "is-loss",
};
const taskTone: Record<TaskRow["status"], string> = {
  planned: "is-line", created: "is-needs", confirmed: "is-brand", cancelling: "is-line", cancelled: "is-line", refused: "is-loss",
};

export function BroadcastStatus({ status }: { status: BroadcastRow["status"] }) {
  const t = useT();
  return <span className={`ws-tag ${broadcastTone[status]}`}>{t(`outreach.status.${status}`)}</span>;
}

export function TaskStatus({ status }: { status: TaskRow["status"] }) {
  const t = useT();
  return <span className={`ws-tag ${taskTone[status]}`}>{t(`outreach.task.status.${status}`)}</span>;
}

/** Reasons in the order of the decision, drawn to the largest of them: a few dozen people stay visible beside thousands. */
export function ReasonBars({ reasons, of }: { reasons: readonly ReasonCount[]; of: number }) {
  const f = useFormat();
  const rows = reasons.map((one) => ({
    key: one.code,
    label: <ReasonCode code={one.code}>{one.text}</ReasonCode>,
    value: one.customers,
    share: of ? f.percent(one.customers / of) : "",
    tone: one.code === "CONTROL_GROUP" ? ("soft" as const) : one.stage === "refused" ? ("loss" as const) : ("removed" as const),
  }));
  return <div className="ws-reasons"><Bars rows={rows} /></div>;
}
