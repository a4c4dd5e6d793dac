/** The conditions, as the API takes them; a field is null or empty while it is not filled in. */

export type WindowValue = { kind: "ever" } | { kind: "rolling"; days: number | null } | { kind: "between"; start: string | null; end: string | null };
export type Operator = ">=" | "<=" | "=" | "between";
/** `value` for the plain operators, `low` and `high` for between. Null while a field is empty: the API says what is missing. */
export interface ComparisonValue {
  operator: Operator;
  value?: number | null;
  low?: number | null;
  high?: number | null;
}

export interface TagLeaf { kind: "tag"; match: "any" | "all" | "none"; tag_ids: number[]; sources: TagSource[]; since: WindowValue }
export const tagSources = ["wecom", "manual", "live_code"] as const;
export type TagSource = (typeof tagSources)[number];

export interface GroupLeaf { kind: "group"; match: "any" | "all" | "none"; group_ids: number[]; scenes: GroupScene[]; joined: WindowValue }
export const groupScenes = ["invited", "link", "qr"] as const;
export type GroupScene = (typeof groupScenes)[number];

export interface RelationshipLeaf {
  kind: "relationship";
  statuses: ("friend" | "lost" | "removed")[];
  staff_ids: number[];
  store_ids: number[];
  add_ways: number[];
  states: string[];
  added: WindowValue;
}

export const orderMeasures = ["count", "sum", "average_order", "days_since_last", "days_since_first", "refunds", "refunded"] as const;
export type OrderMeasure = (typeof orderMeasures)[number];
export interface OrdersLeaf { kind: "orders"; measure: OrderMeasure; window: WindowValue; comparison: ComparisonValue }

export interface ProfileLeaf { kind: "profile"; genders: number[]; has_mobile: boolean | null; first_added: WindowValue | null }

export const boughtMeasures = ["orders", "lines", "quantity", "amount"] as const;
export type BoughtMeasure = (typeof boughtMeasures)[number];
export interface BoughtLeaf {
  kind: "bought";
  categories: string[];
  product_ids: number[];
  store_ids: number[];
  measure: BoughtMeasure;
  window: WindowValue;
  comparison: ComparisonValue;
}

export const touchOutcomes = ["delivered", "ignored", "refused", "withheld"] as const;
export type TouchOutcome = (typeof touchOutcomes)[number];
/** `answer_days`: how long an answer is waited for; only `ignored` asks it. */
export interface TouchLeaf { kind: "touch"; outcome: TouchOutcome; broadcast_ids: number[]; answer_days: number | null; window: WindowValue; comparison: ComparisonValue }

/** Where a property stands in the event's data, step by step. */
export type Path = string[];
/** Asks one thing: `texts`, `comparison` or `exists`. */
export interface PropertyFilter { path: Path; texts: string[]; comparison: ComparisonValue | null; exists: true | null }

export const eventMeasures = ["count", "days_since_last", "days_since_first", "distinct", "sum", "average", "min", "max", "last"] as const;
export type EventMeasure = (typeof eventMeasures)[number];
/** Measures of a property; the others are of the events themselves. */
export const ofProperty = (measure: EventMeasure) => !["count", "days_since_last", "days_since_first"].includes(measure);
export interface EventsLeaf {
  kind: "events";
  kinds: string[];
  filters: PropertyFilter[];
  measure: EventMeasure;
  property: Path | null;
  window: WindowValue;
  comparison: ComparisonValue;
}

export interface Step { what: "order" | "event"; kinds: string[]; filters: PropertyFilter[]; store_ids: number[] }
export interface SequenceLeaf {
  kind: "sequence";
  first: Step;
  then: Step;
  happened: boolean;
  within: number | null;
  unit: "minutes" | "hours" | "days";
  window: WindowValue;
}

export interface FeatureLeaf { kind: "feature"; feature: string; comparison: ComparisonValue | null; choices: string[] }
export interface SegmentLeaf { kind: "segment"; segment_id: number | null; inside: boolean }
export interface BucketLeaf { kind: "bucket"; name: string; from_percent: number | null; to_percent: number | null }

export type Leaf = TagLeaf | RelationshipLeaf | GroupLeaf | OrdersLeaf | ProfileLeaf | BoughtLeaf | EventsLeaf | SequenceLeaf | TouchLeaf | FeatureLeaf | SegmentLeaf | BucketLeaf;
export type LeafKind = Leaf["kind"];

const ever: WindowValue = { kind: "ever" };
export const orderStep = (): Step => ({ what: "order", kinds: [], filters: [], store_ids: [] });
export const emptyFilter = (): PropertyFilter => ({ path: [], texts: [], comparison: null, exists: true });

/** What a new condition begins with: true of somebody at once, where it does not need a choice. */
export const emptyLeaf: Readonly<Record<LeafKind, () => Leaf>> = {
  tag: () => ({ kind: "tag", match: "any", tag_ids: [], sources: [], since: ever }),
  relationship: () => ({ kind: "relationship", statuses: ["friend"], staff_ids: [], store_ids: [], add_ways: [], states: [], added: ever }),
  group: () => ({ kind: "group", match: "any", group_ids: [], scenes: [], joined: ever }),
  orders: () => ({ kind: "orders", measure: "count", window: { kind: "rolling", days: 180 }, comparison: { operator: ">=", value: 1 } }),
  profile: () => ({ kind: "profile", genders: [], has_mobile: true, first_added: null }),
  bought: () => ({ kind: "bought", categories: [], product_ids: [], store_ids: [], measure: "orders", window: { kind: "rolling", days: 180 }, comparison: { operator: ">=", value: 1 } }),
  events: () => ({ kind: "events", kinds: [], filters: [], measure: "count", property: null, window: { kind: "rolling", days: 30 }, comparison: { operator: ">=", value: 1 } }),
  sequence: () => ({ kind: "sequence", first: orderStep(), then: orderStep(), happened: false, within: 60, unit: "days", window: ever }),
  touch: () => ({ kind: "touch", outcome: "delivered", broadcast_ids: [], answer_days: 7, window: { kind: "rolling", days: 30 }, comparison: { operator: ">=", value: 1 } }),
  feature: () => ({ kind: "feature", feature: "", comparison: null, choices: [] }),
  segment: () => ({ kind: "segment", segment_id: null, inside: true }),
  bucket: () => ({ kind: "bucket", name: "A", from_percent: 0, to_percent: 50 }),
};
export const leafKinds = Object.keys(emptyLeaf) as LeafKind[];

/** What a stored leaf without the field means, where that is not what a new leaf begins with. */
export const absent: Readonly<Partial<Record<LeafKind, object>>> = {
  orders: { window: ever },
  bought: { window: ever },
  events: { window: ever },
  profile: { has_mobile: null },
  touch: { window: ever, answer_days: 7 },
};

type FeatureKind = "number" | "money" | "percent" | "days_ago" | "days_ahead" | "choice";
/** A comparison to begin with when this feature is chosen; null for one that is chosen from a list. */
export function featureComparison(kind: FeatureKind): ComparisonValue | null {
  switch (kind) {
    case "choice": return null;
    case "days_ago": case "days_ahead": return { operator: "<=", value: 30 };
    case "percent": return { operator: ">=", value: 50 };
    case "money": return { operator: ">=", value: 10_000 };
    case "number": return { operator: ">=", value: 1 };
  }
}
