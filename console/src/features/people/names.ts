import type { Translate } from "@/i18n";
import type { CustomerRow } from "./api";

export const statuses = ["friend", "half", "lost", "removed", "transferred", "none"] as const;
export type Status = CustomerRow["status"];

/** Who is known from orders only has no name. */
export const nameOf = (t: Translate, customer: { id: number; name: string }) => customer.name || t("people.unnamed", { id: String(customer.id) });

/** "好友关系 2，标签 5": what a merge moves, by table. */
export function rowsText(t: Translate, rows: Readonly<Record<string, number>>): string {
  return Object.entries(rows)
    .map(([table, n]) => t.lookup(`people.merge.rows.${table}`, { n }) ?? `${table} ${String(n)}`)
    .join(t.language === "zh" ? "、" : ", ");
}

const tone: Record<Status, string> = { friend: "is-brand", half: "is-needs", lost: "is-loss", removed: "is-loss", transferred: "is-line", none: "is-line" };
export const statusClass = (status: Status) => `ws-tag ${tone[status]}`;
