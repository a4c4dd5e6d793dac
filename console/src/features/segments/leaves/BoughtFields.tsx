import { ProductPicker, StorePicker } from "@/components/Pickers";
import { useT } from "@/i18n";
import { Choice, ComparisonField, WindowField } from "../Fields";
import { boughtMeasures, type BoughtLeaf, type BoughtMeasure } from "../leaf";
import { CategoryPicker } from "./CategoryPicker";
import { errorIf, knownOf, type LeafProps } from "./shared";

export function BoughtFields({ leaf, onChange, names, wrong }: LeafProps<BoughtLeaf>) {
  const t = useT();
  const money = leaf.measure === "amount";
  const change = (measure: BoughtMeasure) => {
    // Pieces make no sense as yuan: the figure begins anew where the unit changes.
    const same = (measure === "amount") === money;
    onChange({ ...leaf, measure, comparison: same ? leaf.comparison : { operator: ">=", value: measure === "amount" ? 10_000 : 1 } });
  };
  return (
    <>
      <WindowField value={leaf.window} onChange={(window) => { onChange({ ...leaf, window }); }} status={errorIf(wrong("window"))} />
      <span className="ws-leaf-pick">
        <CategoryPicker value={leaf.categories} onChange={(categories) => { onChange({ ...leaf, categories }); }} />
      </span>
      <span className="ws-leaf-pick">
        <ProductPicker value={leaf.product_ids} onChange={(ids: number[]) => { onChange({ ...leaf, product_ids: ids }); }} known={knownOf(names, "product")} placeholder={t("segments.field.products")} />
      </span>
      <span className="ws-leaf-pick">
        <StorePicker value={leaf.store_ids} onChange={(ids: number[]) => { onChange({ ...leaf, store_ids: ids }); }} known={knownOf(names, "store")} placeholder={t("segments.field.stores")} />
      </span>
      <Choice<BoughtMeasure> value={leaf.measure} onChange={change} label={t("segments.field.measure.label")} options={boughtMeasures.map((measure) => [measure, t(`segments.field.bought.${measure}`)] as const)} />
      <ComparisonField
        value={leaf.comparison}
        onChange={(comparison) => { onChange({ ...leaf, comparison }); }}
        status={errorIf(wrong("comparison") || wrong(""))}
        {...(leaf.measure === "amount" ? { money: true } : { unit: t(`segments.field.boughtUnit.${leaf.measure}`), min: leaf.measure === "quantity" ? undefined : 0 })}
      />
    </>
  );
}
