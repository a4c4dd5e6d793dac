import { useT } from "@/i18n";
import "./charts.css";

export interface IntervalProps {
  low: number;
  point: number;
  high: number;
  /** Ends of the scale; by default wide enough for the interval and zero. */
  min?: number;
  max?: number;
  format: (value: number) => string;
  /** A limit drawn on the scale, in amber when the interval reaches it. */
  target?: { value: number; label: string };
  /** Words under the scale: the interval itself, and "too small to tell". */
  caption?: boolean;
}

/** Whether an interval of a difference can tell at all: it does not include zero. */
export const conclusive = ({ low, high }: Pick<IntervalProps, "low" | "high">) => low > 0 || high < 0;

/** Point estimate with its 95 % interval; hollow, dashed and said in words when it includes zero. */
export function Interval({ low, point, high, min, max, format, target, caption = true }: IntervalProps) {
  const t = useT();
  const from = min ?? Math.min(0, low, target?.value ?? 0) * 1.08;
  const to = max ?? (Math.max(0, high, target?.value ?? 0) * 1.08 || 1);
  const at = (value: number) => `${String(Math.min(100, Math.max(0, ((value - from) / (to - from || 1)) * 100)))}%`;
  const sure = conclusive({ low, high });
  const range = t("common.interval.range", { low: format(low), high: format(high) });
  return (
    <div>
      <div className={sure ? "ws-interval" : "ws-interval is-open"} role="img" aria-label={`${format(point)}, ${range}`}>
        <span className="ws-interval-axis" />
        {from <= 0 && to >= 0 && <span className="ws-interval-zero" style={{ left: at(0) }} />}
        {target && <span className="ws-interval-target" style={{ left: at(target.value) }}><em>{target.label}</em></span>}
        <span className="ws-interval-range" style={{ left: at(low), width: `calc(${at(high)} - ${at(low)})` }} />
        <span className="ws-interval-dot" style={{ left: at(point) }} />
      </div>
      {caption && (
        <div className="ws-figure-note">
          {range}
          {!sure && <span className="ws-needs"> {t("common.interval.tooSmall")}</span>}
        </div>
      )}
    </div>
  );
}
