import { useT } from "@/i18n";
import { Choice, ComparisonField, WindowField } from "../Fields";
import { orderMeasures, type OrderMeasure, type OrdersLeaf } from "../leaf";
import { errorIf, type LeafProps } from "./shared";

export function OrdersFields({ leaf, onChange, wrong }: LeafProps<OrdersLeaf>) {
  const t = useT();
  const change = (measure: OrderMeasure) => {
    // A number of orders makes no sense as yuan: the figure begins anew with the measure.
    const days = measure.startsWith("days");
    onChange({ ...leaf, measure, window: days ? { kind: "ever" } : leaf.window, comparison: { operator: days ? "<=" : ">=", value: days ? 90 : measure === "count" || measure === "refunds" ? 1 : 10_000 } });
  };
  const money = leaf.measure === "sum" || leaf.measure === "average_order" || leaf.measure === "refunded";
  const unit = leaf.measure === "count" ? "count" : leaf.measure === "refunds" ? "times" : "daysAgo";
  const unitOf = money ? { money } : { unit: t(`segments.field.unit.${unit}`), min: 0 };
  return (
    <>
      <WindowField value={leaf.window} onChange={(window) => { onChange({ ...leaf, window }); }} status={errorIf(wrong("window"))} />
      <Choice<OrderMeasure> value={leaf.measure} onChange={change} label={t("segments.field.measure.label")} options={orderMeasures.map((measure) => [measure, t(`segments.field.measure.${measure}`)] as const)} />
      <ComparisonField value={leaf.comparison} {...unitOf} onChange={(comparison) => { onChange({ ...leaf, comparison }); }} status={errorIf(wrong("comparison") || wrong(""))} />
    </>
  );
}
