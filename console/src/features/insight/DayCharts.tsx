import { useMemo } from "react";
import { EmptyState } from "@/components/EmptyState";
import { EChart } from "@/components/EChart";
import { LineChart } from "@/components/LineChart";
import { Panel } from "@/components/Panel";
import type { StalenessProps } from "@/components/Staleness";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { chart } from "@/theme/theme";
import { figure, type Home } from "./api";

const dayMs = 86_400_000;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The last 14 days below the figures: who came and left, and what was sold. */
export function DayCharts({ home, staleness }: { home: Home; staleness: StalenessProps }) {
  const t = useT();
  const f = useFormat();
  const added = figure(home, "new_friends")?.series ?? [];
  const lost = figure(home, "losses")?.series ?? [];
  const sales = useMemo(() => figure(home, "sales")?.series ?? [], [home]);
  const count = Math.max(added.length, sales.length);
  const days = useMemo(() => {
    const now = Date.parse(home.now);
    return Array.from({ length: count }, (_, index) => f.isoDay(now - (count - 1 - index) * dayMs).slice(5).replace("-", "/"));
  }, [home.now, count, f]);
  const best = sales.indexOf(Math.max(...sales));
  const bars = useMemo(
    () => ({
      grid: { left: 4, right: 12, top: 14, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: { trigger: "axis", valueFormatter: (value: unknown) => f.money(Number(value), { round: true }) },
      xAxis: { type: "category", data: days, axisLabel: { hideOverlap: true } },
      yAxis: { type: "value", splitNumber: 4, axisLabel: { formatter: (value: number) => f.money(value, { round: true }) } },
      series: [
        {
          type: "bar",
          barMaxWidth: 26,
          data: sales.map((value, index) => ({ value, itemStyle: { color: index === sales.length - 1 ? chart.series[2] : chart.series[1] } })),
        },
      ],
    }),
    [days, sales, f],
  );
  const moved = sum(added) + sum(lost) > 0;
  const sold = sales.some((value) => value !== 0);
  return (
    <div className="ws-grid" style={{ gridTemplateColumns: "repeat(2, minmax(0, 1fr))" }}>
      <Panel
        title={moved ? t("insight.home.flow.title", { added: sum(added), lost: sum(lost) }) : t("insight.home.flow.titleEmpty")}
        sub={t("insight.home.flow.sub")}
        staleness={staleness}
      >
        <LineChart
          label={t("insight.home.flow.chart")}
          x={days}
          format={f.number}
          labelWidth={72}
          partial
          lines={[
            { name: t("insight.home.flow.added"), values: added, tone: "brand" },
            { name: t("insight.home.flow.lost"), values: lost, tone: "loss" },
          ]}
        />
      </Panel>
      <Panel
        title={sold ? t("insight.home.trade.title", { sales: f.money(sum(sales), { round: true }), day: days[best] ?? "" }) : t("insight.home.trade.titleEmpty")}
        sub={t("insight.home.trade.sub")}
        staleness={staleness}
      >
        {sold ? <EChart option={bars} height={200} label={t("insight.home.trade.chart")} /> : <EmptyState title={t("insight.home.trade.none")} hint={t("insight.home.trade.noneHint")} />}
      </Panel>
    </div>
  );
}
