import { messages } from "../types";

export const insight = messages({});
