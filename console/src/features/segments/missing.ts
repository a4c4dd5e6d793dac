/** What is not filled in yet, told without asking the API. The API judges everything; this only spares it the half-done. */

import { ofProperty, type ComparisonValue, type Leaf, type PropertyFilter, type Step, type WindowValue } from "./leaf";
import { isGroup, isLeaf, type GroupNode, type TreeNode } from "./tree";

/** Key of a message under segments.missing. */
export type Missing =
  | "tags" | "statuses" | "number" | "range" | "dates" | "days" | "profile" | "group" | "atLeast"
  | "groups" | "kinds" | "property" | "texts" | "within" | "feature" | "choices" | "segment" | "deck" | "percent";
type Found = readonly [field: string, what: Missing] | undefined;

export function missingIn(root: GroupNode): Record<string, Missing> {
  const found: Record<string, Missing> = {};
  look(root, "root", found);
  return found;
}

function look(node: TreeNode, path: string, found: Record<string, Missing>): void {
  if (isGroup(node)) {
    if (node.children.length === 0) found[`${path}.children`] = "group";
    else if (node.kind === "at_least" && (node.n == null || node.n < 1 || node.n > node.children.length)) found[`${path}.n`] = "atLeast";
    node.children.forEach((child, index) => { look(child, `${path}.children.${String(index)}`, found); });
  } else if (isLeaf(node)) {
    const [field, what] = ofLeaf(node.leaf) ?? [];
    if (what) found[field ? `${path}.${field}` : path] = what;
  }
}

function ofLeaf(leaf: Leaf): Found {
  switch (leaf.kind) {
    case "tag": return leaf.tag_ids.length === 0 ? ["tag_ids", "tags"] : ofWindow("since", leaf.since);
    case "relationship": return leaf.statuses.length === 0 ? ["statuses", "statuses"] : ofWindow("added", leaf.added);
    case "group": return leaf.group_ids.length === 0 ? ["group_ids", "groups"] : ofWindow("joined", leaf.joined);
    case "orders": case "bought": return ofWindow("window", leaf.window) ?? ofComparison("comparison", leaf.comparison);
    case "touch": return leaf.answer_days == null ? ["answer_days", "within"] : ofWindow("window", leaf.window) ?? ofComparison("comparison", leaf.comparison);
    case "profile":
      if (leaf.genders.length === 0 && leaf.has_mobile === null && leaf.first_added === null) return ["", "profile"];
      return leaf.first_added ? ofWindow("first_added", leaf.first_added) : undefined;
    case "events":
      if (leaf.kinds.length === 0) return ["kinds", "kinds"];
      if (ofProperty(leaf.measure) && !leaf.property) return ["property", "property"];
      return ofWindow("window", leaf.window) ?? ofComparison("comparison", leaf.comparison) ?? ofFilters("filters", leaf.filters);
    case "sequence":
      return ofStep("first", leaf.first) ?? ofStep("then", leaf.then) ?? (leaf.within == null ? ["within", "within"] : ofWindow("window", leaf.window));
    case "feature":
      if (leaf.feature === "") return ["feature", "feature"];
      if (leaf.comparison) return ofComparison("comparison", leaf.comparison);
      return leaf.choices.length === 0 ? ["choices", "choices"] : undefined;
    case "segment": return leaf.segment_id == null ? ["segment_id", "segment"] : undefined;
    case "bucket":
      if (leaf.name.trim() === "") return ["name", "deck"];
      return leaf.from_percent == null || leaf.to_percent == null || leaf.to_percent <= leaf.from_percent ? ["to_percent", "percent"] : undefined;
  }
}

function ofStep(field: string, step: Step): Found {
  if (step.what === "order") return undefined;
  return step.kinds.length === 0 ? [`${field}.kinds`, "kinds"] : ofFilters(`${field}.filters`, step.filters);
}

function ofFilters(field: string, filters: readonly PropertyFilter[]): Found {
  for (const [index, filter] of filters.entries()) {
    const at = `${field}.${String(index)}`;
    if (filter.path.length === 0) return [`${at}.path`, "property"];
    if (filter.comparison) {
      const found = ofComparison(`${at}.comparison`, filter.comparison);
      if (found) return found;
    } else if (!filter.exists && filter.texts.length === 0) return [`${at}.texts`, "texts"];
  }
  return undefined;
}

function ofWindow(field: string, window: WindowValue): Found {
  if (window.kind === "rolling" && window.days == null) return [`${field}.days`, "days"];
  if (window.kind === "between" && (!window.start || !window.end)) return [`${field}.start`, "dates"];
  return undefined;
}

function ofComparison(field: string, comparison: ComparisonValue): Found {
  if (comparison.operator !== "between") return comparison.value == null ? [`${field}.value`, "number"] : undefined;
  if (comparison.low == null || comparison.high == null) return [`${field}.low`, "number"];
  return comparison.high < comparison.low ? [field, "range"] : undefined;
}
