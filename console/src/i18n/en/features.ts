import type { SameShape } from "../types";
import type { features as source } from "../zh/features";

export const features: SameShape<typeof source> = {
  menu: "Features",
  title: "{count} features are computed of each customer",
  lede: "How much they bought, how often they come, whether they will again. Segments, analyses and the customer's page all use these.",
  search: "Name, meaning, formula",
  group: "All groups",
  nothing: "Try another word, or look at all groups.",
  distribution: "Distribution",
  source: "Source: {source}",
  values: "Values: {values}",
  groups: { buying: "Buying", rhythm: "Rhythm and stage", value: "Value", traits: "Four traits", attention: "Attention" },
  groupAbout: {
    buying: "How often and for how much they bought, where and what.",
    rhythm: "How often they come, when probably next, and where they are in their life as a customer.",
    value: "Where they stand among the buyers, and what they may still bring.",
    traits: "A true private-domain user: reachable, sticky, trusting, convertible.",
    attention: "Whether they got too many messages lately, and whether they react.",
  },
  kind: { count: "count", money: "amount", days: "days", instant: "instant", probability: "probability", amount: "number", flag: "yes or no", choice: "choice", reference: "store", score: "score 1–5", hour: "hour of the day" },
  stand: {
    day: "Everybody as of", dayNote: "windows like the last 7 days end on it; computed anew after midnight",
    asOf: "Changes until", asOfNote: "all that happened before it counts; who changes is computed anew",
    measured: "Cut points of", buyers: "measured over {buyers} {buyers|buyer|buyers}",
    never: "not yet",
    rebuilding: "A limit was changed: everybody is being computed anew. Until that is done, segments and analyses use the former limits.",
  },
  settings: {
    open: "Set limits",
    title: "Limits of the features",
    footnote: "Everybody is computed anew",
    saved: "Saved; everybody is being computed anew",
    order: "Lost must not begin before decline",
    median: "buyers' median",
    section: { lifecycle: "Lifecycle", rhythm: "Rhythm", quadrant: "Quadrant", traits: "Four traits", attention: "Attention" },
    about: {
      lifecycle: "Enough purchases make a habit; a habit that pauses is in decline, and lost after longer. Of days and own gaps the later one counts.",
      rhythm: "How many gaps make a rhythm of one's own; how many shares everybody's rhythm has in the expected next order.",
      quadrant: "Cut lines of order value and orders a year; empty: the median of the buyers.",
      traits: "What sticky, trusting and convertible are read from.",
      attention: "How many touches without a reaction mean ignoring, how many in how long mean tired.",
    },
    field: {
      established_purchases: "Purchases that make a habit", established_days: "within so many days", decline_from_days: "Decline after days", decline_gaps: "or times their own gap",
      lost_after_days: "Lost after days", lost_gaps: "or times their own gap", golden_days: "Golden days", rhythm_gaps: "Gaps that make a rhythm",
      gap_weight: "Shares of everybody's rhythm", quadrant_value_fen: "Order value cut", quadrant_orders: "Orders a year cut", sticky_acts: "Sticky: days with an act",
      sticky_days: "within so many days", trusting_purchases: "Trusting: purchases", trusting_unhurt_days: "and no deletion in days", convertible_days: "Convertible: ordered in days",
      ignoring_touches: "Ignoring: touches unanswered", ignoring_days: "within so many days", tired_touches: "Tired: touches", tired_days: "within so many days",
    },
  },
};
