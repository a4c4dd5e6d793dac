import { Popover } from "antd";
import { useState } from "react";
import { useT } from "@/i18n";
import { useMetrics } from "./api";

/** The name of a figure, and one click away what it counts. Both come from the registry, like the figure itself. */
export function Meaning({ metric, title, note }: { metric: string; title?: string; note?: string }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const { data } = useMetrics();
  const found = data?.get(metric);
  const zh = t.language === "zh";
  const name = title ?? (found ? (zh ? found.title_zh : found.title_en) : "");
  return (
    <span>
      {name}{note && <> {note}</>}
      {found && (
        <Popover
          open={open}
          onOpenChange={setOpen}
          trigger="click"
          placement="bottom"
          title={zh ? found.title_zh : found.title_en}
          content={
            <div className="ws-meaning-text">
              <p>{zh ? found.definition_zh : found.definition_en}</p>
              <dl className="ws-kv">
                <dt>{t("analysis.meaning.formula")}</dt><dd className="ws-code">{found.formula}</dd>
                <dt>{t("analysis.meaning.source")}</dt><dd className="ws-code">{found.source}</dd>
              </dl>
            </div>
          }
        >
          <button
            type="button"
            className="ws-meaning"
            aria-label={t("analysis.meaning.open", { name: zh ? found.title_zh : found.title_en })}
            aria-expanded={open}
            onKeyDown={(event) => { if (event.key === "Escape") setOpen(false); }}
          >
            i
          </button>
        </Popover>
      )}
    </span>
  );
}
