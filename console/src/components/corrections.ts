import type { Translate } from "@/i18n";

/** In the order they are read. */
const words = ["friend_added", "friend_removed", "remark_changed", "tag_added", "tag_removed", "staff_left", "group_found", "group_changed", "group_dismissed", "group_member_joined", "group_member_left"];

/** What was brought in line with WeCom, "补上 3 段好友关系，去掉 1 个标签"; empty when nothing was other than known. */
export function correctionsText(t: Translate, corrections: Readonly<Record<string, number>>): string {
  const rank = (word: string) => (words.includes(word) ? words.indexOf(word) : words.length);
  return Object.entries(corrections)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([word, count]) => t.lookup(`common.corrected.${word}`, { count }) ?? `${word} ${String(count)}`)
    .join(t.language === "zh" ? "，" : ", ");
}
