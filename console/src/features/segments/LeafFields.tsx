import { Select } from "antd";
import { useState } from "react";
import { StaffPicker, StorePicker, TagPicker } from "@/components/Pickers";
import { useT } from "@/i18n";
import { useCatalogue } from "./api";
import { Choice, ComparisonField, WindowField } from "./Fields";
import { measures, type Leaf, type Measure, type OrdersLeaf, type ProfileLeaf, type RelationshipLeaf, type TagLeaf, type WindowValue } from "./tree";

/** Names of ids that the stored definition holds, by kind: tag, staff, store. */
export type Names = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface LeafProps<L extends Leaf> {
  leaf: L;
  onChange: (leaf: L) => void;
  names: Names;
  /** Whether a field is wrong: "tag_ids", "window.days". */
  wrong: (field: string) => boolean;
}

const knownOf = (names: Names, kind: string) => Object.entries(names[kind] ?? {}).map(([id, name]) => ({ id: Number(id), name }));
const errorIf = (wrong: boolean) => (wrong ? ("error" as const) : undefined);

export function LeafFields({ leaf, onChange, ...rest }: LeafProps<Leaf>) {
  switch (leaf.kind) {
    case "tag": return <TagFields leaf={leaf} onChange={onChange} {...rest} />;
    case "relationship": return <RelationshipFields leaf={leaf} onChange={onChange} {...rest} />;
    case "orders": return <OrdersFields leaf={leaf} onChange={onChange} {...rest} />;
    case "profile": return <ProfileFields leaf={leaf} onChange={onChange} {...rest} />;
  }
}

function TagFields({ leaf, onChange, names }: LeafProps<TagLeaf>) {
  const t = useT();
  return (
    <>
      <Choice<TagLeaf["match"]>
        value={leaf.match}
        onChange={(match) => { onChange({ ...leaf, match }); }}
        label={t("segments.field.match.label")}
        options={[["any", t("segments.field.match.any")], ["all", t("segments.field.match.all")], ["none", t("segments.field.match.none")]]}
      />
      <span className="ws-leaf-wide">
        <TagPicker value={leaf.tag_ids} onChange={(ids: number[]) => { onChange({ ...leaf, tag_ids: ids }); }} known={knownOf(names, "tag")} placeholder={t("segments.field.tags")} />
      </span>
    </>
  );
}

function RelationshipFields({ leaf, onChange, names, wrong }: LeafProps<RelationshipLeaf>) {
  const t = useT();
  const catalogue = useCatalogue();
  const statuses = (["friend", "lost", "removed"] as const).map((status) => ({ value: status, label: t(`segments.field.status.${status}`) }));
  const ways = Object.entries(catalogue.data?.add_ways ?? {}).map(([code, name]) => ({ value: Number(code), label: name }));
  const status = errorIf(wrong("statuses"));
  // Where a friendship came from is asked rarely: two fields fewer in a row that is long enough.
  const [more, setMore] = useState(leaf.add_ways.length > 0 || leaf.states.length > 0);
  return (
    <>
      <Select<RelationshipLeaf["statuses"]>
        mode="multiple"
        aria-label={t("segments.field.statuses")}
        placeholder={t("segments.field.statuses")}
        value={leaf.statuses}
        onChange={(next) => { onChange({ ...leaf, statuses: next }); }}
        options={statuses}
        popupMatchSelectWidth={false}
        style={{ minWidth: 104 }}
        {...(status && { status })}
      />
      <span className="ws-leaf-pick">
        <StorePicker value={leaf.store_ids} onChange={(ids: number[]) => { onChange({ ...leaf, store_ids: ids }); }} known={knownOf(names, "store")} placeholder={t("segments.field.stores")} />
      </span>
      <span className="ws-leaf-pick">
        <StaffPicker value={leaf.staff_ids} onChange={(ids: number[]) => { onChange({ ...leaf, staff_ids: ids }); }} known={knownOf(names, "staff")} placeholder={t("segments.field.staff")} />
      </span>
      <WindowField value={leaf.added} onChange={(added) => { onChange({ ...leaf, added }); }} label={t("segments.field.added")} status={errorIf(wrong("added"))} />
      {!more && <button type="button" className="ws-link ws-leaf-word ws-small" onClick={() => { setMore(true); }}>{t("segments.field.origin")}</button>}
      {more && (
        <>
          <Select<number[]>
            mode="multiple"
            className="ws-leaf-pick"
            aria-label={t("segments.field.addWays")}
            placeholder={t("segments.field.addWays")}
            value={leaf.add_ways}
            onChange={(add_ways) => { onChange({ ...leaf, add_ways }); }}
            options={ways}
            showSearch={{ optionFilterProp: "label" }}
            popupMatchSelectWidth={false}
          />
          <Select<string[]>
            mode="tags"
            className="ws-leaf-pick"
            aria-label={t("segments.field.states")}
            placeholder={t("segments.field.states")}
            value={leaf.states}
            onChange={(states) => { onChange({ ...leaf, states }); }}
            tokenSeparators={[",", "，", " "]}
            open={false}
            {...(wrong("states") && { status: "error" })}
          />
        </>
      )}
    </>
  );
}

function OrdersFields({ leaf, onChange, wrong }: LeafProps<OrdersLeaf>) {
  const t = useT();
  const change = (measure: Measure) => {
    // A number of orders makes no sense as yuan: the figure begins anew with the measure.
    const days = measure.startsWith("days");
    onChange({ ...leaf, measure, window: days ? { kind: "ever" } : leaf.window, comparison: { operator: days ? "<=" : ">=", value: days ? 90 : measure === "count" ? 1 : 10_000 } });
  };
  return (
    <>
      <WindowField value={leaf.window} onChange={(window) => { onChange({ ...leaf, window }); }} status={errorIf(wrong("window"))} />
      <Choice<Measure> value={leaf.measure} onChange={change} label={t("segments.field.measure.label")} options={measures.map((measure) => [measure, t(`segments.field.measure.${measure}`)] as const)} />
      <ComparisonField value={leaf.comparison} measure={leaf.measure} onChange={(comparison) => { onChange({ ...leaf, comparison }); }} status={errorIf(wrong("comparison") || wrong(""))} />
    </>
  );
}

function ProfileFields({ leaf, onChange, wrong }: LeafProps<ProfileLeaf>) {
  const t = useT();
  const mobile = leaf.has_mobile === null ? "any" : leaf.has_mobile ? "yes" : "no";
  const setFirst = (first_added: WindowValue | null) => { onChange({ ...leaf, first_added }); };
  return (
    <>
      <Select<number[]>
        mode="multiple"
        className="ws-leaf-pick"
        aria-label={t("segments.field.gender")}
        placeholder={t("segments.field.gender")}
        value={leaf.genders}
        onChange={(genders) => { onChange({ ...leaf, genders }); }}
        options={([0, 1, 2] as const).map((gender) => ({ value: gender, label: t(`segments.field.genders.g${gender}`) }))}
        popupMatchSelectWidth={false}
      />
      <Choice<"any" | "yes" | "no">
        value={mobile}
        onChange={(next) => { onChange({ ...leaf, has_mobile: next === "any" ? null : next === "yes" }); }}
        label={t("segments.field.mobile.label")}
        options={[["any", t("segments.field.mobile.any")], ["yes", t("segments.field.mobile.yes")], ["no", t("segments.field.mobile.no")]]}
        status={errorIf(wrong(""))}
      />
      {leaf.first_added === null ? (
        <button type="button" className="ws-link ws-leaf-word ws-small" onClick={() => { setFirst({ kind: "rolling", days: 30 }); }}>{t("segments.field.first.on")}</button>
      ) : (
        <>
          <span className="ws-leaf-word">{t("segments.field.first.label")}</span>
          <WindowField value={leaf.first_added} onChange={setFirst} label={t("segments.field.first.label")} status={errorIf(wrong("first_added"))} />
          <button type="button" className="ws-link ws-small" onClick={() => { setFirst(null); }}>{t("segments.field.first.off")}</button>
        </>
      )}
    </>
  );
}
