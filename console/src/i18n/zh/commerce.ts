import { messages } from "../types";

export const commerce = messages({});
