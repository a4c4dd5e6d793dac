import { Input, InputNumber } from "antd";
import { useT } from "@/i18n";
import type { BucketLeaf } from "../leaf";
import type { LeafProps } from "./shared";

/** A random part: everybody has a place between 0 and 100 in the shuffle of this name, always the same one. */
export function BucketFields({ leaf, onChange, wrong }: LeafProps<BucketLeaf>) {
  const t = useT();
  const bad = wrong("from_percent") || wrong("to_percent") || wrong("");
  const percent = (key: "from_percent" | "to_percent", min: number, max: number) => (
    <InputNumber<number>
      aria-label={t(`segments.field.bucket.${key}`)}
      min={min}
      max={max}
      precision={0}
      value={leaf[key]}
      onChange={(next) => { onChange({ ...leaf, [key]: next }); }}
      style={{ width: 72 }}
      {...(bad && { status: "error" })}
    />
  );
  return (
    <>
      <span className="ws-leaf-pair">
        <span className="ws-leaf-word">{t("segments.field.bucket.name")}</span>
        <Input aria-label={t("segments.field.bucket.name")} title={t("segments.field.bucket.hint")} value={leaf.name} maxLength={60} onChange={(event) => { onChange({ ...leaf, name: event.target.value }); }} style={{ width: 120 }} {...(wrong("name") && { status: "error" })} />
      </span>
      <span className="ws-leaf-pair">
        <span className="ws-leaf-word">{t("segments.field.bucket.part")}</span>
        {percent("from_percent", 0, 99)}
        <span className="ws-leaf-word">{t("segments.field.to")}</span>
        {percent("to_percent", 1, 100)}
        <span className="ws-leaf-word">%</span>
      </span>
      <span className="ws-sub ws-leaf-note">{t("segments.field.bucket.hint")}</span>
    </>
  );
}
