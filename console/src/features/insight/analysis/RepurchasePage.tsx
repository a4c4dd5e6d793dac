import { Button } from "antd";
import { useMemo } from "react";
import { Link } from "react-router";
import { EChart } from "@/components/EChart";
import { EmptyState } from "@/components/EmptyState";
import { Panel } from "@/components/Panel";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { chart } from "@/theme/theme";
import { AnalysisPage } from "./AnalysisPage";
import { useAnalysis, type Repurchase } from "./api";
import { Choice, DaysField } from "./Fields";
import { FiguresTable } from "./FiguresTable";
import { Meaning } from "./Meaning";
import { useAddress } from "@/components/useAddress";

/** The mark the title speaks of: 90 days, or the last that is still well seen. */
function spoken(found: Repurchase) {
  const sure = found.marks.filter((mark) => mark.day <= found.reliable_until && mark.day <= 90);
  const mark = sure.at(-1) ?? found.marks[0];
  return mark && mark.share > 0 ? mark : undefined;
}

export default function RepurchasePage() {
  const t = useT();
  const f = useFormat();
  const address = useAddress();
  const asked = useMemo(() => Object.fromEntries(["since", "until", "days", "segment_id"].map((name) => [name, address.get(name)])), [address]);
  const query = useAnalysis<Repurchase>("repurchase", asked);
  const title = (found: Repurchase) => {
    const mark = spoken(found);
    return mark ? t("analysis.repurchase.title", { share: f.percent(mark.share), days: mark.day }) : t("analysis.repurchase.titleFew");
  };
  const lede = (found: Repurchase) => (
    <Meaning
      metric="repurchase_rate"
      title={t("analysis.repurchase.lede", { since: found.since, until: found.until, buyers: found.buyers, repeat: found.repeat_buyers, rate: found.repurchase_rate == null ? "–" : f.percent(found.repurchase_rate) })}
    />
  );
  return (
    <AnalysisPage
      name="repurchase"
      query={query}
      asked={asked}
      title={title}
      empty={(found) => found.first_time_buyers === 0}
      lede={lede}
      settings={
        <>
          <DaysField address={address} label={t("analysis.dates")} since={query.data?.found.since} until={query.data?.found.until} />
          <Choice address={address} name="days" usual="180" label={t("analysis.repurchase.days")} options={["60", "90", "180", "365"].map((value) => ({ value, label: t("analysis.repurchase.upTo", { days: Number(value) }) }))} />
        </>
      }
    >
      {({ found, as_of }) => found.first_time_buyers === 0 ? (
        <EmptyState title={t("analysis.repurchase.empty")} hint={found.buyers ? t("analysis.widen") : t("analysis.needOrders")} action={!found.buyers && <Link to="/commerce/imports"><Button>{t("analysis.goImport")}</Button></Link>} />
      ) : (
        <div className="ws-stack">
          <Panel
            title={<Meaning metric="second_order_within" title={found.median_days == null ? t("analysis.repurchase.chart") : t("analysis.repurchase.half", { days: found.median_days })} />}
            sub={t(found.reliable_until < Number(asked.days ?? 180) ? "analysis.repurchase.sub" : "analysis.repurchase.subSure", { customers: found.first_time_buyers })}
            staleness={{ at: as_of }}
          >
            <Curve found={found} days={Number(asked.days ?? 180)} />
          </Panel>
          <Panel title={t("analysis.repurchase.table")} staleness={{ at: as_of }}>
            <FiguresTable
              label={t("analysis.repurchase.table")}
              rows={found.marks}
              rowKey={(mark) => mark.day}
              columns={[
                { key: "day", name: true, head: t("analysis.repurchase.day"), render: (mark) => t("analysis.repurchase.within", { days: mark.day }) },
                { key: "share", head: <Meaning metric="second_order_within" />, render: (mark) => f.percent(mark.share), cell: (mark) => ({ className: mark.day > found.reliable_until ? "is-running" : "" }) },
                { key: "interval", head: t("analysis.repurchase.interval"), render: (mark) => <span className="ws-muted">{f.percent(mark.low)} – {f.percent(mark.high)}</span> },
                { key: "bought", head: t("analysis.repurchase.bought"), render: (mark) => f.number(mark.bought) },
                { key: "risk", head: <Meaning metric="at_risk" />, render: (mark) => f.number(mark.at_risk) },
              ]}
            />
          </Panel>
        </div>
      )}
    </AnalysisPage>
  );
}

interface Reading { dataIndex: number }

function Curve({ found, days }: { found: Repurchase; days: number }) {
  const t = useT();
  const f = useFormat();
  const option = useMemo(() => {
    const x = Array.from({ length: days + 1 }, (_, day) => day);
    // The share keeps its last value until the next day on which somebody buys.
    let next = 0;
    const at = x.map((day) => {
      while (next < found.points.length && (found.points[next]?.day ?? Infinity) <= day) next += 1;
      return found.points[next - 1] ?? { share: 0, low: 0, high: 0 };
    });
    const share = at.map((one) => one.share);
    const part = (from: number, to: number) => share.map((value, day) => (day >= from && day <= to ? value : null));
    const sure = Math.min(days, found.reliable_until);
    const line = { type: "line", symbol: "none", step: "end", itemStyle: { color: chart.series[0] } };
    const band = { type: "line", symbol: "none", step: "end", stack: "band", lineStyle: { opacity: 0 }, silent: true };
    return {
      grid: { left: 4, right: 20, top: 14, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: {
        trigger: "axis",
        formatter: (points: readonly Reading[]) => {
          const day = points[0]?.dataIndex ?? 0;
          const one = at[day];
          return one ? `${t("analysis.repurchase.dayTip", { day })}<br>${f.percent(one.share)}&emsp;<span style="color:${chart.axisLabel.color}">${f.percent(one.low)} – ${f.percent(one.high)}</span>` : "";
        },
      },
      xAxis: { type: "category", data: x, boundaryGap: false, axisLabel: { interval: (index: number) => index % (days > 200 ? 60 : days > 90 ? 30 : 15) === 0 } },
      yAxis: { type: "value", splitNumber: 4, axisLabel: { formatter: (value: number) => f.percent(value, 0) } },
      series: [
        { ...band, data: at.map((one) => one.low) },
        { ...band, data: at.map((one) => one.high - one.low), areaStyle: { color: chart.bandFill, opacity: 1 } },
        { ...line, data: part(0, sure), lineStyle: { color: chart.series[0], width: chart.line.emphasisWidth } },
        { ...line, data: part(sure, days), lineStyle: { color: chart.notConclusive.line, type: chart.notConclusive.dash, width: chart.line.width } },
      ],
    };
  }, [found, days, f, t]);
  return <EChart option={option} height={280} label={t("analysis.repurchase.chart")} />;
}
