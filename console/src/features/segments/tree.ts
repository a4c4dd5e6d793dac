/** The tree of a segment while it is edited. Pure functions: every change makes a new tree. */

export type GroupKind = "all" | "any" | "none";
export const groupKinds = ["all", "any", "none"] as const;

export type WindowValue = { kind: "ever" } | { kind: "rolling"; days: number | null } | { kind: "between"; start: string | null; end: string | null };
export type Operator = ">=" | "<=" | "=" | "between";
/** `value` for the plain operators, `low` and `high` for between. Null while a field is empty: the API says what is missing. */
export interface ComparisonValue {
  operator: Operator;
  value?: number | null;
  low?: number | null;
  high?: number | null;
}
export type Measure = "count" | "sum" | "average_order" | "days_since_last" | "days_since_first";
export const measures = ["count", "sum", "average_order", "days_since_last", "days_since_first"] as const;
export const isMoney = (measure: Measure) => measure === "sum" || measure === "average_order";

export interface TagLeaf { kind: "tag"; match: "any" | "all" | "none"; tag_ids: number[] }
export interface RelationshipLeaf {
  kind: "relationship";
  statuses: ("friend" | "lost" | "removed")[];
  staff_ids: number[];
  store_ids: number[];
  add_ways: number[];
  states: string[];
  added: WindowValue;
}
export interface OrdersLeaf { kind: "orders"; measure: Measure; window: WindowValue; comparison: ComparisonValue }
export interface ProfileLeaf { kind: "profile"; genders: number[]; has_mobile: boolean | null; first_added: WindowValue | null }
export type Leaf = TagLeaf | RelationshipLeaf | OrdersLeaf | ProfileLeaf;
export type LeafKind = Leaf["kind"];

/** `uid` keeps an input in place while its neighbours come and go; it never leaves the page. */
export interface LeafNode { uid: number; leaf: Leaf }
/** A condition of a domain that this page has no fields for: kept as it is. */
export interface OtherNode { uid: number; other: Readonly<Record<string, unknown>> }
export interface GroupNode { uid: number; kind: GroupKind; children: TreeNode[] }
export type TreeNode = LeafNode | OtherNode | GroupNode;

export const isGroup = (node: TreeNode): node is GroupNode => "children" in node;
export const isLeaf = (node: TreeNode): node is LeafNode => "leaf" in node;

let last = 0;
const uid = () => { last += 1; return last; };

export const emptyLeaf: Readonly<Record<LeafKind, () => Leaf>> = {
  tag: () => ({ kind: "tag", match: "any", tag_ids: [] }),
  relationship: () => ({ kind: "relationship", statuses: ["friend"], staff_ids: [], store_ids: [], add_ways: [], states: [], added: { kind: "ever" } }),
  orders: () => ({ kind: "orders", measure: "count", window: { kind: "rolling", days: 180 }, comparison: { operator: ">=", value: 1 } }),
  profile: () => ({ kind: "profile", genders: [], has_mobile: true, first_added: null }),
};
export const leafKinds = Object.keys(emptyLeaf) as LeafKind[];

export const leafNode = (kind: LeafKind): LeafNode => ({ uid: uid(), leaf: emptyLeaf[kind]() });
export const groupNode = (kind: GroupKind, children: TreeNode[]): GroupNode => ({ uid: uid(), kind, children });
/** A new segment begins with what nearly every one begins with: friends. */
export const newTree = (): GroupNode => groupNode("all", [leafNode("relationship")]);

type Json = Readonly<Record<string, unknown>>;

function readNode(raw: Json): TreeNode {
  const kind = raw.kind as string;
  if ((groupKinds as readonly string[]).includes(kind)) return groupNode(kind as GroupKind, (raw.children as Json[]).map(readNode));
  if ((leafKinds as readonly string[]).includes(kind)) return { uid: uid(), leaf: { ...emptyLeaf[kind as LeafKind](), ...absent(kind as LeafKind), ...raw } as Leaf };
  return { uid: uid(), other: raw };
}

/** What a stored leaf without the field means, which is not what a new leaf begins with. */
function absent(kind: LeafKind): object {
  if (kind === "orders") return { window: { kind: "ever" } };
  return kind === "profile" ? { has_mobile: null } : {};
}

export function readDefinition(definition: Json): GroupNode {
  return readNode(definition.root as Json) as GroupNode;
}

function writeNode(node: TreeNode): Json {
  if (isGroup(node)) return { kind: node.kind, children: node.children.map(writeNode) };
  return isLeaf(node) ? { ...node.leaf } : node.other;
}

export function writeDefinition(root: GroupNode): Record<string, unknown> {
  return { version: 1, root: writeNode(root) };
}

/** Apply `change` to the group with this uid. */
function atGroup(node: GroupNode, target: number, change: (group: GroupNode) => GroupNode): GroupNode {
  if (node.uid === target) return change(node);
  return { ...node, children: node.children.map((child) => (isGroup(child) ? atGroup(child, target, change) : child)) };
}

export const addTo = (root: GroupNode, group: number, node: TreeNode) =>
  atGroup(root, group, (found) => ({ ...found, children: [...found.children, node] }));

export const setKind = (root: GroupNode, group: number, kind: GroupKind) => atGroup(root, group, (found) => ({ ...found, kind }));

export function setLeaf(root: GroupNode, target: number, leaf: Leaf): GroupNode {
  return {
    ...root,
    children: root.children.map((child) => {
      if (isGroup(child)) return setLeaf(child, target, leaf);
      return child.uid === target ? { uid: target, leaf } : child;
    }),
  };
}

/** A group that is left empty goes with its last child; the outermost one stays. */
export function removeNode(root: GroupNode, target: number): GroupNode {
  const children = root.children
    .filter((child) => child.uid !== target)
    .map((child) => (isGroup(child) ? removeNode(child, target) : child))
    .filter((child) => !isGroup(child) || child.children.length > 0);
  return { ...root, children };
}

export function moveNode(root: GroupNode, target: number, by: -1 | 1): GroupNode {
  const from = root.children.findIndex((child) => child.uid === target);
  if (from < 0) return { ...root, children: root.children.map((child) => (isGroup(child) ? moveNode(child, target, by) : child)) };
  const children = [...root.children];
  const [moved] = children.splice(from, 1);
  if (moved) children.splice(Math.max(0, from + by), 0, moved);
  return { ...root, children };
}

/** Put one node into a group of its own, so that others can join it there. */
export function wrapNode(root: GroupNode, target: number, kind: GroupKind): GroupNode {
  return {
    ...root,
    children: root.children.map((child) => {
      if (child.uid === target) return groupNode(kind, [child]);
      return isGroup(child) ? wrapNode(child, target, kind) : child;
    }),
  };
}

export function countLeaves(node: TreeNode): number {
  return isGroup(node) ? node.children.reduce((sum, child) => sum + countLeaves(child), 0) : 1;
}

export function depthOf(node: TreeNode): number {
  return isGroup(node) ? 1 + Math.max(0, ...node.children.map(depthOf)) : 0;
}
