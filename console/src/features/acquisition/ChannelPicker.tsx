import { TreeSelect } from "antd";
import { useMemo } from "react";
import { useT } from "@/i18n";
import { useChannels, type Channel } from "./api";

interface Node {
  value: number;
  title: string;
  disabled?: boolean;
  children: Node[];
}

/** The flat list, parents before their branches, as a tree. `without`: a channel that can't be its own parent, with its branches. */
export function channelNodes(items: readonly Channel[], without?: number): Node[] {
  const nodes = new Map<number, Node>();
  const roots: Node[] = [];
  for (const item of items) {
    if (item.id === without) continue;
    const above = item.parent_id === null ? undefined : nodes.get(item.parent_id);
    if (item.parent_id !== null && !above) continue;
    const node: Node = { value: item.id, title: item.name, children: [] };
    nodes.set(item.id, node);
    (above?.children ?? roots).push(node);
  }
  return roots;
}

interface ChannelPickerProps {
  value?: number | null | undefined;
  onChange?: (id: number | null) => void;
  placeholder?: string;
  without?: number | undefined;
  /** Shown while the channel itself is archived and so not in the list. */
  known?: { id: number; name: string } | undefined;
  id?: string;
  disabled?: boolean;
  style?: React.CSSProperties;
}

export function ChannelPicker({ value, onChange, placeholder, without, known, style, ...rest }: ChannelPickerProps) {
  const t = useT();
  const channels = useChannels();
  const tree = useMemo(() => {
    const nodes = channelNodes(channels.data?.items ?? [], without);
    const listed = channels.data?.items.some((item) => item.id === known?.id);
    return known && channels.data && !listed ? [{ value: known.id, title: known.name, children: [] }, ...nodes] : nodes;
  }, [channels.data, without, known]);
  const hint = placeholder ?? t("acquisition.code.channel");
  return (
    <TreeSelect<number | null, Node>
      {...rest}
      value={value ?? null}
      onChange={(id) => { onChange?.(id ?? null); }}
      treeData={tree}
      treeDefaultExpandAll
      showSearch={{ treeNodeFilterProp: "title" }}
      allowClear
      loading={channels.isFetching}
      placeholder={hint}
      aria-label={hint}
      notFoundContent={t("acquisition.code.noChannels")}
      style={{ width: "100%", ...style }}
    />
  );
}
