import { Select } from "antd";
import { useT } from "@/i18n";
import { useCatalogue, type Feature } from "../api";
import { ComparisonField } from "../Fields";
import { featureComparison, type FeatureLeaf } from "../leaf";
import { errorIf, type LeafProps } from "./shared";

export function FeatureFields({ leaf, onChange, wrong }: LeafProps<FeatureLeaf>) {
  const t = useT();
  const { data, isFetching } = useCatalogue();
  const features = data?.features ?? [];
  const chosen = features.find((one) => one.column === leaf.feature);
  const change = (column: string) => {
    const next = features.find((one) => one.column === column);
    if (!next) return;
    const comparison = next.kind === chosen?.kind ? leaf.comparison : featureComparison(next.kind);
    onChange({ ...leaf, feature: column, comparison, choices: [] });
  };
  const unit = useUnit(chosen?.kind);
  const status = errorIf(wrong("feature") || (wrong("") && !chosen));
  return (
    <>
      <Select<string>
        className="ws-leaf-wide"
        aria-label={t("segments.field.feature")}
        placeholder={t("segments.field.feature")}
        value={leaf.feature || null}
        onChange={change}
        options={features.map((one) => ({ value: one.column, label: one.name }))}
        loading={isFetching}
        showSearch={{ optionFilterProp: "label" }}
        popupMatchSelectWidth={false}
        notFoundContent={t("segments.field.noFeatures")}
        {...(status && { status })}
      />
      {chosen && chosen.kind === "choice" && (
        <Select<string[]>
          mode="multiple"
          className="ws-leaf-wide"
          aria-label={t("segments.field.choices")}
          placeholder={t("segments.field.choices")}
          value={leaf.choices}
          onChange={(choices) => { onChange({ ...leaf, choices }); }}
          options={Object.entries(chosen.choices).map(([code, name]) => ({ value: code, label: name }))}
          showSearch={{ optionFilterProp: "label" }}
          popupMatchSelectWidth={false}
          {...((wrong("choices") || wrong("")) && { status: "error" })}
        />
      )}
      {chosen && leaf.comparison && (
        <ComparisonField value={leaf.comparison} onChange={(comparison) => { onChange({ ...leaf, comparison }); }} status={errorIf(wrong("comparison") || wrong(""))} {...unit} />
      )}
    </>
  );
}

function useUnit(kind: Feature["kind"] | undefined): { money?: boolean; unit?: string; min?: number } {
  const t = useT();
  switch (kind) {
    case "money": return { money: true };
    case "percent": return { unit: "%" };
    case "days_ago": return { unit: t("segments.field.unit.daysAgo") };
    case "days_ahead": return { unit: t("segments.field.unit.daysAhead") };
    default: return {};
  }
}
