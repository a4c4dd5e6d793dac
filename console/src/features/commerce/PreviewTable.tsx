import { Table } from "antd";
import type { ColumnType } from "antd/es/table";
import { ReasonCode } from "@/components/ReasonCode";
import { useIsPhone } from "@/components/useMedia";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import type { Preview, PreviewLine } from "./api";

const tones = { sale: "is-brand", gift: "is-brand", refund: "is-loss", not_taken: "is-needs" } as const;

/** The first lines, each with what would become of it; while the mapping is incomplete, as the file has them. */
export function PreviewTable({ preview }: { preview: Preview }) {
  const t = useT();
  const f = useFormat();
  const phone = useIsPhone();
  const raw = preview.lines.every((line) => line.outcome === null);
  const outcome = (line: PreviewLine) => line.outcome && <span className={`ws-tag ${tones[line.outcome]}`}>{t(`commerce.outcome.${line.outcome}`)}</span>;
  const text = (line: PreviewLine) => [line.code, line.description].filter(Boolean).join(" · ");
  const why = (line: PreviewLine) => line.reason && <ReasonCode code={line.reason}>{line.reason_text}{line.detail ? ` · ${line.detail}` : ""}</ReasonCode>;
  if (phone && !raw) {
    return (
      <ul className="ws-rows">
        {preview.lines.map((line) => (
          <li key={line.line_number} className="ws-order-line">
            <span>{outcome(line)} {line.number}<span className="ws-sub">{why(line) ?? `${text(line)} · ${String(line.quantity)} × ${line.unit_price ?? ""}`}</span></span>
            <span className="ws-num">{line.amount_fen !== null && line.amount_fen !== undefined ? f.money(line.amount_fen) : ""}</span>
          </li>
        ))}
      </ul>
    );
  }
  const number: ColumnType<PreviewLine> = { key: "line", title: t("commerce.map.line"), align: "right", render: (_, line) => f.number(line.line_number) };
  const columns: ColumnType<PreviewLine>[] = raw
    ? [number, ...preview.columns.map((name, index) => ({ key: name, title: name, render: (_: unknown, line: PreviewLine) => line.cells[index] ?? "" }))]
    : [
        number,
        { key: "outcome", title: t("commerce.map.outcome"), render: (_, line) => outcome(line) },
        { key: "number", title: t("commerce.field.number"), render: (_, line) => line.number ?? "" },
        { key: "at", title: t("commerce.field.placed_at"), render: (_, line) => (line.placed_at ? f.exact(line.placed_at) : "") },
        { key: "buyer", title: t("commerce.field.buyer"), render: (_, line) => (line.reason ? "" : (line.buyer ?? <span className="ws-muted">{t("commerce.orders.nobody")}</span>)) },
        { key: "what", title: t("commerce.map.what"), render: (_, line) => why(line) ?? <>{text(line)}{line.kind && line.kind !== "goods" && <span className="ws-tag is-line">{t.lookup(`commerce.kind.${line.kind}`)}</span>}</> },
        { key: "quantity", title: t("commerce.field.quantity"), align: "right", render: (_, line) => line.quantity ?? "" },
        { key: "price", title: t("commerce.field.price"), align: "right", render: (_, line) => line.unit_price ?? "" },
        { key: "amount", title: t("commerce.field.amount"), align: "right", render: (_, line) => (line.amount_fen !== null && line.amount_fen !== undefined ? f.money(line.amount_fen) : "") },
      ];
  return <Table<PreviewLine> dataSource={preview.lines} columns={columns} rowKey="line_number" pagination={false} size="small" scroll={{ x: "max-content" }} />;
}
