import type { SameShape } from "../types";
import type { people as source } from "../zh/people";

export const people: SameShape<typeof source> = {};
