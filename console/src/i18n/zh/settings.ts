import { messages } from "../types";

export const settings = messages({});
