import { Select } from "antd";
import { useT } from "@/i18n";
import { Choice, WindowField } from "../Fields";
import type { ProfileLeaf, WindowValue } from "../leaf";
import { errorIf, type LeafProps } from "./shared";

export function ProfileFields({ leaf, onChange, wrong }: LeafProps<ProfileLeaf>) {
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
