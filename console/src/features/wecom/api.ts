import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type Connection = Schemas["CompanyConnection"];
export type Change = Schemas["ConnectionChange"];
export type ConnectionTest = Schemas["ConnectionTest"];
export type Guide = Schemas["Guide"];
export type Step = Schemas["GuideStep"];
export type SyncState = Schemas["SyncState"];
export type SyncRun = Schemas["SyncRun"];
/** The API answers all three; only a change may leave some out. */
export type Reconciliation = Required<Schemas["Reconciliation"]>;
export type InboxEntry = Schemas["InboxEntry"];
export type OutboxEntry = Schemas["OutboxEntry"];
export type Decision = Schemas["OutboxDecision"];

const root = "/api/v1/wecom";
export const paths = { company: `${root}/company`, test: `${root}/company/test`, guide: `${root}/guide`, sync: `${root}/sync`, reconciliation: `${root}/reconciliation`, inbox: `${root}/inbox`, outbox: `${root}/outbox` } as const;
export const guideKey = ["wecom", "guide"] as const;
export const syncKey = ["wecom", "sync"] as const;
export const reconciliationKey = ["wecom", "reconciliation"] as const;

/** While WeCom is about to verify the callback address, the page looks every two seconds. */
export function useGuide() {
  return useQuery({
    queryKey: guideKey,
    queryFn: ({ signal }) => api.get<Guide>(paths.guide, undefined, signal),
    refetchInterval: (query) => {
      const callback = query.state.data?.steps.find((step) => step.name === "callback");
      const awaited = callback !== undefined && callback.state !== "done" && callback.reason !== "";
      return awaited ? 2000 : 15_000;
    },
  });
}

/** Asked every second while a sync runs. */
export function useSync() {
  return useQuery({
    queryKey: syncKey,
    queryFn: ({ signal }) => api.get<SyncState>(paths.sync, undefined, signal),
    refetchInterval: (query) => (query.state.data?.running ? 1000 : 30_000),
  });
}

/** When a full sync is made by itself. */
export function useReconciliation() {
  return useQuery({ queryKey: reconciliationKey, queryFn: ({ signal }) => api.get<Reconciliation>(paths.reconciliation, undefined, signal) });
}
