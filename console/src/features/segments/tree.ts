/** The tree of a segment while it is edited. Pure functions: every change makes a new tree. */

import { absent, emptyLeaf, leafKinds, type Leaf, type LeafKind } from "./leaf";

export type GroupKind = "all" | "any" | "none" | "at_least";
export const groupKinds = ["all", "any", "none", "at_least"] as const;

/** `uid` keeps an input in place while its neighbours come and go; it never leaves the page. */
export interface LeafNode { uid: number; leaf: Leaf }
/** A condition of a domain that this page has no fields for: kept as it is. */
export interface OtherNode { uid: number; other: Readonly<Record<string, unknown>> }
/** `n`: how many children must hold; only for at_least. Null while the field is empty. */
export interface GroupNode { uid: number; kind: GroupKind; children: TreeNode[]; n: number | null }
export type TreeNode = LeafNode | OtherNode | GroupNode;

export const isGroup = (node: TreeNode): node is GroupNode => "children" in node;
export const isLeaf = (node: TreeNode): node is LeafNode => "leaf" in node;

let last = 0;
const uid = () => { last += 1; return last; };

export const leafNode = (kind: LeafKind): LeafNode => ({ uid: uid(), leaf: emptyLeaf[kind]() });
export const groupNode = (kind: GroupKind, children: TreeNode[], n: number | null = null): GroupNode => ({ uid: uid(), kind, children, n });
/** A new segment begins with what nearly every one begins with: friends. */
export const newTree = (): GroupNode => groupNode("all", [leafNode("relationship")]);

type Json = Readonly<Record<string, unknown>>;

function readNode(raw: Json): TreeNode {
  const kind = raw.kind as string;
  if ((groupKinds as readonly string[]).includes(kind)) return groupNode(kind as GroupKind, (raw.children as Json[]).map(readNode), kind === "at_least" ? (raw.n as number) : null);
  if ((leafKinds as readonly string[]).includes(kind)) return { uid: uid(), leaf: { ...emptyLeaf[kind as LeafKind](), ...absent[kind as LeafKind], ...raw } as Leaf };
  return { uid: uid(), other: raw };
}

export function readDefinition(definition: Json): GroupNode {
  return readNode(definition.root as Json) as GroupNode;
}

function writeNode(node: TreeNode): Json {
  if (isGroup(node)) return { kind: node.kind, ...(node.kind === "at_least" && { n: node.n }), children: node.children.map(writeNode) };
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

/** "At least" begins with two, which is where it differs from "any"; a number that was chosen before stays. */
export const setKind = (root: GroupNode, group: number, kind: GroupKind) =>
  atGroup(root, group, (found) => ({ ...found, kind, n: kind === "at_least" ? found.n ?? Math.max(1, Math.min(2, found.children.length)) : found.n }));

export const setLeast = (root: GroupNode, group: number, n: number | null) => atGroup(root, group, (found) => ({ ...found, n }));

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
