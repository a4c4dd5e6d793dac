import type { Format } from "@/format/useFormat";
import type { Translate } from "@/i18n";
import type { TimelineEvent } from "./api";

export interface Told {
  title: string;
  /** What stands small below it. */
  note?: string;
  /** Stable code of a refusal. */
  code?: string;
  /** Strong: something was bought. Loss: something ended or failed. */
  tone?: "is-strong" | "is-loss";
}

/** One event in words; its data are what each domain wrote, so nothing in them is taken for granted. */
export function tellEvent(event: TimelineEvent, t: Translate, f: Format, reasons: ReadonlyMap<string, string>): Told {
  const { data, kind } = event;
  const text = (name: string) => (typeof data[name] === "string" || typeof data[name] === "number" ? String(data[name]) : "");
  const amount = typeof data.total_fen === "number" ? f.money(data.total_fen) : "";
  const staff = event.staff_name ?? t("people.timeline.someone");
  const by = text("by") ? (text("by") === "system" ? t("common.system") : t("people.timeline.by", { who: text("by") })) : "";
  const join = (...parts: (string | undefined)[]) => parts.filter(Boolean).join(" · ");
  const withStaff = event.staff_name ?? "";
  switch (kind) {
    case "friend_added": {
      const way = t.lookup(`people.relationship.ways.${text("add_way")}`);
      return { title: t(data.half === true ? "people.timeline.event.friend_half" : "people.timeline.event.friend_added", { staff }), note: join(way), tone: "is-strong" };
    }
    case "friend_lost":
      return { title: t("people.timeline.event.friend_lost", { staff }), tone: "is-loss" };
    case "friend_removed":
      return {
        title: t(data.transferred === true ? "people.timeline.event.friend_transferred" : "people.timeline.event.friend_removed", { staff }),
        note: data.found_by === "sync" ? t("people.relationship.causes.sync") : "",
        tone: "is-loss",
      };
    case "transfer_failed":
      return { title: t("people.timeline.event.transfer_failed", { staff }), code: text("reason"), tone: "is-loss" };
    case "chat_started":
    case "archive_agreed":
      return { title: t(`people.timeline.event.${kind}`, { staff }) };
    case "group_joined":
      return { title: t("people.timeline.event.group_joined", { group: text("group") }), note: join(t.lookup(`people.groups.scenes.${text("scene")}`), text("state")) };
    case "group_left":
      return { title: t("people.timeline.event.group_left", { group: text("group") }), note: join(t.lookup(`people.groups.quits.${text("scene")}`)), tone: "is-loss" };
    case "remark_changed":
      return {
        title: text("to") ? t("people.timeline.event.remark_changed", { to: text("to") }) : t("people.timeline.event.remark_cleared"),
        note: join(text("from") && t("people.timeline.event.remark_from", { from: text("from") }), withStaff, by),
      };
    case "tag_added":
    case "tag_removed":
      return { title: t(`people.timeline.event.${kind}`, { tag: text("tag") }), note: join(withStaff, by) };
    case "order_placed":
    case "order_refunded":
      return {
        title: t(`people.timeline.event.${kind}`, { amount }),
        note: join(text("source"), text("number") && t("people.timeline.number", { number: text("number") }), withStaff),
        tone: kind === "order_placed" ? "is-strong" : "is-loss",
      };
    case "message_delivered":
      return { title: t("people.timeline.event.message_delivered", { name: text("broadcast_name") }), note: withStaff };
    case "message_refused":
      return { title: t("people.timeline.event.message_refused", { name: text("broadcast_name") }), note: join(reasons.get(text("reason")), withStaff), code: text("reason"), tone: "is-loss" };
    case "welcome_sent":
      return { title: t("people.timeline.event.welcome_sent"), note: join(text("text"), withStaff) };
    case "welcome_failed":
      return { title: t("people.timeline.event.welcome_failed"), note: withStaff, code: join(text("reason"), text("errcode")), tone: "is-loss" };
    case "identity_linked":
      return {
        title: t("people.timeline.event.identity_linked", { kind: t.lookup(`people.identity.kinds.${text("kind")}`) ?? text("kind") }),
        note: join(text("source") && t("people.timeline.source", { source: text("source") }), by),
      };
    case "lifecycle_changed": {
      const stage = (key: string) => t.lookup(`people.timeline.stages.${text(key)}`) ?? text(key);
      const down = text("to") === "decline" || text("to") === "lost";
      return { title: t("people.timeline.event.lifecycle_changed", { from: stage("from"), to: stage("to") }), note: by, tone: down ? "is-loss" : undefined };
    }
    case "merged":
    case "merge_undone":
      return { title: t(`people.timeline.event.${kind}`, { id: text("absorbed_id") }), note: join(t.lookup(`people.merges.reasons.${text("reason")}`), by) };
    default:
      return { title: t("people.timeline.event.other", { kind }), note: join(event.source, withStaff) };
  }
}
