import type { SameShape } from "../types";
import type { insight as source } from "../zh/insight";

export const insight: SameShape<typeof source> = {};
