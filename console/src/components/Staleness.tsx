import { useT } from "@/i18n";
import type { Instant } from "@/api/types";
import { now } from "@/format/clock";
import { useFormat } from "@/format/useFormat";

export interface StalenessProps {
  /** When the figures were true; null when nothing was loaded yet. */
  at?: Instant | null | undefined;
  /** Read from the truth at this moment. */
  live?: boolean;
  /** Older than this, the dot turns amber. */
  limitSeconds?: number;
  /** Said before the time: "会话" -> "会话 1 分钟前". */
  label?: string;
}

/** The dot and the age, top right of every panel whose figures can be old. */
export function Staleness({ at, live = false, limitSeconds = 900, label }: StalenessProps) {
  const t = useT();
  const f = useFormat();
  if (live) return <span className="ws-fresh">{t("common.staleness.live")}</span>;
  if (!at) return <span className="ws-fresh is-stale">{t("common.staleness.unknown")}</span>;
  const stale = now().getTime() - new Date(at).getTime() > limitSeconds * 1000;
  return (
    <span className={stale ? "ws-fresh is-stale" : "ws-fresh"} title={f.exact(at)}>
      {label ? `${label} ` : ""}
      {f.relative(at)}
    </span>
  );
}
