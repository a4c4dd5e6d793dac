import type { SameShape } from "../types";
import type { segments as source } from "../zh/segments";

export const segments: SameShape<typeof source> = {};
