import { Button, Select } from "antd";
import { useMemo } from "react";
import { Link } from "react-router";
import { Bars } from "@/components/Bars";
import { EChart } from "@/components/EChart";
import { EmptyState } from "@/components/EmptyState";
import { Figure } from "@/components/Figure";
import { Panel } from "@/components/Panel";
import { useFormat, type Format } from "@/format/useFormat";
import { useT } from "@/i18n";
import { chart } from "@/theme/theme";
import { AnalysisPage } from "./AnalysisPage";
import { useAnalysis, useFields, type Distribution } from "./api";
import { FiguresTable } from "./FiguresTable";
import { Meaning } from "./Meaning";
import { useAddress } from "@/components/useAddress";

const usual = "average_order_fen";

/** A value of the feature as it is written elsewhere. */
function written(f: Format, kind: string, value: number): string {
  if (kind === "money") return f.money(Math.round(value), { round: true });
  if (kind === "probability") return f.percent(value, 0);
  return f.number(value, Number.isInteger(value) ? 0 : 1);
}

export default function DistributionPage() {
  const t = useT();
  const f = useFormat();
  const address = useAddress();
  const { data: fields } = useFields();
  const field = address.get("field") ?? usual;
  const segment = address.get("segment_id");
  const asked = useMemo(() => ({ field, segment_id: segment }), [field, segment]);
  const query = useAnalysis<Distribution>("distribution", asked);
  const title = (found: Distribution) => {
    const name = found.field.title;
    const median = found.quantiles.find((one) => one.level === 0.5);
    const [most] = found.values;
    if (median) return t("analysis.distribution.title", { field: name, median: written(f, found.field.kind, median.value) });
    return most ? t("analysis.distribution.titleNamed", { field: name, value: most.title, share: f.percent(most.share ?? 0) }) : t("analysis.distribution.titleNone", { field: name });
  };
  return (
    <AnalysisPage
      name="distribution"
      query={query}
      asked={asked}
      title={title}
      empty={(found) => found.with_value === 0}
      lede={(found) => t("analysis.distribution.lede", { customers: found.customers, known: found.with_value, definition: found.field.definition })}
      settings={
        <Select
          aria-label={t("analysis.distribution.field")}
          value={field}
          showSearch={{ optionFilterProp: "label" }}
          popupMatchSelectWidth={false}
          options={(fields ?? []).map((one) => ({ value: one.name, label: one.title }))}
          onChange={(next) => { address.set({ field: next === usual ? undefined : next }); }}
          style={{ minWidth: 180 }}
        />
      }
    >
      {({ found, as_of }) => found.with_value === 0 ? (
        <EmptyState title={t("analysis.distribution.empty")} hint={t("analysis.distribution.emptyHint")} action={<Link to="/commerce/imports"><Button>{t("analysis.goImport")}</Button></Link>} />
      ) : found.values.length > 0 ? (
        <NamedValues found={found} asOf={as_of} />
      ) : (
        <Measured found={found} asOf={as_of} />
      )}
    </AnalysisPage>
  );
}

interface Found { found: Distribution; asOf: string | null }

function NamedValues({ found, asOf }: Found) {
  const t = useT();
  const f = useFormat();
  return (
    <div className="ws-stack">
      <Panel title={t("analysis.distribution.chartNamed", { field: found.field.title })} staleness={{ at: asOf }}>
        <Bars rows={found.values.map((one) => ({ key: one.value, label: one.title, value: one.customers, share: f.percent(one.share ?? 0) }))} />
      </Panel>
      <Panel title={t("analysis.distribution.table")} staleness={{ at: asOf }}>
        <FiguresTable
          label={t("analysis.distribution.table")}
          rows={found.values}
          rowKey={(one) => one.value}
          columns={[
            { key: "value", name: true, head: t("analysis.distribution.value"), render: (one) => one.title },
            { key: "customers", head: <Meaning metric="customers" />, render: (one) => f.number(one.customers) },
            { key: "share", head: <Meaning metric="customer_share" />, render: (one) => f.percent(one.share ?? 0) },
          ]}
        />
      </Panel>
    </div>
  );
}

type Bin = Distribution["bins"][number];

function Measured({ found, asOf }: Found) {
  const t = useT();
  const f = useFormat();
  const { kind } = found.field;
  const words = useMemo(() => {
    const value = (one: number) => written(f, kind, one);
    return (bin: Bin) => {
      if (bin.low === null) return t("analysis.distribution.below", { value: value(bin.high ?? 0) });
      if (bin.high === null) return t("analysis.distribution.above", { value: value(bin.low) });
      // Whole numbers in steps of one are themselves.
      if (["count", "days"].includes(kind) && bin.high - bin.low === 1) return value(bin.low);
      return t("analysis.distribution.range", { low: value(bin.low), high: value(bin.high) });
    };
  }, [f, kind, t]);
  const most = found.bins.reduce((best, bin) => (bin.customers > best.customers ? bin : best));
  const option = useMemo(
    () => ({
      grid: { left: 4, right: 12, top: 14, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: { trigger: "axis", valueFormatter: (value: unknown) => f.number(Number(value)) },
      xAxis: {
        type: "category",
        data: found.bins.map(words),
        axisLabel: { hideOverlap: true, formatter: (_: string, index: number) => { const bin = found.bins[index]; return bin ? (bin.low === null ? `<${written(f, kind, bin.high ?? 0)}` : `${written(f, kind, bin.low)}${bin.high === null ? "+" : ""}`) : ""; } },
      },
      yAxis: { type: "value", splitNumber: 4, axisLabel: { formatter: (value: number) => f.number(value) } },
      series: [{ type: "bar", barCategoryGap: "12%", data: found.bins.map((bin) => ({ value: bin.customers, itemStyle: { color: bin.low === null || bin.high === null ? chart.series[2] : chart.series[0] } })) }],
    }),
    [found, words, f, kind],
  );
  return (
    <div className="ws-stack">
      <section className="ws-strip is-compact">
        {found.quantiles.map((one) => <Figure key={one.level} size="medium" label={<Meaning metric="quantile" title={t("analysis.distribution.quantile", { share: f.percent(one.level, 0) })} />} value={written(f, kind, one.value)} />)}
        {found.mean != null && <Figure size="medium" label={t("analysis.distribution.mean")} value={kind === "count" || kind === "days" ? f.number(found.mean, 1) : written(f, kind, found.mean)} />}
      </section>
      <Panel title={<Meaning metric="with_value" title={t("analysis.distribution.chart", { field: found.field.title, most: words(most), customers: most.customers })} />} sub={t("analysis.distribution.sub")} staleness={{ at: asOf }}>
        <EChart option={option} height={260} label={t("analysis.distribution.table")} />
      </Panel>
      <Panel title={t("analysis.distribution.table")} staleness={{ at: asOf }}>
        <FiguresTable
          label={t("analysis.distribution.table")}
          rows={found.bins}
          rowKey={(bin) => String(bin.low)}
          columns={[
            { key: "bin", name: true, head: t("analysis.distribution.bin"), render: words },
            { key: "customers", head: <Meaning metric="customers" />, render: (bin) => f.number(bin.customers) },
            { key: "share", head: <Meaning metric="customer_share" />, render: (bin) => f.percent(bin.share ?? 0) },
          ]}
        />
      </Panel>
    </div>
  );
}
