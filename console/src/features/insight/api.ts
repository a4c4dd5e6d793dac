import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type Home = Schemas["HomeView"];
export type FigureData = Schemas["FigureView"];
export type StoreRow = Schemas["StoreRowView"];
export type NextStep = Schemas["NextStepView"];

export const homePath = "/api/v1/home";
export const homeKey = ["home"] as const;
/** The figures follow what happens within seconds; half a minute is soon enough for a page left open. */
const everyMs = 30_000;

export function useHome() {
  return useQuery({ queryKey: homeKey, queryFn: ({ signal }) => api.get<Home>(homePath, undefined, signal), refetchInterval: everyMs });
}

export const figure = (home: Home, name: string): FigureData | undefined => home.figures.find((one) => one.name === name);
