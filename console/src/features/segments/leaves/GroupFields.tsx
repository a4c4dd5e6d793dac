import { Select } from "antd";
import { useState } from "react";
import { GroupPicker } from "@/components/Pickers";
import { useT } from "@/i18n";
import { Choice, WindowField } from "../Fields";
import { groupScenes, type GroupLeaf, type GroupScene } from "../leaf";
import { errorIf, knownOf, type LeafProps } from "./shared";

export function GroupFields({ leaf, onChange, names, wrong }: LeafProps<GroupLeaf>) {
  const t = useT();
  // How and when somebody came in is asked rarely.
  const [more, setMore] = useState(leaf.scenes.length > 0 || leaf.joined.kind !== "ever");
  return (
    <>
      <Choice<GroupLeaf["match"]>
        value={leaf.match}
        onChange={(match) => { onChange({ ...leaf, match }); }}
        label={t("segments.field.match.label")}
        options={[["any", t("segments.field.inGroups.any")], ["all", t("segments.field.inGroups.all")], ["none", t("segments.field.inGroups.none")]]}
      />
      <span className="ws-leaf-wide">
        <GroupPicker value={leaf.group_ids} onChange={(ids: number[]) => { onChange({ ...leaf, group_ids: ids }); }} known={knownOf(names, "group")} placeholder={t("segments.field.groups")} status={errorIf(wrong("group_ids"))} />
      </span>
      {!more && <button type="button" className="ws-link ws-leaf-word ws-small" onClick={() => { setMore(true); }}>{t("segments.field.groupDetails")}</button>}
      {more && (
        <>
          <Select<GroupScene[]>
            mode="multiple"
            className="ws-leaf-pick"
            aria-label={t("segments.field.scenes")}
            placeholder={t("segments.field.scenes")}
            value={leaf.scenes}
            onChange={(scenes) => { onChange({ ...leaf, scenes }); }}
            options={groupScenes.map((scene) => ({ value: scene, label: t(`segments.field.scene.${scene}`) }))}
            popupMatchSelectWidth={false}
          />
          <span className="ws-leaf-word">{t("segments.field.joined")}</span>
          <WindowField value={leaf.joined} onChange={(joined) => { onChange({ ...leaf, joined }); }} label={t("segments.field.joined")} status={errorIf(wrong("joined"))} />
        </>
      )}
    </>
  );
}
