import { Select } from "antd";
import { useState } from "react";
import { TagPicker } from "@/components/Pickers";
import { useT } from "@/i18n";
import { Choice, WindowField } from "../Fields";
import { tagSources, type TagLeaf, type TagSource } from "../leaf";
import { errorIf, knownOf, type LeafProps } from "./shared";

export function TagFields({ leaf, onChange, names, wrong }: LeafProps<TagLeaf>) {
  const t = useT();
  // When and by whom a tag was put on is asked rarely.
  const [more, setMore] = useState(leaf.sources.length > 0 || leaf.since.kind !== "ever");
  return (
    <>
      <Choice<TagLeaf["match"]>
        value={leaf.match}
        onChange={(match) => { onChange({ ...leaf, match }); }}
        label={t("segments.field.match.label")}
        options={[["any", t("segments.field.match.any")], ["all", t("segments.field.match.all")], ["none", t("segments.field.match.none")]]}
      />
      <span className="ws-leaf-wide">
        <TagPicker value={leaf.tag_ids} onChange={(ids: number[]) => { onChange({ ...leaf, tag_ids: ids }); }} known={knownOf(names, "tag")} placeholder={t("segments.field.tags")} status={errorIf(wrong("tag_ids"))} />
      </span>
      {!more && <button type="button" className="ws-link ws-leaf-word ws-small" onClick={() => { setMore(true); }}>{t("segments.field.tagDetails")}</button>}
      {more && (
        <>
          <Select<TagSource[]>
            mode="multiple"
            className="ws-leaf-pick"
            aria-label={t("segments.field.sources")}
            placeholder={t("segments.field.sources")}
            value={leaf.sources}
            onChange={(sources) => { onChange({ ...leaf, sources }); }}
            options={tagSources.map((source) => ({ value: source, label: t(`segments.field.source.${source}`) }))}
            popupMatchSelectWidth={false}
          />
          <span className="ws-leaf-word">{t("segments.field.since")}</span>
          <WindowField value={leaf.since} onChange={(since) => { onChange({ ...leaf, since }); }} label={t("segments.field.since")} status={errorIf(wrong("since"))} />
        </>
      )}
    </>
  );
}
