import type { CSSProperties, ReactNode } from "react";

export interface FigureColumn<T> {
  key: string;
  head: ReactNode;
  /** Names stand left, figures right. */
  name?: boolean;
  render: (row: T) => ReactNode;
  cell?: (row: T) => { className?: string; style?: CSSProperties };
}

/** A table of figures: few rows, all of them; the first column stays while the rest is moved sideways on a phone. */
export function FiguresTable<T>({ rows, columns, rowKey, label }: { rows: readonly T[]; columns: readonly FigureColumn<T>[]; rowKey: (row: T) => string | number; label: string }) {
  return (
    <div className="ws-scroll-x" role="region" aria-label={label} tabIndex={0}>
      <table className="ws-figures">
        <thead>
          <tr>{columns.map((column) => <th key={column.key} scope="col" className={column.name ? undefined : "ws-num"}>{column.head}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column, index) => {
                const { className = "", style } = column.cell?.(row) ?? {};
                return index === 0
                  ? <th key={column.key} scope="row">{column.render(row)}</th>
                  : <td key={column.key} className={`${column.name ? "" : "ws-num"} ${className}`.trim()} style={style}>{column.render(row)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The ground behind a share: nothing to the palest third of the brand, so that ink stays readable on it. */
export const tint = (share: number): CSSProperties => ({ background: `color-mix(in srgb, var(--ws-brand-mid) ${String(Math.round(Math.min(1, share) * 55))}%, transparent)` });
