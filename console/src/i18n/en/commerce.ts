import type { SameShape } from "../types";
import type { commerce as source } from "../zh/commerce";

export const commerce: SameShape<typeof source> = {};
