import type { Translate } from "@/i18n";
import type { CustomerRow, GroupRow } from "./api";

export const statuses = ["friend", "half", "lost", "removed", "transferred", "none"] as const;
export type Status = CustomerRow["status"];

/** Who is known from orders only has no name. */
export const nameOf = (t: Translate, customer: { id: number; name: string }) => customer.name || t("people.unnamed", { id: String(customer.id) });

export const groupStatuses = ["normal", "owner_left", "handing_over", "handed_over", "dismissed"] as const;
const groupTone: Record<GroupRow["status"], string> = { normal: "is-brand", owner_left: "is-needs", handing_over: "is-needs", handed_over: "is-brand", dismissed: "is-line" };
export const groupStatusClass = (status: GroupRow["status"]) => `ws-tag ${groupTone[status]}`;
/** A group that nobody named is shown by its number. */
export const groupNameOf = (t: Translate, group: { id: number; name: string }) => group.name || t("people.groups.unnamed", { id: String(group.id) });

/** "好友关系 2，标签 5": what a merge moves, by table. */
export function rowsText(t: Translate, rows: Readonly<Record<string, number>>): string {
  return Object.entries(rows)
    .map(([table, n]) => t.lookup(`people.merge.rows.${table}`, { n }) ?? `${table} ${String(n)}`)
    .join(t.language === "zh" ? "、" : ", ");
}

const tone: Record<Status, string> = { friend: "is-brand", half: "is-needs", lost: "is-loss", removed: "is-loss", transferred: "is-line", none: "is-line" };
export const statusClass = (status: Status) => `ws-tag ${tone[status]}`;
