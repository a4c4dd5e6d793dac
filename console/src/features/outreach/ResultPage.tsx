import { useParams } from "react-router";
import { Link } from "react-router";
import { Button } from "antd";
import { api } from "@/api/client";
import { useCan } from "@/api/session";
import { EmptyState } from "@/components/EmptyState";
import { conclusive, Interval } from "@/components/Interval";
import { LineChart } from "@/components/LineChart";
import { PageHeader } from "@/components/PageHeader";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { ApiError } from "@/api/errors";
import { onePath, pagePath, useResult, type Difference, type Result } from "./api";
import "./outreach.css";

const points = (share: number) => share * 100;

export default function ResultPage() {
  const { broadcastId = "" } = useParams();
  const t = useT();
  const query = useResult(broadcastId);
  if (query.error instanceof ApiError && query.error.code === "broadcast_no_result_yet") {
    return <EmptyState title={t("outreach.result.notYet")} hint={t("outreach.result.notYetHint")} action={<Link to={pagePath(broadcastId, "/rehearsal")}><Button type="primary">{t("outreach.compose.steps.rehearsal")}</Button></Link>} />;
  }
  return <QueryState query={query}>{(result) => <Body result={result} />}</QueryState>;
}

function useTitle(result: Result): string {
  const t = useT();
  const f = useFormat();
  const { rate } = result;
  if (!rate) return t("outreach.result.titleNone");
  if (!rate.decided) return t("outreach.result.titleOpen");
  const size = f.number(Math.abs(points(rate.point)), 1);
  return t(rate.point > 0 ? "outreach.result.titleMore" : "outreach.result.titleLess", { points: size });
}

function Body({ result }: { result: Result }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const notify = useNotify();
  const people = result.treated.customers + result.control.customers;
  const download = () => {
    api.download(`${onePath(result.broadcast_id)}/touches/export`, { format: "xlsx" }).then(() => { notify.done(t("common.table.exported")); }, notify.failed);
  };
  return (
    <>
      <PageHeader
        crumbs={[
          { label: t("outreach.section") },
          { label: t("outreach.menu.broadcasts"), to: "/outreach/broadcasts" },
          { label: result.name, to: pagePath(result.broadcast_id) },
          { label: t("outreach.result.crumb") },
        ]}
        title={useTitle(result)}
        lede={t("outreach.result.lede", { from: f.moment(result.since), to: f.moment(result.counted_until), people })}
        actions={can("outreach.touch.export") && <Button onClick={download}>{t("outreach.result.export")}</Button>}
      />
      <div className="ws-grid" style={{ gridTemplateColumns: "minmax(0,1.7fr) minmax(0,1fr)" }}>
        <div className="ws-stack">
          <ComparePanel result={result} />
          <CumulativePanel result={result} />
        </div>
        <div className="ws-stack">
          <SalesPanel result={result} />
          <DeletionsPanel result={result} />
          <LeftOut result={result} />
        </div>
      </div>
    </>
  );
}

function State({ result }: { result: Result }) {
  const t = useT();
  const f = useFormat();
  if (!result.complete) return <span className="ws-fresh is-stale">{t("outreach.result.incomplete")}</span>;
  return <span className="ws-fresh">{result.running ? t("outreach.result.running", { until: f.moment(result.window_end) }) : t("outreach.result.ended")}</span>;
}

function ComparePanel({ result }: { result: Result }) {
  const t = useT();
  const f = useFormat();
  const { rate, treated, control } = result;
  const title = rate === null ? "outreach.result.compareNone" : rate.decided ? "outreach.result.compareDecided" : "outreach.result.compareOpen";
  return (
    <Panel title={t(title)} extra={<State result={result} />}>
      <table className="ws-plain is-result">
        <thead>
          <tr>
            <th />
            <th className="ws-num">{t("outreach.result.people")}</th>
            <th className="ws-num">{t("outreach.result.rate")}</th>
            <th>{t("outreach.result.difference")}</th>
            <th className="ws-num">{t("outreach.result.verdict")}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td><strong>{t("outreach.result.control")}</strong><span className="ws-sub">{t("outreach.result.controlNote")}</span></td>
            <td className="ws-num">{f.number(control.customers)}</td>
            <td className="ws-num">{control.customers ? f.percent(control.rate, 2) : "–"}</td>
            <td className="is-interval" />
            <td className="ws-num ws-muted">{t("outreach.result.base")}</td>
          </tr>
          <tr>
            <td><strong>{t("outreach.result.treated")}</strong><span className="ws-sub">{t("outreach.result.treatedNote", { delivered: result.delivered, missed: result.not_delivered })}</span></td>
            <td className="ws-num">{f.number(treated.customers)}</td>
            <td className="ws-num">{f.percent(treated.rate, 2)}</td>
            <td className="is-interval">{rate && <Drawn difference={rate} scale={100} format={(value) => f.signed(value, 1)} />}</td>
            <td className="ws-num">{rate && <Verdict difference={rate} />}</td>
          </tr>
        </tbody>
      </table>
      {rate && !rate.decided && (
        <p style={{ marginTop: 10, paddingTop: 10, borderTop: "1px solid var(--ws-line)" }}>
          <span className="ws-tag is-needs">{t("outreach.result.open")}</span>{" "}
          {result.needed_customers === null
            ? t("outreach.result.noDifference")
            : t("outreach.result.needed", { points: f.number(Math.abs(points(rate.point)), 2), count: result.needed_customers, now: treated.customers + control.customers })}
        </p>
      )}
    </Panel>
  );
}

/** A difference with its interval; nothing is drawn where not even the interval is known. */
function Drawn({ difference, scale, format, caption = false }: { difference: Difference; scale: number; format: (value: number) => string; caption?: boolean }) {
  if (difference.low === null || difference.high === null) return null;
  const [low, point, high] = [difference.low * scale, difference.point * scale, difference.high * scale];
  const reach = Math.max(Math.abs(low), Math.abs(high)) * 1.1;
  return <Interval low={low} point={point} high={high} min={-reach} max={reach} format={format} caption={caption} />;
}

function Verdict({ difference }: { difference: Difference }) {
  const t = useT();
  const f = useFormat();
  const range = difference.low !== null && difference.high !== null
    ? t("outreach.result.range", { low: f.signed(points(difference.low), 2), high: f.signed(points(difference.high), 2) })
    : undefined;
  const size = f.number(Math.abs(points(difference.point)), 2);
  return (
    <>
      <span className={difference.decided ? (difference.point > 0 ? "ws-brand" : "ws-loss") : "ws-needs"}>
        {difference.decided ? t(difference.point > 0 ? "outreach.result.more" : "outreach.result.less", { points: size }) : t("outreach.result.open")}
      </span>
      {range && <span className="ws-sub">{range}</span>}
    </>
  );
}

function CumulativePanel({ result }: { result: Result }) {
  const t = useT();
  const f = useFormat();
  const last = result.daily[result.daily.length - 1];
  if (!last || result.daily.length < 2) return null;
  const alone = last.control === null;
  const treated = f.percent(last.treated, 2);
  const title = alone ? t("outreach.result.chartTitleAlone", { day: last.day, treated }) : t("outreach.result.chartTitle", { day: last.day, treated, control: f.percent(last.control ?? 0, 2) });
  return (
    <Panel title={title} sub={t("outreach.result.chartSub")} staleness={{ at: result.as_of }}>
      <LineChart
        x={result.daily.map((one) => f.isoDay(one.at).slice(5).replace("-", "/"))}
        lines={[
          { name: t("outreach.result.treated"), values: result.daily.map((one) => one.treated), tone: "brand" },
          ...(alone ? [] : [{ name: t("outreach.result.control"), values: result.daily.map((one) => one.control), tone: "control" as const }]),
        ]}
        format={(value) => f.percent(value, 2)}
        axisFormat={(value) => f.percent(value, 0)}
        height={220}
        labelWidth={130}
        label={t("outreach.result.chartLabel")}
      />
    </Panel>
  );
}

function SalesPanel({ result }: { result: Result }) {
  const t = useT();
  const f = useFormat();
  const sales = result.sales_per_customer_fen;
  const money = (fen: number) => f.money(Math.round(fen), { signed: true });
  return (
    <Panel title={t("outreach.result.salesTitle")} sub={t("outreach.result.salesNote")}>
      <table className="ws-plain">
        <tbody>
          <tr><td>{t("outreach.result.salesPer")} · {t("outreach.result.salesTreated")}</td><td className="ws-num">{f.money(Math.round(result.treated.sales_per_customer_fen))}</td></tr>
          {result.control.customers > 0 && <tr><td>{t("outreach.result.salesPer")} · {t("outreach.result.salesControl")}</td><td className="ws-num">{f.money(Math.round(result.control.sales_per_customer_fen))}</td></tr>}
          {sales && (
            <tr>
              <td>{t("outreach.result.salesDifference")}{sales.decided && <span className="ws-sub">{t("outreach.result.salesTotal", { count: result.treated.customers, money: f.money(Math.round(sales.point * result.treated.customers), { round: true, signed: true }) })}</span>}</td>
              <td className={sales.decided ? "ws-num ws-brand" : "ws-num"}>{money(sales.point)}</td>
            </tr>
          )}
        </tbody>
      </table>
      {sales && <Drawn difference={sales} scale={1} format={money} caption />}
    </Panel>
  );
}

function DeletionsPanel({ result }: { result: Result }) {
  const t = useT();
  const f = useFormat();
  const { deletions, treated, control } = result;
  const sure = deletions?.low != null && deletions.high !== null && conclusive({ low: deletions.low, high: deletions.high });
  const title = sure ? (deletions.point > 0 ? "outreach.result.deletionsMore" : "outreach.result.deletionsLess") : "outreach.result.deletionsOpen";
  const perThousand = (count: number, of: number) => (of ? f.number((count / of) * 1000, 1) : "–");
  return (
    <Panel title={t(title)} extra={<span className="ws-small ws-muted">{t("outreach.result.deletionsTarget")}</span>}>
      <table className="ws-plain">
        <thead>
          <tr><th>{t("outreach.result.group")}</th><th className="ws-num">{t("outreach.result.deleted")}</th><th className="ws-num">{t("outreach.result.perThousand")}</th></tr>
        </thead>
        <tbody>
          <tr><td>{t("outreach.result.treated")}</td><td className="ws-num">{f.number(treated.deleters)}</td><td className="ws-num">{perThousand(treated.deleters, treated.customers)}</td></tr>
          <tr><td>{t("outreach.result.control")}</td><td className="ws-num">{f.number(control.deleters)}</td><td className="ws-num">{perThousand(control.deleters, control.customers)}</td></tr>
        </tbody>
      </table>
      {deletions && (
        <div style={{ marginTop: 8 }}>
          <span className="ws-small ws-muted">{t("outreach.result.deletionsDifference")}</span>
          <Drawn difference={deletions} scale={1000} format={(value) => f.signed(value, 1)} caption />
        </div>
      )}
    </Panel>
  );
}

function LeftOut({ result }: { result: Result }) {
  const t = useT();
  if (!result.outside && !result.in_both) return null;
  return (
    <p className="ws-small ws-muted">
      {result.outside > 0 && t("outreach.result.outside", { count: result.outside })} {result.in_both > 0 && t("outreach.result.inBoth", { count: result.in_both })}
    </p>
  );
}
