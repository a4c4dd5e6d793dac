import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { components } from "@/api/schema";
import { useLanguage } from "@/i18n";

type Schemas = components["schemas"];
export type LifetimeValue = Schemas["LifetimeValueView"];
export type Fitted = Schemas["FittedView"];
export type BackTest = Schemas["BackTestView"];
export type BackTestRow = Schemas["BackTestRow"];

export const lifetimePath = "/api/v1/insight/lifetime-value";
export const lifetimeKey = ["lifetime-value"] as const;

/** Looked at every second while a fit is at work. */
export function useLifetimeValue() {
  const language = useLanguage();
  return useQuery({
    queryKey: [...lifetimeKey, language],
    queryFn: ({ signal }) => api.get<LifetimeValue>(lifetimePath, undefined, signal),
    refetchInterval: (query) => (query.state.data?.fitting ? 1_000 : 60_000),
  });
}

export const startFit = () => api.post<Schemas["Started"]>(`${lifetimePath}/fit`);
