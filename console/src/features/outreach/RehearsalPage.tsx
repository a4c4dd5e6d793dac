import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Table } from "antd";
import { Link, useNavigate, useParams } from "react-router";
import { api } from "@/api/client";
import { useCan, useMe } from "@/api/session";
import { previewOf } from "@/components/attachmentRules";
import { Bars } from "@/components/Bars";
import { ConfirmButton } from "@/components/ConfirmButton";
import { Figure } from "@/components/Figure";
import { PageHeader } from "@/components/PageHeader";
import { Panel } from "@/components/Panel";
import { PhonePreview } from "@/components/PhonePreview";
import { QueryState } from "@/components/QueryState";
import { useRefreshList } from "@/components/ServerTable";
import { useNotify } from "@/components/useNotify";
import { now } from "@/format/clock";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { broadcastKey, broadcastsPath, onePath, pagePath, useBroadcast, useRehearsal, type Broadcast, type Rehearsal } from "./api";
import { BroadcastSteps } from "./ComposerPage";
import { ReasonBars } from "./words";
import "@/components/table.css";
import "./outreach.css";

export default function RehearsalPage() {
  const { broadcastId = "" } = useParams();
  const broadcast = useBroadcast(broadcastId, false);
  const rehearsal = useRehearsal(broadcastId);
  const t = useT();
  return (
    <QueryState query={broadcast}>
      {(one) => (
        <>
          <Head broadcast={one} seen={rehearsal.data} />
          <BroadcastSteps current={2} />
          <QueryState query={rehearsal}>{(seen) => <Body broadcast={one} seen={seen} />}</QueryState>
          {rehearsal.isError && <p style={{ textAlign: "center" }}><Link to={pagePath(one.id, "/edit")}><Button>{t("outreach.rehearsal.edit")}</Button></Link></p>}
        </>
      )}
    </QueryState>
  );
}

function Head({ broadcast, seen }: { broadcast: Broadcast; seen: Rehearsal | undefined }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const notify = useNotify();
  const navigate = useNavigate();
  const client = useQueryClient();
  const refresh = useRefreshList();
  const submit = async () => {
    const submitted = await api.post<Broadcast>(`${onePath(broadcast.id)}/submit`);
    client.setQueryData(broadcastKey(broadcast.id), submitted);
    void refresh(broadcastsPath);
    notify.done(t("outreach.rehearsal.submitted"));
    void navigate(pagePath(broadcast.id));
  };
  const title = seen === undefined
    ? broadcast.name
    : seen.receive
      ? t("outreach.rehearsal.title", { audience: seen.audience, receive: seen.receive, others: seen.audience - seen.receive })
      : t("outreach.rehearsal.titleNobody", { audience: seen.audience });
  return (
    <PageHeader
      crumbs={[{ label: t("outreach.section") }, { label: t("outreach.menu.broadcasts"), to: "/outreach/broadcasts" }, { label: broadcast.name }]}
      title={title}
      lede={seen && t("outreach.rehearsal.lede", { when: f.moment(seen.as_of) })}
      actions={
        <>
          <Link to={pagePath(broadcast.id, "/edit")}><Button>{t("outreach.rehearsal.edit")}</Button></Link>
          {can("outreach.broadcast.submit") && seen && (
            <ConfirmButton
              type="primary"
              disabled={seen.receive === 0}
              question={t("outreach.rehearsal.question", { staff: seen.staff.length })}
              consequence={t("outreach.rehearsal.consequence", { receive: seen.receive, control: seen.control })}
              verb={t("outreach.rehearsal.verb")}
              onConfirm={submit}
            >
              {t("outreach.rehearsal.submit", { count: seen.staff.length })}
            </ConfirmButton>
          )}
        </>
      }
    />
  );
}

function Body({ broadcast, seen }: { broadcast: Broadcast; seen: Rehearsal }) {
  const t = useT();
  const me = useMe();
  return (
    <>
      {seen.receive === 0 && <Alert type="warning" title={t("outreach.rehearsal.nobodyHint")} style={{ marginBottom: 14 }} />}
      <div className="ws-grid" style={{ gridTemplateColumns: "minmax(0,1.35fr) minmax(0,1fr) 260px" }}>
        <div className="ws-stack">
          <ReasonsPanel broadcast={broadcast} seen={seen} />
          <StaffPanel seen={seen} />
        </div>
        <div className="ws-stack"><ControlPanel broadcast={broadcast} seen={seen} /></div>
        <div className="ws-preview">
          <h2>{t("outreach.compose.preview")}</h2>
          <PhonePreview
            sender={seen.staff[0]?.name ?? t("outreach.compose.previewSender")}
            company={me.company.name}
            messages={previewOf(broadcast.content.text ?? "", broadcast.content.attachments ?? [], t("common.attachment.image"))}
            {...(seen.example_customer && { footnote: t("outreach.rehearsal.previewFor", { name: seen.example_customer }) })}
          />
        </div>
      </div>
    </>
  );
}

function ReasonsPanel({ broadcast, seen }: { broadcast: Broadcast; seen: Rehearsal }) {
  const t = useT();
  const f = useFormat();
  const largest = seen.reasons.toSorted((a, b) => b.customers - a.customers)[0];
  return (
    <Panel
      title={largest ? t("outreach.rehearsal.reasonsTitle", { reason: largest.text, count: largest.customers }) : t("outreach.rehearsal.reasonsNone")}
      sub={t("outreach.rehearsal.reasonsSub")}
      staleness={{ at: seen.as_of }}
    >
      <div className="ws-whole"><Bars max={seen.audience} rows={[{ key: "audience", label: t("outreach.rehearsal.audience", { name: broadcast.segment_name }), value: seen.audience, tone: "soft", share: "" }]} /></div>
      <ReasonBars reasons={seen.reasons} of={seen.audience} />
      <div className="ws-whole is-last"><Bars max={seen.audience} rows={[{ key: "receive", label: <strong>{t("outreach.rehearsal.receive")}</strong>, value: seen.receive, share: seen.audience ? f.percent(seen.receive / seen.audience) : "" }]} /></div>
    </Panel>
  );
}

function StaffPanel({ seen }: { seen: Rehearsal }) {
  const t = useT();
  const f = useFormat();
  return (
    <Panel title={seen.staff.length ? t("outreach.rehearsal.staffTitle", { count: seen.staff.length }) : t("outreach.rehearsal.staffNone")} sub={t("outreach.rehearsal.staffSub")}>
      {seen.staff.length > 0 && (
        <Table
          className="ws-plain"
          size="small"
          rowKey="staff_id"
          dataSource={seen.staff}
          pagination={seen.staff.length > 12 ? { pageSize: 12, size: "small" } : false}
          columns={[
            { title: t("outreach.rehearsal.staff"), dataIndex: "name" },
            { title: t("outreach.rehearsal.store"), render: (_: unknown, row) => row.store_name ?? "–" },
            { title: t("outreach.rehearsal.customers"), align: "right", render: (_: unknown, row) => f.number(row.customers) },
            { title: t("outreach.rehearsal.tasks"), align: "right", render: (_: unknown, row) => f.number(row.tasks) },
          ]}
        />
      )}
    </Panel>
  );
}

function ControlPanel({ broadcast, seen }: { broadcast: Broadcast; seen: Rehearsal }) {
  const t = useT();
  const f = useFormat();
  if (!seen.control) return <Panel title={t("outreach.rehearsal.controlNone")}><p className="ws-muted">{t("outreach.rehearsal.controlNoneHint")}</p></Panel>;
  const until = new Date(now().getTime() + broadcast.result_days * 86_400_000);
  const points = seen.detectable === null ? undefined : f.number(seen.detectable * 100, 1);
  return (
    <Panel title={t("outreach.rehearsal.controlTitle", { count: seen.control })}>
      <div className="ws-pair">
        <Figure label={t("outreach.rehearsal.detectable")} value={points ?? "–"} unit={t("outreach.rehearsal.points")} />
        <Figure label={t("outreach.rehearsal.observe")} value={f.isoDay(until).slice(5)} unit={t("outreach.rehearsal.days", { days: broadcast.result_days })} />
      </div>
      {points !== undefined && seen.base_rate !== null && (
        <p className="ws-small ws-muted" style={{ marginTop: 12 }}>
          {t("outreach.rehearsal.detectableHint", { points, days: broadcast.result_days, rate: f.percent(seen.base_rate) })}
        </p>
      )}
    </Panel>
  );
}
