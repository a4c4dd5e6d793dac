import { InputNumber } from "antd";
import { BroadcastPicker } from "@/components/Pickers";
import { useT } from "@/i18n";
import { Choice, ComparisonField, WindowField } from "../Fields";
import { touchOutcomes, type TouchLeaf, type TouchOutcome } from "../leaf";
import { errorIf, knownOf, type LeafProps } from "./shared";

export function TouchFields({ leaf, onChange, names, wrong }: LeafProps<TouchLeaf>) {
  const t = useT();
  return (
    <>
      <WindowField value={leaf.window} onChange={(window) => { onChange({ ...leaf, window }); }} status={errorIf(wrong("window"))} />
      <Choice<TouchOutcome> value={leaf.outcome} onChange={(outcome) => { onChange({ ...leaf, outcome }); }} label={t("segments.field.outcome.label")} options={touchOutcomes.map((outcome) => [outcome, t(`segments.field.outcome.${outcome}`)] as const)} />
      {leaf.outcome === "ignored" && (
        <span className="ws-leaf-pair">
          <InputNumber<number> min={1} max={90} precision={0} value={leaf.answer_days} onChange={(answer_days) => { onChange({ ...leaf, answer_days }); }} style={{ width: 72 }} {...(errorIf(wrong("answer_days")) && { status: "error" as const })} aria-label={t("segments.field.answerDays")} />
          <span className="ws-leaf-word">{t("segments.field.answerDays")}</span>
        </span>
      )}
      <span className="ws-leaf-pick">
        <BroadcastPicker value={leaf.broadcast_ids} onChange={(ids: number[]) => { onChange({ ...leaf, broadcast_ids: ids }); }} known={knownOf(names, "broadcast")} placeholder={t("segments.field.broadcasts")} />
      </span>
      <ComparisonField value={leaf.comparison} onChange={(comparison) => { onChange({ ...leaf, comparison }); }} status={errorIf(wrong("comparison") || wrong(""))} unit={t("segments.field.unit.times")} min={0} />
    </>
  );
}
