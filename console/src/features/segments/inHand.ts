import { createContext } from "react";

/** The segment that is being edited: it can't be a condition of itself. undefined: a new one. */
export const SegmentInHand = createContext<number | undefined>(undefined);
