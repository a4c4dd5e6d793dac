import { Button } from "antd";
import { useMemo } from "react";
import { Link } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { Panel } from "@/components/Panel";
import { SegmentPicker } from "@/components/Pickers";
import { useIsPhone } from "@/components/useMedia";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { AnalysisPage } from "./AnalysisPage";
import { useAnalysis, type Overlap } from "./api";
import { FiguresTable } from "./FiguresTable";
import { Meaning } from "./Meaning";
import { useAddress } from "@/components/useAddress";

const most = 4;
/** A phone has no room for names over the dots: letters there, and the names beside them in the table beneath. */
const letter = (index: number) => "ABCD".charAt(index);

export default function OverlapPage() {
  const t = useT();
  const f = useFormat();
  const phone = useIsPhone();
  const address = useAddress();
  const ids = useMemo(() => address.all("ids").map(Number).filter((id) => Number.isInteger(id) && id > 0), [address]);
  const asked = useMemo(() => ({ ids }), [ids]);
  const enough = ids.length >= 2;
  const query = useAnalysis<Overlap>("overlap", asked, enough);
  const title = (found: Overlap) => {
    const n = found.segments.length;
    return found.everywhere ? t("analysis.overlap.title", { count: found.everywhere, n, share: f.percent(found.everywhere / found.anywhere) }) : t("analysis.overlap.titleNone", { n });
  };
  return (
    <AnalysisPage
      name="overlap"
      query={query}
      asked={asked}
      title={title}
      empty={(found) => found.anywhere === 0}
      lede={(found) => t("analysis.overlap.lede", { anywhere: found.anywhere })}
      segment={false}
      before={enough ? undefined : <EmptyState title={t("analysis.overlap.before")} hint={t("analysis.overlap.beforeHint")} action={<Link to="/segments/new"><Button>{t("analysis.overlap.goSegments")}</Button></Link>} />}
      settings={
        <SegmentPicker
          placeholder={t("analysis.overlap.pick")}
          value={ids}
          onChange={(next) => { address.set({ ids: next.slice(0, most).map(String) }); }}
          style={{ width: 520, maxWidth: "100%" }}
        />
      }
    >
      {({ found, as_of }) => found.anywhere === 0 ? <EmptyState title={t("analysis.overlap.nobody")} hint={t("analysis.widen")} /> : (
        <div className="ws-stack">
          <Panel title={t("analysis.overlap.chart")} sub={t("analysis.overlap.sub")} staleness={{ at: as_of }}><Combinations found={found} /></Panel>
          <Panel title={t("analysis.overlap.table")} staleness={{ at: as_of }}>
            <FiguresTable
              label={t("analysis.overlap.table")}
              rows={found.segments}
              rowKey={(one) => one.id}
              columns={[
                { key: "name", name: true, head: t("analysis.overlap.segment"), render: (one) => <>{phone && <span className="ws-muted">{letter(found.segments.indexOf(one))} </span>}<Link to={`/segments/${String(one.id)}`}>{one.name}</Link></> },
                { key: "customers", head: <Meaning metric="customers" />, render: (one) => f.number(one.customers) },
                { key: "alone", head: t("analysis.overlap.alone"), render: (one) => f.number(found.combinations.find((part) => part.inside.length === 1 && part.inside[0] === one.id)?.customers ?? 0) },
              ]}
            />
          </Panel>
        </div>
      )}
    </AnalysisPage>
  );
}

/** One row a combination: which segments, and how many people. Up to four segments make fifteen rows, which circles could not show. */
function Combinations({ found }: { found: Overlap }) {
  const t = useT();
  const f = useFormat();
  const phone = useIsPhone();
  const top = Math.max(1, ...found.combinations.map((part) => part.customers));
  const names = new Map(found.segments.map((one) => [one.id, one.name]));
  return (
    <table className="ws-upset">
      <thead>
        <tr>
          {found.segments.map((one, index) => <th key={one.id} scope="col" aria-label={one.name}>{phone ? letter(index) : one.name}</th>)}
          <th />
          <th className="ws-num" scope="col"><Meaning metric="customers" /></th>
          <th className="ws-num" scope="col"><Meaning metric="customer_share" /></th>
        </tr>
      </thead>
      <tbody>
        {found.combinations.map((part) => (
          <tr key={part.inside.join("-")} className={part.inside.length === found.segments.length ? "is-all" : undefined}>
            {found.segments.map((one, index) => (
              <td key={one.id} className="ws-upset-dot">
                <i className={part.inside.includes(one.id) ? "is-in" : undefined} aria-hidden="true" />
                {index === 0 && <span className="ws-visually-hidden">{t("analysis.overlap.inside", { names: part.inside.map((id) => names.get(id) ?? "").join(", ") })}</span>}
              </td>
            ))}
            <td className="ws-upset-bar"><span style={{ width: `${String((part.customers / top) * 100)}%`, visibility: part.customers ? "visible" : "hidden" }} /></td>
            <td className="ws-num">{f.number(part.customers)}</td>
            <td className="ws-num ws-muted">{part.share == null ? "–" : f.percent(part.share)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
