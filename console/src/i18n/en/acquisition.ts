import type { SameShape } from "../types";
import type { acquisition as source } from "../zh/acquisition";

export const acquisition: SameShape<typeof source> = {};
