import { messages } from "../types";

export const people = messages({});
