import { Segmented } from "antd";
import { useMemo } from "react";
import { LineChart } from "@/components/LineChart";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { useFormat, type Format } from "@/format/useFormat";
import { useT, type Translate } from "@/i18n";
import { spans, useSizes, type Membership, type Sizes, type Span } from "./api";

interface SizePanelProps {
  segment: number;
  membership: Membership | null;
  span: Span;
  onSpan: (span: Span) => void;
}

/** How large the segment was: one line; the title says from where to where it went. */
export function SizePanel({ segment, membership, span, onSpan }: SizePanelProps) {
  const t = useT();
  const query = useSizes(segment, span);
  const chooser = (
    <Segmented<Span>
      size="small"
      value={span}
      onChange={onSpan}
      aria-label={t("segments.membership.size.span")}
      options={spans.map((one) => ({ value: one, label: t(`segments.membership.span.${one}`) }))}
    />
  );
  return (
    <Panel title={query.data ? titleOf(t, query.data) : t("segments.membership.size.title")} sub={t("segments.membership.size.sub")} extra={chooser} {...(membership && { staleness: { at: membership.as_of } })}>
      <QueryState query={query}>{(found) => <Chart found={found} />}</QueryState>
    </Panel>
  );
}

function titleOf(t: Translate, found: Sizes): string {
  const known = found.points.filter((point) => point.size !== null);
  const [first, last] = [known[0]?.size, known.at(-1)?.size];
  if (first == null || last == null) return t("segments.membership.size.none");
  const span = t(`segments.membership.span.${found.span}`);
  if (known.length < 2) return t("segments.membership.size.young", { size: last });
  return first === last ? t("segments.membership.size.same", { span, size: last }) : t("segments.membership.size.moved", { span, from: first, to: last });
}

const nameOf = (f: Format, span: Span, at: string) => (span === "day" ? f.time(at) : f.isoDay(at).slice(span === "year" ? 2 : 5).replaceAll("-", "/"));

function Chart({ found }: { found: Sizes }) {
  const t = useT();
  const f = useFormat();
  const x = useMemo(() => found.points.map((point) => nameOf(f, found.span, point.at)), [found, f]);
  const lines = useMemo(() => [{ name: t("segments.membership.size.people"), values: found.points.map((point) => point.size) }], [found, t]);
  const rebased = found.points.filter((point) => point.rebased && point.at !== firstKnown(found));
  if (found.points.every((point) => point.size === null)) return <p className="ws-muted">{t("segments.membership.size.noneHint")}</p>;
  return (
    <>
      <LineChart x={x} lines={lines} format={f.number} labelWidth={84} height={190} fromZero={false} label={t("segments.membership.size.title")} />
      {rebased.length > 0 && <p className="ws-small ws-muted">{t("segments.membership.size.rebased", { when: rebased.map((point) => nameOf(f, found.span, point.at)).join(", ") })}</p>}
    </>
  );
}

/** The first count is a beginning, not a change of the conditions. */
const firstKnown = (found: Sizes) => found.points.find((point) => point.size !== null)?.at;
