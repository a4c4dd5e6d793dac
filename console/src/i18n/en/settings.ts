import type { SameShape } from "../types";
import type { settings as source } from "../zh/settings";

export const settings: SameShape<typeof source> = {};
