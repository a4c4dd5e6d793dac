/** The analyses in the order in which they are offered. */
export const analyses = ["retention", "repurchase", "funnel", "rfm", "quadrant", "lifecycle", "distribution", "overlap"] as const;
export type AnalysisName = (typeof analyses)[number];
/** The first one stands at the address of the menu entry, the others below it, so that the entry stays marked. */
export const pathOf = (name: AnalysisName) => (name === analyses[0] ? "/insight/analysis" : `/insight/analysis/${name}`);
