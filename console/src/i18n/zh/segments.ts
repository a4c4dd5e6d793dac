import { messages } from "../types";

export const segments = messages({});
