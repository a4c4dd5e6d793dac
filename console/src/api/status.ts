/** What the shell says on every page: how old the figures are, whether WeCom is connected. */

import { useQuery } from "@tanstack/react-query";
import { api } from "./client";
import type { components } from "./schema";
import { useCan } from "./session";

export type Freshness = components["schemas"]["Freshness"];
export type WecomStatus = components["schemas"]["WecomStatus"];

export const wecomStatusKey = ["wecom", "status"] as const;
const everyMs = 30_000;

export function useFreshness() {
  const can = useCan();
  return useQuery({
    queryKey: ["freshness"],
    queryFn: ({ signal }) => api.get<Freshness>("/api/v1/freshness", undefined, signal),
    enabled: can("warehouse.freshness.read"),
    refetchInterval: everyMs,
  });
}

export function useWecomStatus(refreshMs = everyMs) {
  const can = useCan();
  return useQuery({
    queryKey: wecomStatusKey,
    queryFn: ({ signal }) => api.get<WecomStatus>("/api/v1/wecom/status", undefined, signal),
    enabled: can("wecom.status.read"),
    refetchInterval: refreshMs,
  });
}
