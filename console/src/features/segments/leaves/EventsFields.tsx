import { useT } from "@/i18n";
import { Choice, ComparisonField, WindowField } from "../Fields";
import { eventMeasures, ofProperty, type ComparisonValue, type EventMeasure, type EventsLeaf } from "../leaf";
import { EventKindPicker } from "./EventKindPicker";
import { PathPicker } from "./PathPicker";
import { PropertyFilters } from "./PropertyFilters";
import { errorIf, type LeafProps } from "./shared";

const inDays = (measure: EventMeasure) => measure.startsWith("days");

export function EventsFields({ leaf, onChange, wrong }: LeafProps<EventsLeaf>) {
  const t = useT();
  const change = (measure: EventMeasure) => {
    // Times make no sense as days: the figure begins anew where the unit changes.
    const comparison: ComparisonValue = inDays(measure) === inDays(leaf.measure) ? leaf.comparison : { operator: inDays(measure) ? "<=" : ">=", value: inDays(measure) ? 30 : 1 };
    onChange({ ...leaf, measure, comparison, property: ofProperty(measure) ? leaf.property : null, window: inDays(measure) ? { kind: "ever" } : leaf.window });
  };
  const unit = leaf.measure === "count" ? t("segments.field.unit.times") : inDays(leaf.measure) ? t("segments.field.unit.daysAgo") : leaf.measure === "distinct" ? t("segments.field.unit.different") : undefined;
  return (
    <>
      <WindowField value={leaf.window} onChange={(window) => { onChange({ ...leaf, window }); }} status={errorIf(wrong("window"))} />
      <span className="ws-leaf-wide">
        <EventKindPicker value={leaf.kinds} onChange={(kinds) => { onChange({ ...leaf, kinds }); }} status={errorIf(wrong("kinds"))} />
      </span>
      <PropertyFilters kinds={leaf.kinds} value={leaf.filters} onChange={(filters) => { onChange({ ...leaf, filters }); }} wrong={(field) => wrong(`filters.${field}`)} />
      <span className="ws-leaf-sub">
        <Choice<EventMeasure> value={leaf.measure} onChange={change} label={t("segments.field.measure.label")} options={eventMeasures.map((measure) => [measure, t(`segments.field.events.${measure}`)] as const)} />
        {ofProperty(leaf.measure) && <PathPicker kinds={leaf.kinds} value={leaf.property} onChange={(property) => { onChange({ ...leaf, property }); }} status={errorIf(wrong("property"))} />}
        <ComparisonField value={leaf.comparison} onChange={(comparison) => { onChange({ ...leaf, comparison }); }} status={errorIf(wrong("comparison") || wrong(""))} unit={unit} min={unit ? 0 : undefined} />
      </span>
    </>
  );
}
