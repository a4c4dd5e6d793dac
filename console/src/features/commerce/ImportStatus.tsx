import { useT } from "@/i18n";
import type { ImportRun } from "./api";

const tones: Record<string, string> = { running: "is-brand", done: "is-brand", failed: "is-loss", uploaded: "is-needs", mapped: "is-needs", cancelled: "is-line" };

export function ImportStatus({ run }: { run: ImportRun }) {
  const t = useT();
  return <span className={`ws-tag ${tones[run.status] ?? ""}`}>{t.lookup(`commerce.status.${run.status}`) ?? run.status}</span>;
}
