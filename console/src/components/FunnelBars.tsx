import type { ReactNode } from "react";
import { useFormat } from "@/format/useFormat";
import "./charts.css";

export interface FunnelStep {
  key: string;
  label: string;
  note?: string;
  value: number;
  /** Beside the bar: "上一步的 68%". */
  beside?: string;
  /** The step to look at: the bar is amber. */
  needsYou?: boolean;
  /** Last column: the same share for another cohort. */
  compare?: string;
}

export interface FunnelBarsProps {
  steps: readonly FunnelStep[];
  heads: { count: ReactNode; share: ReactNode; compare?: ReactNode };
}

/** Steps of a way, each bar measured against the first; bars start at zero, figures stand right. */
export function FunnelBars({ steps, heads }: FunnelBarsProps) {
  const f = useFormat();
  const first = steps[0]?.value ?? 0;
  return (
    <table className="ws-funnel">
      <thead>
        <tr>
          <th colSpan={2} />
          <th className="ws-num">{heads.count}</th>
          <th className="ws-num">{heads.share}</th>
          {heads.compare !== undefined && <th className="ws-num">{heads.compare}</th>}
        </tr>
      </thead>
      <tbody>
        {steps.map((step) => (
          <tr key={step.key}>
            <th scope="row">
              {step.label}
              {step.note && <span className="ws-funnel-note">{step.note}</span>}
            </th>
            <td className="ws-funnel-bar">
              <span className={step.needsYou ? "is-needs" : undefined} style={{ width: first ? `${String((step.value / first) * 72)}%` : 0 }} />
              {step.beside && <em className={step.needsYou ? "ws-needs" : undefined}>{step.beside}</em>}
            </td>
            <td className="ws-num">{f.number(step.value)}</td>
            <td className="ws-num">{first ? f.percent(step.value / first) : "–"}</td>
            {heads.compare !== undefined && <td className="ws-num ws-muted">{step.compare ?? "–"}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
