/** What is not filled in yet, told without asking the API. The API judges everything; this only spares it the half-done. */

import { isGroup, isLeaf, type ComparisonValue, type GroupNode, type Leaf, type TreeNode, type WindowValue } from "./tree";

/** Key of a message under segments.missing. */
export type Missing = "tags" | "statuses" | "number" | "range" | "dates" | "days" | "profile" | "group";

export function missingIn(root: GroupNode): Record<string, Missing> {
  const found: Record<string, Missing> = {};
  look(root, "root", found);
  return found;
}

function look(node: TreeNode, path: string, found: Record<string, Missing>): void {
  if (isGroup(node)) {
    if (node.children.length === 0) found[`${path}.children`] = "group";
    node.children.forEach((child, index) => { look(child, `${path}.children.${String(index)}`, found); });
  } else if (isLeaf(node)) {
    const [field, what] = ofLeaf(node.leaf) ?? [];
    if (what) found[field ? `${path}.${field}` : path] = what;
  }
}

function ofLeaf(leaf: Leaf): readonly [string, Missing] | undefined {
  switch (leaf.kind) {
    case "tag": return leaf.tag_ids.length === 0 ? ["tag_ids", "tags"] : undefined;
    case "relationship": return leaf.statuses.length === 0 ? ["statuses", "statuses"] : ofWindow("added", leaf.added);
    case "orders": return ofWindow("window", leaf.window) ?? ofComparison(leaf.comparison);
    case "profile":
      if (leaf.genders.length === 0 && leaf.has_mobile === null && leaf.first_added === null) return ["", "profile"];
      return leaf.first_added ? ofWindow("first_added", leaf.first_added) : undefined;
  }
}

function ofWindow(field: string, window: WindowValue): readonly [string, Missing] | undefined {
  if (window.kind === "rolling" && window.days == null) return [`${field}.days`, "days"];
  if (window.kind === "between" && (!window.start || !window.end)) return [`${field}.start`, "dates"];
  return undefined;
}

function ofComparison(comparison: ComparisonValue): readonly [string, Missing] | undefined {
  if (comparison.operator !== "between") return comparison.value == null ? ["comparison.value", "number"] : undefined;
  if (comparison.low == null || comparison.high == null) return ["comparison.low", "number"];
  return comparison.high < comparison.low ? ["comparison", "range"] : undefined;
}
