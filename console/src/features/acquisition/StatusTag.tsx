import { useT } from "@/i18n";
import type { LiveCodeRow } from "./api";

/** Where a code stands with WeCom, and what needs a person. */
export function StatusTag({ row }: { row: Pick<LiveCodeRow, "status" | "error" | "waiting"> & { staff_unable?: number } }) {
  const t = useT();
  const tone = { active: "is-brand", pending: "is-line", failed: "is-loss", archived: "" }[row.status];
  return (
    <span className="ws-tags">
      <span className={`ws-tag ${tone}`}>{t(`acquisition.status.${row.status}`)}</span>
      {row.status === "active" && row.error && <span className="ws-tag is-needs">{t("acquisition.status.refused")}</span>}
      {row.status === "active" && !row.error && row.waiting && <span className="ws-tag is-line">{t("acquisition.status.waiting")}</span>}
      {row.status !== "archived" && Boolean(row.staff_unable) && <span className="ws-tag is-needs">{t("acquisition.status.unable", { count: row.staff_unable ?? 0 })}</span>}
    </span>
  );
}

/** WeCom's reason in words; an unknown one stands as it is. */
export function useReason(): (reason: string) => string {
  const t = useT();
  return (reason) => t.lookup(`acquisition.reason.${reason}`) ?? reason;
}
