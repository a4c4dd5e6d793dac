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
import { useAnalysis, type QuadrantChart } from "./api";
import { Meaning } from "./Meaning";
import { SpendTable } from "./SpendTable";
import { useAddress } from "@/components/useAddress";

export default function QuadrantPage() {
  const t = useT();
  const f = useFormat();
  const address = useAddress();
  const asked = useMemo(() => ({ segment_id: address.get("segment_id") }), [address]);
  const query = useAnalysis<QuadrantChart>("quadrant", asked);
  const title = (found: QuadrantChart) => {
    const most = [...found.quadrants].sort((a, b) => b.customers - a.customers)[0];
    return most?.customers ? t("analysis.quadrant.title", { name: most.title, customers: most.customers, share: f.percent(most.customer_share ?? 0) }) : t("analysis.quadrant.empty");
  };
  const lede = (found: QuadrantChart) => [
    t("analysis.quadrant.lede", {
      buyers: found.buyers, value: f.money(Math.round(found.cut_value_fen)), orders: found.cut_orders,
      who: t(found.own_cuts ? "analysis.quadrant.own" : "analysis.quadrant.medians"),
    }),
    ...(found.idle ? [t("analysis.quadrant.idle", { count: found.idle })] : []),
  ].join(t.language === "zh" ? "" : " ");
  return (
    <AnalysisPage name="quadrant" query={query} asked={asked} title={title} empty={(found) => found.buyers === 0} lede={lede}>
      {({ found, as_of }) => found.buyers === 0 ? (
        <EmptyState title={t("analysis.quadrant.empty")} hint={t("analysis.needOrders")} action={<Link to="/commerce/imports"><Button>{t("analysis.goImport")}</Button></Link>} />
      ) : (
        <div className="ws-stack">
          <Panel title={<Meaning metric="orders_a_year" title={t("analysis.quadrant.chart")} />} sub={t("analysis.quadrant.sub")} staleness={{ at: as_of }}>
            <Chart found={found} />
            {found.not_drawn > 0 && <p className="ws-note">{t("analysis.quadrant.notDrawn", { count: found.not_drawn })}</p>}
          </Panel>
          <Panel title={t("analysis.quadrant.table")} staleness={{ at: as_of }}>
            <SpendTable rows={found.quadrants} head={t("analysis.quadrant.name")} label={t("analysis.quadrant.table")} />
          </Panel>
        </div>
      )}
    </AnalysisPage>
  );
}

function Corner({ found, quadrant }: { found: QuadrantChart; quadrant: string }) {
  const f = useFormat();
  const one = found.quadrants.find((each) => each.quadrant === quadrant);
  return <span>{one?.title} <b>{f.number(one?.customers ?? 0)}</b></span>;
}

/** Where a batch lies between its bounds, on a scale of logarithms. */
const between = (low: number, high: number) => Math.sqrt(Math.max(low, 1) * high);

/** The scale begins where the lowest fiftieth of customers ends: a few with next to nothing spent stand at its edge. */
function lowest(found: QuadrantChart): number {
  const few = 0.02 * (found.buyers - found.not_drawn);
  let passed = 0;
  for (const cell of [...found.cells].sort((a, b) => a.value_fen - b.value_fen)) {
    passed += cell.customers;
    if (passed > few) return between(cell.value_fen, cell.value_to_fen);
  }
  return 1;
}

interface Batch { data: { value: [number, number]; cell: QuadrantChart["cells"][number] } }

function Chart({ found }: { found: QuadrantChart }) {
  const t = useT();
  const f = useFormat();
  const option = useMemo(() => {
    const most = Math.max(1, ...found.cells.map((cell) => cell.customers));
    const line = { color: chart.targetLine.color, type: chart.targetLine.dash, width: chart.targetLine.width };
    const axis = { axisLine: { show: false }, axisTick: { show: false } };
    const text = { color: chart.axisLabel.color, fontSize: 12 };
    const often = (cell: QuadrantChart["cells"][number]) =>
      cell.orders_to === null ? `${f.number(cell.orders)}+` : cell.orders_to - cell.orders > 1 ? `${f.number(cell.orders)}–${f.number(cell.orders_to - 1)}` : f.number(cell.orders);
    const edge = lowest(found);
    const values = found.cells.map((cell) => Math.max(edge, between(cell.value_fen, cell.value_to_fen)));
    const counts = found.cells.map((cell) => cell.orders);
    return {
      grid: { left: 8, right: 24, top: 30, bottom: 28, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: {
        formatter: ({ data }: Batch) => t("analysis.quadrant.point", {
          low: f.money(data.cell.value_fen, { round: true }), high: f.money(data.cell.value_to_fen, { round: true }), orders: often(data.cell), customers: data.cell.customers,
        }),
      },
      xAxis: {
        type: "log", name: t("analysis.quadrant.value"), nameLocation: "middle", nameGap: 28, nameTextStyle: text, splitLine: { show: false },
        min: Math.min(...values, found.cut_value_fen) / 1.6, max: Math.max(...values, found.cut_value_fen) * 1.6,
        ...axis, axisLabel: { ...text, formatter: (value: number) => f.money(value, { round: true }), hideOverlap: true, showMinLabel: false, showMaxLabel: false },
      },
      yAxis: {
        type: "log", name: t("analysis.quadrant.orders"), nameTextStyle: { ...text, align: "left" }, nameGap: 6, splitLine: { show: false },
        min: 0.7, max: Math.max(...counts, found.cut_orders) * 1.5, ...axis, axisLabel: { ...text, formatter: (value: number) => (Number.isInteger(value) ? f.number(value) : ""), showMinLabel: false, showMaxLabel: false },
      },
      series: [
        {
          type: "scatter",
          symbolSize: (_: unknown, point: Batch) => 3 + 31 * Math.sqrt(point.data.cell.customers / most),
          itemStyle: { color: chart.series[0], opacity: 0.62 },
          data: found.cells.map((cell, index) => ({
            value: [values[index], cell.orders_to === null ? cell.orders : between(cell.orders, Math.max(cell.orders_to - 1, cell.orders))],
            cell,
          })),
          markLine: {
            silent: true,
            symbol: "none",
            lineStyle: line,
            data: [
              { xAxis: found.cut_value_fen, label: { ...text, position: "end", distance: 2, formatter: t("analysis.quadrant.cutValue", { value: f.money(Math.round(found.cut_value_fen), { round: true }) }) } },
              // High is strictly above: the line stands between the cut and the next number of orders.
              { yAxis: Math.sqrt(Math.max(found.cut_orders, 0.8) * (found.cut_orders + 1)), label: { ...text, position: "insideEndTop", formatter: t("analysis.quadrant.cutOrders", { orders: found.cut_orders }) } },
            ],
          },
        },
      ],
    };
  }, [found, f, t]);
  return (
    <div className="ws-quadrant">
      <div className="ws-quadrant-names"><Corner found={found} quadrant="one_to_many" /><Corner found={found} quadrant="mixed" /></div>
      <EChart option={option} height={360} label={t("analysis.quadrant.chart")} />
      <div className="ws-quadrant-names is-low"><Corner found={found} quadrant="light" /><Corner found={found} quadrant="one_to_one" /></div>
    </div>
  );
}
