import type { Leaf } from "../leaf";

/** Names of ids that the stored definition holds, by kind: tag, staff, store, group, product, segment. */
export type Names = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface LeafProps<L extends Leaf> {
  leaf: L;
  onChange: (leaf: L) => void;
  names: Names;
  /** Whether a field is wrong: "tag_ids", "window.days". */
  wrong: (field: string) => boolean;
}

export const knownOf = (names: Names, kind: string) => Object.entries(names[kind] ?? {}).map(([id, name]) => ({ id: Number(id), name }));
export const errorIf = (wrong: boolean) => (wrong ? ("error" as const) : undefined);
