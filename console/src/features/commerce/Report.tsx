import { Button } from "antd";
import { DownloadOutlined } from "@ant-design/icons";
import { Link } from "react-router";
import { useState } from "react";
import { api } from "@/api/client";
import { Bars } from "@/components/Bars";
import { Figure } from "@/components/Figure";
import { FunnelBars } from "@/components/FunnelBars";
import { Panel } from "@/components/Panel";
import { ReasonCode } from "@/components/ReasonCode";
import { ServerTable } from "@/components/ServerTable";
import { useIsPhone } from "@/components/useMedia";
import { useNotify } from "@/components/useNotify";
import { useCan } from "@/api/session";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { importPath, type Counts, type ImportRun, type Rejected } from "./api";

/** What became of a file: every line accounted for. */
export function Report({ run }: { run: ImportRun }) {
  const t = useT();
  const f = useFormat();
  const c = run.counts as unknown as Counts;
  const share = (part: number, whole: number) => (whole ? f.percent(part / whole) : "–");
  return (
    <>
      <div className="ws-strip">
        <Figure label={t("commerce.report.lines")} value={f.number(c.lines_in)} note={t("commerce.report.seconds", { seconds: f.number(c.seconds, c.seconds < 10 ? 1 : 0), rate: Math.round(c.lines_in / Math.max(c.seconds, 0.001)) })} />
        <Figure label={t("commerce.report.orders")} value={f.number(c.orders.new)} note={t("commerce.report.known", { changed: c.orders.changed, unchanged: c.orders.unchanged })} />
        <Figure label={t("commerce.report.sold")} value={f.money(c.orders.total_fen)} note={t("commerce.report.ofGoods", { amount: f.money(c.orders.goods_fen) })} />
        <Figure label={t("commerce.report.returned")} value={f.money(c.refunds.total_fen)} note={t("commerce.report.refunds", { count: c.refunds.new })} tone="loss" />
        <Figure label={t("commerce.report.buyers")} value={f.number(c.buyers)} note={t("commerce.report.nobody", { count: c.orders.without_customer })} />
      </div>
      <div className="ws-grid" style={{ gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)" }}>
        <Panel title={t("commerce.report.linesTitle", { taken: c.lines_taken, rejected: c.lines_rejected })}>
          <FunnelBars
            heads={{ count: t("commerce.report.count"), share: t("commerce.report.share") }}
            steps={[
              { key: "in", label: t("commerce.report.lines"), value: c.lines_in },
              { key: "sale", label: t("commerce.outcome.sale"), value: c.taken.sale },
              { key: "gift", label: t("commerce.outcome.gift"), value: c.taken.gift },
              { key: "refund", label: t("commerce.outcome.refund"), value: c.taken.refund },
              { key: "rejected", label: t("commerce.outcome.not_taken"), value: c.lines_rejected, needsYou: c.lines_rejected > 0 },
            ]}
          />
        </Panel>
        <Panel title={t("commerce.report.refundsTitle", { count: c.refunds.lines_matched })} sub={t("commerce.report.refundsSub")}>
          <Bars
            rows={[
              { key: "matched", label: t("commerce.report.matched"), value: c.refunds.lines_matched, share: f.money(c.refunds.matched_fen) },
              { key: "without", label: t("commerce.report.withoutOrder"), value: c.refunds.lines_without_order, share: f.money(c.refunds.without_order_fen), tone: "needs" },
              { key: "never", label: t("commerce.report.never"), value: c.refunds.lines_never_matched, share: f.money(c.refunds.never_matched_fen), tone: "removed" },
            ]}
          />
          {(c.orders.several_buyers > 0 || c.unknown_stores > 0) && (
            <p className="ws-small ws-needs">
              {c.orders.several_buyers > 0 && t("commerce.report.several", { count: c.orders.several_buyers })} {c.unknown_stores > 0 && t("commerce.report.unknownStores", { count: c.unknown_stores })}
            </p>
          )}
          <p className="ws-small ws-muted">{t("commerce.report.withoutBuyer", { count: c.lines_without_buyer, share: share(c.lines_without_buyer, c.lines_taken) })} <Link to="/commerce/orders">{t("commerce.report.toOrders")}</Link></p>
        </Panel>
      </div>
      {run.reasons.length > 0 && <><Reasons run={run} /><RejectedLines run={run} /></>}
    </>
  );
}

/** Why lines were not taken, the commonest first. */
export function Reasons({ run }: { run: ImportRun }) {
  const t = useT();
  return (
    <Panel title={t("commerce.report.reasons")} extra={<Download run={run} />}>
      <Bars rows={run.reasons.map((reason) => ({ key: reason.code, label: <ReasonCode code={reason.code}>{reason.text}</ReasonCode>, value: reason.count, tone: reason.severity === "broken" ? "loss" : "soft" }))} />
    </Panel>
  );
}

function Download({ run }: { run: ImportRun }) {
  const t = useT();
  const can = useCan();
  const notify = useNotify();
  const [busy, setBusy] = useState(false);
  if (!can("commerce.import.manage")) return null;
  const fetchFile = async () => {
    setBusy(true);
    try {
      await api.download(`${importPath(run.id)}/rejections/export`, { format: "csv" }, `import-${String(run.id)}-not-taken.csv`);
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setBusy(false);
    }
  };
  return <Button size="small" icon={<DownloadOutlined />} loading={busy} onClick={() => void fetchFile()}>{t("commerce.report.download")}</Button>;
}

export function RejectedLines({ run }: { run: ImportRun }) {
  const t = useT();
  const phone = useIsPhone();
  const f = useFormat();
  return (
    <ServerTable<Rejected>
      path={`${importPath(run.id)}/rejections`}
      prefix="r_"
      rowKey={(row) => `${String(row.line_number)}-${row.reason}`}
      filters={[{ kind: "select", name: "reason", label: t("commerce.report.reason"), multiple: true, options: run.reasons.map((reason) => ({ value: reason.code, label: reason.text })) }]}
      columns={[
        { key: "line", title: t("commerce.map.line"), align: "right", card: "extra", render: (row) => f.number(row.line_number) },
        { key: "reason", title: t("commerce.report.reason"), card: "title", render: (row) => <ReasonCode code={row.reason}>{row.reason_text}{row.detail ? ` · ${row.detail}` : ""}{phone && <span className="ws-sub">{held(row)}</span>}</ReasonCode> },
        { key: "held", title: t("commerce.report.held"), card: "hidden", render: (row) => <span className="ws-import-held">{held(row)}</span> },
      ]}
      empty={{ title: t("commerce.report.allTaken") }}
    />
  );
}

function held(row: Rejected): string {
  return Object.entries(row.line).filter(([, value]) => value !== null && value !== "").map(([name, value]) => `${name}: ${String(value).slice(0, 60)}`).join(" · ");
}
