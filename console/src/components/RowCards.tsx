import type { ReactNode } from "react";
import type { TableColumn } from "./ServerTable";
import "./table.css";

interface RowCardsProps<T> {
  rows: readonly T[];
  columns: readonly TableColumn<T>[];
  rowKey: (row: T) => string | number;
  onRow?: ((row: T) => void) | undefined;
}

/** A table at phone width: one card a row, headed by its title column, the rest as named lines. */
export function RowCards<T>({ rows, columns, rowKey, onRow }: RowCardsProps<T>) {
  const of = (place: TableColumn<T>["card"]) => columns.filter((column) => (column.card ?? "line") === place);
  const titles = of("title");
  const heads = titles.length > 0 ? titles : columns.slice(0, 1);
  const lines = of("line").filter((column) => !heads.includes(column));
  const extras = of("extra");
  const card = (row: T): ReactNode => (
    <>
      <div className="ws-card-head">
        <div>{heads.map((column) => <div key={column.key}>{column.render(row)}</div>)}</div>
        <div className="ws-num">{extras.map((column) => <div key={column.key}>{column.render(row)}</div>)}</div>
      </div>
      {lines.length > 0 && (
        <dl className="ws-card-lines">
          {lines.map((column) => {
            const value = column.render(row);
            if (value === null || value === undefined || value === false || value === "") return null;
            return (
              <div key={column.key}>
                {column.title && <dt>{column.title}</dt>}
                <dd>{value}</dd>
              </div>
            );
          })}
        </dl>
      )}
    </>
  );
  return (
    <ul className="ws-cards">
      {rows.map((row) => (
        <li
          key={rowKey(row)}
          className={onRow ? "is-clickable" : undefined}
          {...(onRow && {
            tabIndex: 0,
            onClick: (event) => { if (!(event.target as HTMLElement).closest("a,button")) onRow(row); },
            onKeyDown: (event) => { if (event.key === "Enter" && event.target === event.currentTarget) onRow(row); },
          })}
        >
          {card(row)}
        </li>
      ))}
    </ul>
  );
}
