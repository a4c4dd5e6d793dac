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
  const f = useFormat();
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
    <Panel title={query.data ? titleOf(t, f, query.data) : t("segments.membership.size.title")} sub={t("segments.membership.size.sub")} extra={chooser} {...(membership && { staleness: { at: membership.as_of } })}>
      <QueryState query={query}>{(found) => <Chart found={found} />}</QueryState>
    </Panel>
  );
}

function titleOf(t: Translate, f: Format, found: Sizes): string {
  const known = found.points.filter((point) => point.size !== null);
  const [first, last] = [known[0]?.size, known.at(-1)?.size];
  if (first == null || last == null) return t("segments.membership.size.none");
  const whole = known.length === found.points.length;
  const span = whole ? t("segments.membership.size.within", { span: t(`segments.membership.span.${found.span}`) }) : t("segments.membership.size.since", { when: nameOf(f, found.span, known[0]?.at ?? "") });
  if (known.length < 2) return t("segments.membership.size.young", { size: last });
  return first === last ? t("segments.membership.size.same", { span, size: last }) : t("segments.membership.size.moved", { span, from: first, to: last });
}

const nameOf = (f: Format, span: Span, at: string) => (span === "day" ? f.time(at) : f.isoDay(at).slice(span === "year" ? 2 : 5).replaceAll("-", "/"));

const mostNamed = 3;

function Chart({ found }: { found: Sizes }) {
  const t = useT();
  const f = useFormat();
  // The line begins where somebody began to keep it, not with an empty stretch.
  const points = useMemo(() => found.points.slice(Math.max(0, found.points.findIndex((point) => point.size !== null))), [found]);
  const x = useMemo(() => points.map((point) => nameOf(f, found.span, point.at)), [points, found.span, f]);
  const lines = useMemo(() => [{ name: t("segments.membership.size.people"), values: points.map((point) => point.size) }], [points, t]);
  // The first count is a beginning, not a change of the conditions.
  const rebased = points.slice(1).filter((point) => point.rebased).slice(-mostNamed);
  if (points.every((point) => point.size === null)) return <p className="ws-muted">{t("segments.membership.size.noneHint")}</p>;
  return (
    <>
      <LineChart x={x} lines={lines} format={f.number} labelWidth={84} height={190} fromZero={false} label={t("segments.membership.size.title")} />
      {rebased.length > 0 && <p className="ws-small ws-muted">{t("segments.membership.size.rebased", { when: rebased.map((point) => nameOf(f, found.span, point.at)).join(", ") })}</p>}
    </>
  );
}
