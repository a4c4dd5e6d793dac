import { Definition } from "@/components/Definition";
import { useT } from "@/i18n";
import { useMetrics } from "./api";

/** The name of a figure, and one click away what it counts. Both come from the registry, like the figure itself. */
export function Meaning({ metric, title, note }: { metric: string; title?: string; note?: string }) {
  const t = useT();
  const found = useMetrics().data?.get(metric);
  const zh = t.language === "zh";
  const registered = found && (zh ? found.title_zh : found.title_en);
  return (
    <span>
      {title ?? registered ?? ""}{note && <> {note}</>}
      {found && registered !== undefined && <Definition title={registered} definition={zh ? found.definition_zh : found.definition_en} formula={found.formula} source={found.source} />}
    </span>
  );
}
