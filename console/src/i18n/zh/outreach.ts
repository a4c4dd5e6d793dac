import { messages } from "../types";

export const outreach = messages({});
