import { Button } from "antd";
import { useMemo } from "react";
import { Link } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { Panel } from "@/components/Panel";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { AnalysisPage } from "./AnalysisPage";
import { useAnalysis, type RfmMap } from "./api";
import { tint } from "./FiguresTable";
import { Meaning } from "./Meaning";
import { SpendTable } from "./SpendTable";
import { useAddress } from "@/components/useAddress";

const scores = [1, 2, 3, 4, 5] as const;

export default function RfmPage() {
  const t = useT();
  const f = useFormat();
  const address = useAddress();
  const asked = useMemo(() => ({ segment_id: address.get("segment_id") }), [address]);
  const query = useAnalysis<RfmMap>("rfm", asked);
  const title = (found: RfmMap) => {
    const best = [...found.groups].sort((a, b) => b.net_spend - a.net_spend)[0];
    if (!best) return t("analysis.rfm.empty");
    return t("analysis.rfm.title", { group: best.title, share: f.percent(best.customer_share ?? 0), spend: f.percent(best.spend_share ?? 0) });
  };
  return (
    <AnalysisPage
      name="rfm"
      query={query}
      asked={asked}
      title={title}
      empty={(found) => found.buyers === 0}
      lede={(found) => t("analysis.rfm.lede", { buyers: found.buyers, spend: f.money(found.net_spend, { round: true }), never: found.never })}
    >
      {({ found, as_of }) => found.buyers === 0 ? (
        <EmptyState title={t("analysis.rfm.empty")} hint={t("analysis.needOrders")} action={<Link to="/commerce/imports"><Button>{t("analysis.goImport")}</Button></Link>} />
      ) : (
        <div className="ws-stack">
          <Panel title={<Meaning metric="net_spend" title={t("analysis.rfm.chart")} />} sub={t("analysis.rfm.sub")} staleness={{ at: as_of }}><Grid found={found} /></Panel>
          <Panel title={t("analysis.rfm.table")} staleness={{ at: as_of }}>
            <SpendTable rows={found.groups} head={t("analysis.rfm.group")} label={t("analysis.rfm.table")} />
          </Panel>
        </div>
      )}
    </AnalysisPage>
  );
}

function Grid({ found }: { found: RfmMap }) {
  const t = useT();
  const f = useFormat();
  const most = Math.max(1, ...found.cells.map((cell) => cell.net_spend));
  const ends = { 1: t("analysis.rfm.fewest"), 5: t("analysis.rfm.most") } as Record<number, string>;
  const ages = { 1: t("analysis.rfm.oldest"), 5: t("analysis.rfm.newest") } as Record<number, string>;
  return (
    <table className="ws-rfm">
      <thead>
        <tr><th />{scores.map((r) => <th key={r} scope="col">{t("analysis.rfm.recent", { score: r })} {ages[r]}</th>)}</tr>
      </thead>
      <tbody>
        {[...scores].reverse().map((often) => (
          <tr key={often}>
            <th scope="row">{t("analysis.rfm.often", { score: often })} {ends[often]}</th>
            {scores.map((recent) => {
              const cell = found.cells.find((one) => one.r === recent && one.f === often);
              if (!cell) return <td key={recent} />;
              const spend = f.money(cell.net_spend, { round: true });
              return (
                <td key={recent} style={tint(Math.max(0.06, cell.net_spend / most))} title={t("analysis.rfm.cell", { r: recent, f: often, customers: cell.customers, spend })}>
                  {f.number(cell.customers)}
                  <small>{spend}</small>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
