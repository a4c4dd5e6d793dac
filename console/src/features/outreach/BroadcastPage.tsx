import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Tabs } from "antd";
import { Link, Navigate, useNavigate, useParams } from "react-router";
import { api } from "@/api/client";
import { useCan, useMe } from "@/api/session";
import { previewOf } from "@/components/attachmentRules";
import { ConfirmButton } from "@/components/ConfirmButton";
import { Figure } from "@/components/Figure";
import { PageHeader } from "@/components/PageHeader";
import { Panel } from "@/components/Panel";
import { PhonePreview } from "@/components/PhonePreview";
import { QueryState } from "@/components/QueryState";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT, type Translate } from "@/i18n";
import { broadcastKey, onePath, pagePath, useBroadcast, type Broadcast } from "./api";
import { TasksTable } from "./TasksTable";
import { TouchesTable } from "./TouchesTable";
import { BroadcastStatus, ReasonBars } from "./words";
import "./outreach.css";

export default function BroadcastPage() {
  const { broadcastId = "" } = useParams();
  const query = useBroadcast(broadcastId);
  return (
    <QueryState query={query}>
      {(broadcast) => (broadcast.status === "draft" ? <Navigate to={pagePath(broadcast.id, "/edit")} replace /> : <Running broadcast={broadcast} />)}
    </QueryState>
  );
}

function sentence(t: Translate, broadcast: Broadcast): string {
  const { name, status, counts, tasks } = broadcast;
  switch (status) {
    case "planning": return t("outreach.detail.planning", { name, count: counts.audience });
    case "sending": return tasks.waiting ? t("outreach.detail.sending", { name, count: tasks.waiting }) : t("outreach.detail.sendingResults", { name });
    case "cancelling": return t("outreach.detail.cancelling", { name });
    case "finished": return t("outreach.detail.finished", { name, delivered: counts.delivered });
    case "cancelled": return t("outreach.detail.cancelled", { name, delivered: counts.delivered });
    default: return t("outreach.detail.failed", { name });
  }
}

function Running({ broadcast }: { broadcast: Broadcast }) {
  const t = useT();
  const f = useFormat();
  const { counts } = broadcast;
  const live = ["planning", "sending", "cancelling"].includes(broadcast.status);
  const due = counts.waiting + counts.delivered + counts.refused;
  const share = (value: number) => (due ? t("outreach.detail.ofTreated", { share: f.percent(value / due) }) : undefined);
  return (
    <>
      <PageHeader
        crumbs={[{ label: t("outreach.section") }, { label: t("outreach.menu.broadcasts"), to: "/outreach/broadcasts" }, { label: broadcast.name }]}
        title={sentence(t, broadcast)}
        lede={
          <>
            <BroadcastStatus status={broadcast.status} />{" "}
            {broadcast.submitted_at && t("outreach.detail.submittedBy", { when: f.moment(broadcast.submitted_at), segment: broadcast.segment_name, purpose: t(`outreach.purpose.${broadcast.purpose}`) })}
          </>
        }
        actions={<Actions broadcast={broadcast} />}
      />
      {broadcast.error && (
        <Alert
          type={broadcast.status === "failed" ? "error" : "warning"}
          title={t(broadcast.status === "failed" ? "outreach.detail.failedHint" : "outreach.detail.held", { error: broadcast.error === "STALE_WAREHOUSE" ? `${t("outreach.rehearsal.stale")} (STALE_WAREHOUSE)` : broadcast.error })}
          style={{ marginBottom: 14 }}
        />
      )}
      <div className="ws-strip">
        <Figure label={t("outreach.detail.audience")} value={f.number(counts.audience)} note={broadcast.segment_sentence} />
        <Figure label={t("outreach.detail.waiting")} value={f.number(counts.waiting)} note={share(counts.waiting)} tone={counts.waiting ? "needs" : "ink"} />
        <Figure label={t("outreach.detail.delivered")} value={f.number(counts.delivered)} note={share(counts.delivered)} tone="brand" />
        <Figure label={t("outreach.detail.refused")} value={f.number(counts.refused)} note={share(counts.refused)} />
        <Figure label={t("outreach.detail.control")} value={f.number(counts.control)} note={broadcast.control_percent ? t("outreach.list.control", { percent: broadcast.control_percent }) : t("outreach.list.noControl")} />
      </div>
      <div className="ws-grid" style={{ gridTemplateColumns: "minmax(0,1fr) 320px" }}>
        <div className="ws-stack">
          <Tabs
            items={[
              {
                key: "tasks", label: t("outreach.detail.progress"),
                children: <TasksTable path={`${onePath(broadcast.id)}/tasks`} withBroadcast={false} prefix="t_" empty={{ title: t("outreach.detail.tasksEmpty"), hint: t("outreach.detail.tasksEmptyHint") }} />,
              },
              { key: "touches", label: t("outreach.detail.customers"), children: <TouchesTable id={broadcast.id} reasons={broadcast.reasons} live={live} /> },
            ]}
          />
        </div>
        <div className="ws-stack">
          <Reasons broadcast={broadcast} />
          <Message broadcast={broadcast} />
        </div>
      </div>
    </>
  );
}

function Actions({ broadcast }: { broadcast: Broadcast }) {
  const t = useT();
  const can = useCan();
  const notify = useNotify();
  const navigate = useNavigate();
  const client = useQueryClient();
  const cancel = async () => {
    client.setQueryData(broadcastKey(broadcast.id), await api.post<Broadcast>(`${onePath(broadcast.id)}/cancel`));
    notify.done(t("outreach.detail.cancelDone"));
  };
  if (broadcast.status === "failed") {
    return can("outreach.broadcast.submit") && <Button type="primary" onClick={() => void navigate(pagePath(broadcast.id, "/rehearsal"))}>{t("outreach.detail.resubmit")}</Button>;
  }
  return (
    <>
      {broadcast.may_cancel && can("outreach.broadcast.submit") && (
        <ConfirmButton
          danger
          question={t("outreach.detail.cancelQuestion")}
          consequence={t("outreach.detail.cancelConsequence", { waiting: broadcast.counts.waiting })}
          verb={t("outreach.detail.cancel")}
          onConfirm={cancel}
        />
      )}
      <Link to={pagePath(broadcast.id, "/result")}><Button type="primary">{t("outreach.detail.result")}</Button></Link>
    </>
  );
}

function Reasons({ broadcast }: { broadcast: Broadcast }) {
  const t = useT();
  const out = broadcast.reasons.reduce((sum, one) => sum + one.customers, 0);
  return (
    <Panel title={out ? t("outreach.detail.reasonsTitle", { count: out }) : t("outreach.detail.reasonsNone")}>
      {out > 0 && <ReasonBars reasons={broadcast.reasons} of={broadcast.counts.audience} />}
    </Panel>
  );
}

function Message({ broadcast }: { broadcast: Broadcast }) {
  const t = useT();
  const me = useMe();
  return (
    <div>
      <PhonePreview sender={t("outreach.compose.previewSender")} company={me.company.name} messages={previewOf(broadcast.content.text ?? "", broadcast.content.attachments ?? [], t("common.attachment.image"))} />
    </div>
  );
}
