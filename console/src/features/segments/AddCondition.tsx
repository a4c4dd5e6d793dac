import { Button, Dropdown, type MenuProps } from "antd";
import { useT } from "@/i18n";
import { useCatalogue } from "./api";
import type { LeafKind } from "./leaf";

/** The menu's sections, in the order in which one thinks of people. */
const sections = [
  ["profile", ["profile"]],
  ["relationship", ["relationship", "group"]],
  ["tag", ["tag"]],
  ["trade", ["orders", "bought"]],
  ["behaviour", ["events", "sequence", "touch"]],
  ["feature", ["feature"]],
  ["people", ["segment", "bucket"]],
] as const satisfies readonly (readonly [string, readonly LeafKind[]])[];

export function AddCondition({ disabled, onAdd }: { disabled: boolean; onAdd: (kind: LeafKind) => void }) {
  const t = useT();
  const { data } = useCatalogue();
  const without = data?.features.length === 0;
  const items: MenuProps["items"] = sections.map(([section, kinds]) => ({
    key: section,
    type: "group",
    label: t(`segments.section.${section}`),
    children: kinds.map((kind) => {
      const empty = kind === "feature" && without;
      return { key: kind, disabled: empty, label: t(empty ? "segments.builder.noFeatures" : `segments.asks.${kind}`) };
    }),
  }));
  return (
    <Dropdown menu={{ items, onClick: ({ key }) => { onAdd(key as LeafKind); } }} trigger={["click"]} autoFocus destroyOnHidden disabled={disabled} classNames={{ root: "ws-add-menu" }}>
      <Button type="link" size="small">{t("segments.builder.addLeaf")}</Button>
    </Dropdown>
  );
}
