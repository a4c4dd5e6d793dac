import type { SameShape } from "../types";
import type { wecom as source } from "../zh/wecom";

export const wecom: SameShape<typeof source> = {};
