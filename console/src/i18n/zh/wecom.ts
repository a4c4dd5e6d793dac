import { messages } from "../types";

export const wecom = messages({});
