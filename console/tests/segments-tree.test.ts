import { describe, expect, it } from "vitest";
import { missingIn } from "@/features/segments/missing";
import { addTo, countLeaves, depthOf, groupNode, leafNode, moveNode, newTree, readDefinition, removeNode, setKind, wrapNode, writeDefinition, type GroupNode } from "@/features/segments/tree";

const stored = {
  version: 1,
  root: {
    kind: "all",
    children: [
      { kind: "relationship", statuses: ["friend"], staff_ids: [], store_ids: [2], add_ways: [], states: [], added: { kind: "ever" } },
      { kind: "any", children: [{ kind: "coupon_held", campaign: 7 }, { kind: "tag", match: "none", tag_ids: [1] }] },
    ],
  },
};
const kinds = (group: GroupNode) => ((writeDefinition(group).root as { children: { kind: string }[] }).children).map((child) => child.kind);

describe("the tree of a segment", () => {
  it("is written as it was read, conditions that this page does not know included", () => {
    expect(writeDefinition(readDefinition(stored))).toEqual(stored);
  });

  it("reads what a stored leaf leaves out as the API means it, not as a new leaf begins", () => {
    const root = readDefinition({ version: 1, root: { kind: "all", children: [{ kind: "orders", measure: "count", comparison: { operator: ">=", value: 1 } }, { kind: "profile", genders: [2] }] } });
    expect((writeDefinition(root).root as { children: object[] }).children).toMatchObject([{ window: { kind: "ever" } }, { has_mobile: null, first_added: null }]);
  });

  it("adds, moves, wraps and removes; a group goes with its last child", () => {
    let root = newTree();
    root = addTo(root, root.uid, leafNode("orders"));
    root = addTo(root, root.uid, groupNode("any", [leafNode("tag")]));
    expect(kinds(root)).toEqual(["relationship", "orders", "any"]);
    const [first, second, third] = root.children;
    root = moveNode(root, second?.uid ?? 0, -1);
    expect(kinds(root)).toEqual(["orders", "relationship", "any"]);
    root = moveNode(root, second?.uid ?? 0, -1);
    expect(kinds(root)).toEqual(["orders", "relationship", "any"]);
    root = wrapNode(root, first?.uid ?? 0, "none");
    expect(kinds(root)).toEqual(["orders", "none", "any"]);
    expect([countLeaves(root), depthOf(root)]).toEqual([3, 2]);
    const inner = third as GroupNode;
    root = setKind(root, inner.uid, "all");
    root = removeNode(root, inner.children[0]?.uid ?? 0);
    expect(kinds(root)).toEqual(["orders", "none"]);
  });

  it("says what is still missing at the path of its field", () => {
    const root = groupNode("all", [leafNode("tag"), leafNode("relationship"), groupNode("any", [leafNode("orders")])]);
    expect(missingIn(root)).toEqual({ "root.children.0.tag_ids": "tags" });
    expect(missingIn(groupNode("all", []))).toEqual({ "root.children": "group" });
    const orders = readDefinition({ version: 1, root: { kind: "all", children: [{ kind: "orders", measure: "sum", comparison: { operator: "between", low: 5, high: 1 } }] } });
    expect(missingIn(orders)).toEqual({ "root.children.0.comparison": "range" });
  });
});
