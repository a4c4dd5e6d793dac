import { DatePicker } from "antd";
import dayjs from "dayjs";
import { useMemo } from "react";
import { EChart } from "@/components/EChart";
import { EmptyState } from "@/components/EmptyState";
import { Panel } from "@/components/Panel";
import { useIsPhone } from "@/components/useMedia";
import { now } from "@/format/clock";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { chart, meaning } from "@/theme/theme";
import { AnalysisPage } from "./AnalysisPage";
import { useAnalysis, type LifecycleFlow } from "./api";
import { FiguresTable } from "./FiguresTable";
import { Meaning } from "./Meaning";
import { useAddress } from "@/components/useAddress";

const down: ReadonlySet<string> = new Set(["decline", "lost"]);
const sum = (moves: LifecycleFlow["moves"]) => moves.reduce((total, move) => total + move.customers, 0);
const changed = (found: LifecycleFlow) => found.moves.filter((move) => move.origin !== move.target && move.origin !== "absent");

export default function LifecyclePage() {
  const t = useT();
  const f = useFormat();
  const address = useAddress();
  const asked = useMemo(() => Object.fromEntries(["earlier", "later", "segment_id"].map((name) => [name, address.get(name)])), [address]);
  const query = useAnalysis<LifecycleFlow>("lifecycle", asked);
  const month = (day: string) => day.slice(0, 7);
  const title = (found: LifecycleFlow) => {
    const moves = changed(found);
    return t("analysis.lifecycle.title", {
      earlier: month(found.earlier),
      later: found.running ? t("analysis.lifecycle.now") : t("analysis.lifecycle.until", { month: month(found.later) }),
      down: sum(moves.filter((move) => down.has(move.target) && !down.has(move.origin))),
      up: sum(moves.filter((move) => move.target === "maturity")),
    });
  };
  const picker = (name: "earlier" | "later") => {
    const value = query.data?.found[name];
    return (
      <DatePicker
        picker="month"
        aria-label={t(`analysis.lifecycle.${name}`)}
        allowClear={false}
        value={value ? dayjs(value) : null}
        disabledDate={(day) => day.isAfter(dayjs(f.isoDay(now())), "month")}
        onChange={(day: dayjs.Dayjs | null) => { address.set({ [name]: day?.format("YYYY-MM") }); }}
        style={{ width: 130 }}
      />
    );
  };
  return (
    <AnalysisPage name="lifecycle" query={query} asked={asked} title={title} empty={(found) => found.moves.length === 0} lede={() => t("analysis.lifecycle.lede")} settings={<>{picker("earlier")}{picker("later")}</>}>
      {({ found, as_of }) => found.moves.length === 0 ? (
        <EmptyState title={t("analysis.lifecycle.empty")} hint={t("analysis.needFriends")} />
      ) : (
        <Found found={found} asOf={as_of} />
      )}
    </AnalysisPage>
  );
}

function Found({ found, asOf }: { found: LifecycleFlow; asOf: string | null }) {
  const t = useT();
  const f = useFormat();
  const moved = changed(found);
  const came = sum(found.moves.filter((move) => move.origin === "absent"));
  const stayed = sum(found.moves.filter((move) => move.origin === move.target));
  const title = new Map(found.stages.map((one) => [one.stage, one.title]));
  const said = { moved: sum(moved), stayed };
  return (
    <div className="ws-stack">
      <Panel
        title={<Meaning metric="customers_moved" title={came ? t("analysis.lifecycle.chartNew", { ...said, came }) : t("analysis.lifecycle.chart", said)} />}
        sub={t("analysis.lifecycle.sub")}
        staleness={{ at: asOf }}
      >
        {moved.length === 0 ? <EmptyState title={t("analysis.lifecycle.still")} /> : <Flow moves={moved} title={title} />}
      </Panel>
      <div className="ws-grid" style={{ gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)" }}>
        <Panel title={t("analysis.lifecycle.stages")} staleness={{ at: asOf }}>
          <FiguresTable
            label={t("analysis.lifecycle.stages")}
            rows={found.stages.filter((one) => one.stage !== "absent")}
            rowKey={(one) => one.stage}
            columns={[
              { key: "stage", name: true, head: t("analysis.lifecycle.stage"), render: (one) => one.title },
              { key: "before", head: found.earlier.slice(0, 7), render: (one) => f.number(one.before) },
              { key: "after", head: found.running ? t("analysis.lifecycle.now") : found.later.slice(0, 7), render: (one) => f.number(one.after) },
              { key: "change", head: t("analysis.lifecycle.change"), render: (one) => f.signed(one.after - one.before) },
            ]}
          />
        </Panel>
        <Panel title={t("analysis.lifecycle.moves")} staleness={{ at: asOf }}>
          <FiguresTable
            label={t("analysis.lifecycle.moves")}
            rows={found.moves}
            rowKey={(move) => `${move.origin}-${move.target}`}
            columns={[
              { key: "from", name: true, head: t("analysis.lifecycle.from"), render: (move) => title.get(move.origin) },
              { key: "to", name: true, head: t("analysis.lifecycle.to"), render: (move) => (move.origin === move.target ? <span className="ws-muted">{t("analysis.lifecycle.stay")}</span> : title.get(move.target)) },
              { key: "customers", head: <Meaning metric="customers_moved" title={t("analysis.funnel.count")} />, render: (move) => f.number(move.customers) },
              { key: "share", head: <Meaning metric="move_rate" />, render: (move) => (move.share == null ? "–" : f.percent(move.share)) },
            ]}
          />
        </Panel>
      </div>
    </div>
  );
}

interface Link { dataType: string; name: string; value: number; data: { words?: string } }

function Flow({ moves, title }: { moves: LifecycleFlow["moves"]; title: ReadonlyMap<string, string> }) {
  const t = useT();
  const f = useFormat();
  const phone = useIsPhone();
  const option = useMemo(() => {
    const order = [...title.keys()];
    const side = (key: "origin" | "target") => order.filter((stage) => moves.some((move) => move[key] === stage));
    const count = (key: "origin" | "target", stage: string) => sum(moves.filter((move) => move[key] === stage));
    const label = (key: "origin" | "target", stage: string) => `${title.get(stage) ?? ""}  ${f.number(count(key, stage))}`;
    return {
      tooltip: { formatter: (one: Link) => (one.dataType === "edge" ? one.data.words : one.data.words) },
      series: [
        {
          type: "sankey",
          left: phone ? 92 : 150, right: phone ? 92 : 150, top: 6, bottom: 6,
          nodeWidth: 6, nodeGap: 14, layoutIterations: 0, draggable: false,
          emphasis: { focus: "adjacency" },
          label: { color: meaning.ink, fontSize: 12 },
          data: [
            ...side("origin").map((stage) => ({ name: `a-${stage}`, words: label("origin", stage), itemStyle: { color: down.has(stage) ? meaning.loss : chart.series[0], borderWidth: 0 }, label: { position: "left", formatter: label("origin", stage) } })),
            ...side("target").map((stage) => ({ name: `b-${stage}`, words: label("target", stage), itemStyle: { color: down.has(stage) ? meaning.loss : chart.series[0], borderWidth: 0 }, label: { position: "right", formatter: label("target", stage) } })),
          ],
          links: moves.map((move) => ({
            source: `a-${move.origin}`,
            target: `b-${move.target}`,
            value: move.customers,
            words: t("analysis.lifecycle.flow", { from: title.get(move.origin) ?? "", to: title.get(move.target) ?? "", customers: move.customers }),
            lineStyle: { color: down.has(move.target) ? meaning.loss : chart.series[1], opacity: 0.26, curveness: 0.5 },
          })),
        },
      ],
    };
  }, [moves, title, phone, f, t]);
  return <EChart option={option} height={300} label={t("analysis.lifecycle.sub")} />;
}
