import { InputNumber } from "antd";
import { StorePicker } from "@/components/Pickers";
import { useT } from "@/i18n";
import { Choice, WindowField } from "../Fields";
import { orderStep, type SequenceLeaf, type Step } from "../leaf";
import { EventKindPicker } from "./EventKindPicker";
import { PropertyFilters } from "./PropertyFilters";
import { errorIf, knownOf, type LeafProps, type Names } from "./shared";

/** "First this" on one line, "and within so long that" on the next. */
export function SequenceFields({ leaf, onChange, names, wrong }: LeafProps<SequenceLeaf>) {
  const t = useT();
  const units = (["minutes", "hours", "days"] as const).map((unit) => [unit, t(`segments.field.sequence.${unit}`)] as const);
  return (
    <>
      <WindowField value={leaf.window} onChange={(window) => { onChange({ ...leaf, window }); }} label={t("segments.field.sequence.window")} status={errorIf(wrong("window"))} />
      <StepFields step={leaf.first} label={t("segments.field.sequence.first")} names={names} onChange={(first) => { onChange({ ...leaf, first }); }} wrong={(field) => wrong(field ? `first.${field}` : "first")} />
      <span className="ws-leaf-sub">
        <span className="ws-leaf-word">{t("segments.field.sequence.after")}</span>
        <span className="ws-leaf-pair">
          <InputNumber<number>
            aria-label={t("segments.field.sequence.within")}
            min={1}
            max={10_000}
            precision={0}
            value={leaf.within}
            onChange={(within) => { onChange({ ...leaf, within }); }}
            style={{ width: 72 }}
            {...(wrong("within") && { status: "error" })}
          />
          <Choice<SequenceLeaf["unit"]> value={leaf.unit} onChange={(unit) => { onChange({ ...leaf, unit }); }} label={t("segments.field.sequence.unit")} options={units} />
        </span>
        <Choice<"yes" | "no">
          value={leaf.happened ? "yes" : "no"}
          onChange={(next) => { onChange({ ...leaf, happened: next === "yes" }); }}
          label={t("segments.field.sequence.happened")}
          options={[["yes", t("segments.field.sequence.yes")], ["no", t("segments.field.sequence.no")]]}
        />
        <StepFields step={leaf.then} label={t("segments.field.sequence.then")} names={names} onChange={(then) => { onChange({ ...leaf, then }); }} wrong={(field) => wrong(field ? `then.${field}` : "then")} />
      </span>
    </>
  );
}

interface StepFieldsProps {
  step: Step;
  label: string;
  names: Names;
  onChange: (step: Step) => void;
  wrong: (field: string) => boolean;
}

function StepFields({ step, label, names, onChange, wrong }: StepFieldsProps) {
  const t = useT();
  return (
    <>
      <Choice<Step["what"]>
        value={step.what}
        onChange={(what) => { onChange({ ...orderStep(), what }); }}
        label={label}
        options={[["order", t("segments.field.sequence.order")], ["event", t("segments.field.sequence.event")]]}
      />
      {step.what === "order" ? (
        <span className="ws-leaf-pick">
          <StorePicker value={step.store_ids} onChange={(ids: number[]) => { onChange({ ...step, store_ids: ids }); }} known={knownOf(names, "store")} placeholder={t("segments.field.stores")} />
        </span>
      ) : (
        <>
          <span className="ws-leaf-wide">
            <EventKindPicker value={step.kinds} onChange={(kinds) => { onChange({ ...step, kinds }); }} status={errorIf(wrong("kinds"))} />
          </span>
          <PropertyFilters kinds={step.kinds} value={step.filters} onChange={(filters) => { onChange({ ...step, filters }); }} wrong={(field) => wrong(`filters.${field}`)} />
        </>
      )}
    </>
  );
}
