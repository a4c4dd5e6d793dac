import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type Connection = Schemas["CompanyConnection"];
export type Wish = Schemas["CompanyWish"];
export type ConnectionTest = Schemas["ConnectionTest"];
export type SyncState = Schemas["SyncState"];
export type InboxEntry = Schemas["InboxEntry"];
export type OutboxEntry = Schemas["OutboxEntry"];
export type Decision = Schemas["OutboxDecision"];

const root = "/api/v1/wecom";
export const paths = { company: `${root}/company`, test: `${root}/company/test`, sync: `${root}/sync`, inbox: `${root}/inbox`, outbox: `${root}/outbox` } as const;
export const connectionKey = ["wecom", "company"] as const;
export const syncKey = ["wecom", "sync"] as const;

export function useConnection() {
  return useQuery({ queryKey: connectionKey, queryFn: ({ signal }) => api.get<Connection>(paths.company, undefined, signal) });
}

/** Asked every second while a sync runs. */
export function useSync() {
  return useQuery({
    queryKey: syncKey,
    queryFn: ({ signal }) => api.get<SyncState>(paths.sync, undefined, signal),
    refetchInterval: (query) => (query.state.data?.running ? 1000 : 30_000),
  });
}
