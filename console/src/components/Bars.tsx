import type { ReactNode } from "react";
import { useFormat } from "@/format/useFormat";
import "./charts.css";

export interface BarRow {
  key: string;
  label: ReactNode;
  value: number;
  /** Grey, right of the figure. */
  share?: string;
  tone?: "brand" | "soft" | "removed" | "needs" | "loss";
}

/** Parts of a whole or counts by name, as bars that start at zero on one scale. */
export function Bars({ rows, max, format }: { rows: readonly BarRow[]; max?: number; format?: (value: number) => string }) {
  const f = useFormat();
  const top = max ?? Math.max(1, ...rows.map((row) => row.value));
  return (
    <ul className="ws-bars">
      {rows.map((row) => (
        <li key={row.key}>
          <span className="ws-bars-label">{row.label}</span>
          <span className="ws-bars-track">
            <i className={`is-${row.tone ?? "brand"}`} style={{ width: `${String(Math.min(100, (row.value / top) * 100))}%` }} />
          </span>
          <span className="ws-num">{format ? format(row.value) : f.number(row.value)}</span>
          {row.share !== undefined && <span className="ws-num ws-small ws-muted">{row.share}</span>}
        </li>
      ))}
    </ul>
  );
}
