import { Button } from "antd";
import { useMemo } from "react";
import { Link } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { LineChart } from "@/components/LineChart";
import { Panel } from "@/components/Panel";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { AnalysisPage } from "./AnalysisPage";
import { useAnalysis, type Cohort, type Cohorts } from "./api";
import { Choice } from "./Fields";
import { FiguresTable, tint, type FigureColumn } from "./FiguresTable";
import { Meaning } from "./Meaning";
import { useAddress } from "@/components/useAddress";

/** The share the title speaks of: the first period after an order, the third after an add, or the last there is. */
const spoken = (found: Cohorts) => {
  const later = found.average.filter((one) => one.after > 0);
  return later[Math.min(later.length, found.by === "order" ? 1 : 3) - 1];
};

export default function RetentionPage() {
  const t = useT();
  const f = useFormat();
  const address = useAddress();
  const asked = useMemo(
    () => Object.fromEntries(["by", "period", "periods", "until", "segment_id"].map((name) => [name, address.get(name)])),
    [address],
  );
  const query = useAnalysis<Cohorts>("retention", asked);
  const title = (found: Cohorts) => {
    const unit = t(`analysis.unit.${found.period}`);
    const one = spoken(found);
    if (!one) return t("analysis.retention.titleYoung", { unit });
    const said = { after: one.after, unit, share: f.percent(one.share) };
    return found.by === "order" ? t("analysis.retention.titleOrder", said) : t("analysis.retention.titleAdd", said);
  };
  const lede = (found: Cohorts) => t("analysis.retention.lede", {
    since: found.cohorts[0]?.begins ?? "",
    until: found.until,
    customers: found.cohorts.reduce((sum, cohort) => sum + cohort.size, 0),
    count: found.cohorts.filter((cohort) => cohort.size > 0).length,
    unit: t(`analysis.unit.${found.period}`),
    what: t(found.by === "order" ? "analysis.retention.whatOrder" : "analysis.retention.whatAdd"),
  });
  return (
    <AnalysisPage
      name="retention"
      query={query}
      asked={asked}
      title={title}
      empty={(found) => found.cohorts.every((cohort) => cohort.size === 0)}
      lede={lede}
      settings={
        <>
          <Choice address={address} name="by" usual="order" label={t("analysis.retention.by")} options={[{ value: "order", label: t("analysis.retention.order") }, { value: "add", label: t("analysis.retention.add") }]} />
          <Choice address={address} name="period" usual="month" label={t("analysis.retention.period")} options={[{ value: "month", label: t("analysis.retention.months") }, { value: "week", label: t("analysis.retention.weeks") }]} width={90} />
          <Choice address={address} name="periods" usual="12" label={t("analysis.retention.periods")} options={["6", "12", "24", "36"].map((value) => ({ value, label: t("analysis.retention.last", { count: Number(value) }) }))} />
        </>
      }
    >
      {(answer) => <Found found={answer.found} asOf={answer.as_of} />}
    </AnalysisPage>
  );
}

function Found({ found, asOf }: { found: Cohorts; asOf: string | null }) {
  const t = useT();
  const f = useFormat();
  const rows = found.cohorts.filter((cohort) => cohort.size > 0);
  const unit = t(`analysis.unit.${found.period}`);
  const shown = useMemo(() => found.average.filter((one) => one.after > 0), [found]);
  if (rows.length === 0) {
    const bought = found.by === "order";
    return (
      <EmptyState
        title={t("analysis.retention.empty")}
        hint={t(bought ? "analysis.needOrders" : "analysis.needFriends")}
        action={bought ? <Link to="/commerce/imports"><Button>{t("analysis.goImport")}</Button></Link> : <Link to="/settings/wecom"><Button>{t("analysis.goWecom")}</Button></Link>}
      />
    );
  }
  return (
    <div className="ws-stack">
      {shown.length > 1 && (
        <Panel
          title={<Meaning metric={found.metric} title={t(found.by === "order" ? "analysis.retention.chartOrder" : "analysis.retention.chartAdd", { unit })} />}
          sub={t("analysis.retention.chartSub", { unit })}
          staleness={{ at: asOf }}
        >
          <LineChart
            label={t("analysis.retention.chartSub", { unit })}
            x={shown.map((one) => `+${String(one.after)}`)}
            lines={[{ name: "", values: shown.map((one) => one.share) }]}
            format={f.percent}
            axisFormat={(value) => f.percent(value, Math.max(...shown.map((one) => one.share)) < 0.05 ? 1 : 0)}
            labelWidth={56}
            height={220}
          />
        </Panel>
      )}
      <Panel title={t("analysis.retention.tableTitle")} sub={t("analysis.running", { unit })} staleness={{ at: asOf }}>
        <Triangle rows={rows} found={found} />
      </Panel>
    </div>
  );
}

function Triangle({ rows, found }: { rows: readonly Cohort[]; found: Cohorts }) {
  const t = useT();
  const f = useFormat();
  const longest = Math.max(...rows.map((cohort) => cohort.cells.length));
  // After an order everybody is there in the period itself; only what follows differs.
  const first = found.by === "order" ? 1 : 0;
  const most = Math.max(0.01, ...rows.flatMap((cohort) => cohort.cells.filter((cell) => cell.after >= first).map((cell) => cell.share)));
  const columns: FigureColumn<Cohort>[] = [
    {
      key: "cohort", name: true, head: t("analysis.retention.cohort"),
      render: (cohort) => <span className={cohort.complete ? undefined : "is-running"}>{found.period === "month" ? cohort.begins.slice(0, 7) : cohort.begins}</span>,
    },
    { key: "size", head: <Meaning metric="cohort_size" title={t("analysis.retention.size")} />, render: (cohort) => f.number(cohort.size) },
    ...Array.from({ length: Math.max(0, longest - first) }, (_, index): FigureColumn<Cohort> => {
      const after = index + first;
      return {
        key: String(after),
        head: `+${String(after)}`,
        render: (cohort) => { const cell = cohort.cells[after]; return cell ? <span title={f.number(cell.customers)}>{f.percent(cell.share, 0)}</span> : null; },
        cell: (cohort) => {
          const cell = cohort.cells[after];
          return cell ? { className: cell.complete ? "" : "is-running", style: tint(cell.complete ? cell.share / most : 0) } : {};
        },
      };
    }),
  ];
  return <FiguresTable rows={rows} columns={columns} rowKey={(cohort) => cohort.begins} label={t("analysis.retention.tableTitle")} />;
}
