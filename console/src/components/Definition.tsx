import { Popover } from "antd";
import { useState } from "react";
import { useT } from "@/i18n";
import "./definition.css";

export interface DefinitionProps {
  /** What the figure is called in the registry: heads the popover and names the button. */
  title: string;
  definition: string;
  formula?: string;
  source?: string;
}

/** One click away from a figure: what it counts. Stands behind its name. */
export function Definition({ title, definition, formula, source }: DefinitionProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottom"
      title={title}
      content={
        <div className="ws-meaning-text">
          <p>{definition}</p>
          {(formula ?? source) !== undefined && (
            <dl className="ws-kv">
              {formula !== undefined && <><dt>{t("analysis.meaning.formula")}</dt><dd className="ws-code">{formula}</dd></>}
              {source !== undefined && <><dt>{t("analysis.meaning.source")}</dt><dd className="ws-code">{source}</dd></>}
            </dl>
          )}
        </div>
      }
    >
      <button
        type="button"
        className="ws-meaning"
        aria-label={t("analysis.meaning.open", { name: title })}
        aria-expanded={open}
        onKeyDown={(event) => { if (event.key === "Escape") setOpen(false); }}
      >
        i
      </button>
    </Popover>
  );
}
