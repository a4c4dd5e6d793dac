import { Select } from "antd";
import { useState } from "react";
import { StaffPicker, StorePicker } from "@/components/Pickers";
import { useT } from "@/i18n";
import { useCatalogue } from "../api";
import { WindowField } from "../Fields";
import type { RelationshipLeaf } from "../leaf";
import { errorIf, knownOf, type LeafProps } from "./shared";

export function RelationshipFields({ leaf, onChange, names, wrong }: LeafProps<RelationshipLeaf>) {
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
