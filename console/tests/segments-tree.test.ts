import { describe, expect, it } from "vitest";
import { emptyFilter, emptyLeaf, featureComparison, leafKinds, orderStep, type Leaf } from "@/features/segments/leaf";
import { missingIn } from "@/features/segments/missing";
import { addTo, countLeaves, depthOf, groupNode, leafNode, moveNode, newTree, readDefinition, removeNode, setKind, setLeaf, setLeast, wrapNode, writeDefinition, type GroupNode } from "@/features/segments/tree";

const stored = {
  version: 1,
  root: {
    kind: "all",
    children: [
      { kind: "relationship", statuses: ["friend"], staff_ids: [], store_ids: [2], add_ways: [], states: [], added: { kind: "ever" } },
      { kind: "any", children: [{ kind: "coupon_held", campaign: 7 }, { kind: "tag", match: "none", tag_ids: [1], sources: [], since: { kind: "ever" } }] },
      {
        kind: "at_least", n: 2, children: [
          { kind: "bucket", name: "A", from_percent: 0, to_percent: 50 },
          { kind: "segment", segment_id: 3, inside: false },
          { kind: "feature", feature: "lifecycle", comparison: null, choices: ["growth"] },
        ],
      },
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

  it("asks for at least so many, and says when there are fewer", () => {
    let root = groupNode("any", [leafNode("orders"), leafNode("bought"), leafNode("bucket")]);
    root = setKind(root, root.uid, "at_least");
    expect(writeDefinition(root).root).toMatchObject({ kind: "at_least", n: 2 });
    root = setLeast(root, root.uid, 3);
    expect(missingIn(root)).toEqual({});
    root = removeNode(root, root.children[0]?.uid ?? 0);
    expect(missingIn(root)).toEqual({ "root.n": "atLeast" });
    // The number waits while the group is another one, and is not written with it.
    root = setKind(root, root.uid, "all");
    expect(writeDefinition(root).root).not.toHaveProperty("n");
    expect(setKind(root, root.uid, "at_least").n).toBe(3);
  });

  it("begins a new condition complete, or says what has to be chosen", () => {
    const begins = Object.fromEntries(leafKinds.map((kind) => [kind, Object.entries(missingIn(groupNode("all", [leafNode(kind)])))]));
    const chosen = (field: string, what: string) => [[`root.children.0.${field}`, what]];
    expect(begins).toEqual({
      tag: chosen("tag_ids", "tags"), relationship: [], group: chosen("group_ids", "groups"), orders: [], profile: [], bought: [], events: chosen("kinds", "kinds"),
      sequence: [], feature: chosen("feature", "feature"), segment: chosen("segment_id", "segment"), bucket: [],
    });
  });

  it("says what is missing inside of events, steps and features", () => {
    const found = (leaf: Leaf) => {
      const root = groupNode("all", [leafNode("tag")]);
      return missingIn(setLeaf(root, root.children[0]?.uid ?? 0, leaf));
    };
    const events = { ...emptyLeaf.events(), kinds: ["order_placed"] } as Extract<Leaf, { kind: "events" }>;
    expect(found({ ...events, measure: "sum" })).toEqual({ "root.children.0.property": "property" });
    expect(found({ ...events, filters: [emptyFilter()] })).toEqual({ "root.children.0.filters.0.path": "property" });
    expect(found({ ...events, filters: [{ ...emptyFilter(), path: ["source"], exists: null }] })).toEqual({ "root.children.0.filters.0.texts": "texts" });
    const sequence = emptyLeaf.sequence() as Extract<Leaf, { kind: "sequence" }>;
    expect(found({ ...sequence, then: { ...orderStep(), what: "event" } })).toEqual({ "root.children.0.then.kinds": "kinds" });
    expect(found({ ...sequence, within: null })).toEqual({ "root.children.0.within": "within" });
    expect(found({ kind: "feature", feature: "stage", comparison: featureComparison("choice"), choices: [] })).toEqual({ "root.children.0.choices": "choices" });
    expect(found({ kind: "bucket", name: "A", from_percent: 50, to_percent: 50 })).toEqual({ "root.children.0.to_percent": "percent" });
  });
});
