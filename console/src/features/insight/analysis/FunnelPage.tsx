import { Button } from "antd";
import { useMemo } from "react";
import { Link } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { FunnelBars } from "@/components/FunnelBars";
import { Panel } from "@/components/Panel";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { AnalysisPage } from "./AnalysisPage";
import { useAnalysis, useMetrics, type Funnel, type FunnelGroup } from "./api";
import { Choice, DaysField } from "./Fields";
import { FiguresTable, tint, type FigureColumn } from "./FiguresTable";
import { Meaning } from "./Meaning";
import { useAddress } from "@/components/useAddress";

const breakdowns = ["none", "state", "store", "add_way"] as const;
const ofHundred = (share: number | null | undefined) => Math.round((share ?? 0) * 100);

export default function FunnelPage() {
  const t = useT();
  const address = useAddress();
  const asked = useMemo(() => Object.fromEntries(["since", "until", "days", "breakdown", "segment_id"].map((name) => [name, address.get(name)])), [address]);
  const query = useAnalysis<Funnel>("funnel", asked);
  const title = (found: Funnel) =>
    found.steps[0]?.customers
      ? t("analysis.funnel.title", { stayed: ofHundred(found.steps[1]?.of_first), days: found.days, bought: ofHundred(found.steps[2]?.of_first) })
      : t("analysis.funnel.empty");
  const lede = (found: Funnel) => {
    const first = t("analysis.funnel.lede", { since: found.since, until: found.until, days: found.days, added: found.steps[0]?.customers ?? 0 });
    return found.too_recent ? `${first}${t.language === "zh" ? "" : " "}${t("analysis.funnel.recent", { count: found.too_recent, days: found.days })}` : first;
  };
  return (
    <AnalysisPage
      name="funnel"
      query={query}
      asked={asked}
      title={title}
      empty={(found) => !found.steps[0]?.customers}
      lede={lede}
      settings={
        <>
          <DaysField address={address} label={t("analysis.dates")} since={query.data?.found.since} until={query.data?.found.until} />
          <Choice address={address} name="days" usual="7" label={t("analysis.funnel.days")} options={["1", "7", "30"].map((value) => ({ value, label: t("analysis.funnel.stay", { days: Number(value) }) }))} width={100} />
          <Choice address={address} name="breakdown" usual="none" label={t("analysis.funnel.breakdown")} options={breakdowns.map((value) => ({ value, label: t(`analysis.funnel.${value}`) }))} />
        </>
      }
    >
      {({ found, as_of }) => found.steps[0]?.customers ? (
        <Found found={found} asOf={as_of} />
      ) : (
        <EmptyState title={t("analysis.funnel.empty")} hint={t("analysis.widen")} action={<Link to="/settings/wecom"><Button>{t("analysis.goWecom")}</Button></Link>} />
      )}
    </AnalysisPage>
  );
}

function Found({ found, asOf }: { found: Funnel; asOf: string | null }) {
  const t = useT();
  const f = useFormat();
  const { data: metrics } = useMetrics();
  const name = (metric: string) => {
    if (metric === "still_friends") return t("analysis.funnel.stayedStep", { days: found.days });
    const known = metrics?.get(metric);
    return known ? (t.language === "zh" ? known.title_zh : known.title_en) : "";
  };
  return (
    <div className="ws-stack">
      <Panel title={t("analysis.funnel.chart")} sub={t("analysis.funnel.chartSub")} staleness={{ at: asOf }}>
        <FunnelBars
          heads={{ count: <Meaning metric="customers" title={t("analysis.funnel.count")} />, share: <Meaning metric="way_rate" /> }}
          steps={found.steps.map((step) => ({
            key: step.metric,
            label: name(step.metric),
            value: step.customers,
            ...(step.of_before != null && { beside: t("analysis.funnel.before", { share: f.percent(step.of_before) }) }),
          }))}
        />
      </Panel>
      <Panel title={t(found.breakdown === "none" ? "analysis.funnel.table" : "analysis.funnel.groups")} staleness={{ at: asOf }}>
        {found.breakdown === "none" ? (
          <FiguresTable
            label={t("analysis.funnel.table")}
            rows={found.steps}
            rowKey={(step) => step.metric}
            columns={[
              { key: "step", name: true, head: t("analysis.funnel.step"), render: (step) => <Meaning metric={step.metric} title={name(step.metric)} /> },
              { key: "customers", head: t("analysis.funnel.count"), render: (step) => f.number(step.customers) },
              { key: "before", head: <Meaning metric="step_rate" />, render: (step) => (step.of_before == null ? "–" : f.percent(step.of_before)) },
              { key: "first", head: <Meaning metric="way_rate" />, render: (step) => (step.of_first == null ? "–" : f.percent(step.of_first)) },
            ]}
          />
        ) : (
          <Groups found={found} name={name} />
        )}
      </Panel>
    </div>
  );
}

function Groups({ found, name }: { found: Funnel; name: (metric: string) => string }) {
  const t = useT();
  const f = useFormat();
  const columns: FigureColumn<FunnelGroup>[] = [
    { key: "group", name: true, head: t(`analysis.funnel.group.${found.breakdown}`), render: (group) => (group.key === "others" ? t("analysis.funnel.others") : group.name || group.key) },
    ...found.steps.map((step, index): FigureColumn<FunnelGroup> => ({
      key: step.metric,
      head: <Meaning metric={step.metric} title={name(step.metric)} />,
      render: (group) => {
        const one = group.steps[index];
        if (!one) return null;
        return index === 0 ? f.number(one.customers) : <>{one.of_first == null ? "–" : f.percent(one.of_first)}<span className="ws-sub">{f.number(one.customers)}</span></>;
      },
      cell: (group) => (index === 0 ? {} : { style: tint((group.steps[index]?.of_first ?? 0) * 0.8) }),
    })),
  ];
  return <FiguresTable label={t("analysis.funnel.groups")} rows={found.groups} rowKey={(group) => group.key} columns={columns} />;
}
