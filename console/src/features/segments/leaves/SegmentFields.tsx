import { useContext } from "react";
import { SegmentPicker } from "@/components/Pickers";
import { useT } from "@/i18n";
import { Choice } from "../Fields";
import type { SegmentLeaf } from "../leaf";
import { SegmentInHand } from "../inHand";
import { errorIf, knownOf, type LeafProps } from "./shared";

export function SegmentFields({ leaf, onChange, names, wrong }: LeafProps<SegmentLeaf>) {
  const t = useT();
  const own = useContext(SegmentInHand);
  return (
    <>
      <Choice<"in" | "out">
        value={leaf.inside ? "in" : "out"}
        onChange={(next) => { onChange({ ...leaf, inside: next === "in" }); }}
        label={t("segments.field.inside.label")}
        options={[["in", t("segments.field.inside.yes")], ["out", t("segments.field.inside.no")]]}
      />
      <span className="ws-leaf-wide">
        <SegmentPicker
          multiple={false}
          value={leaf.segment_id === null ? [] : [leaf.segment_id]}
          onChange={(ids: number[]) => { onChange({ ...leaf, segment_id: ids[0] ?? null }); }}
          known={knownOf(names, "segment")}
          without={own}
          status={errorIf(wrong("segment_id") || wrong(""))}
        />
      </span>
    </>
  );
}
