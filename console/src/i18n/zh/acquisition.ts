import { messages } from "../types";

export const acquisition = messages({});
