import type { SameShape } from "../types";
import type { outreach as source } from "../zh/outreach";

export const outreach: SameShape<typeof source> = {};
