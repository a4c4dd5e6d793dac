import { useFreshness } from "@/api/status";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";

/** "数据截至 15:38，4 分钟前": until when the warehouse knows everything; amber past the limit. */
export function DataAge() {
  const t = useT();
  const f = useFormat();
  const { data } = useFreshness();
  if (!data) return null;
  const { as_of, behind_seconds, limit_seconds } = data;
  if (as_of == null || behind_seconds == null) return <span className="ws-fresh is-stale">{t("shell.freshness.none")}</span>;
  return (
    <span className={behind_seconds > limit_seconds ? "ws-fresh is-stale" : "ws-fresh"}>
      {t("shell.freshness.upTo", { time: f.time(as_of), ago: f.relative(as_of) })}
    </span>
  );
}
