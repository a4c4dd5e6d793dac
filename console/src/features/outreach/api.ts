import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { components } from "@/api/schema";
import type { Page } from "@/api/types";

type Schemas = components["schemas"];
export type BroadcastRow = Schemas["BroadcastRow"];
export type Broadcast = Schemas["BroadcastDetail"];
export type BroadcastWish = Schemas["BroadcastWish"];
export type Content = Schemas["Content"];
export type Rehearsal = Schemas["RehearsalView"];
export type TaskRow = Schemas["TaskRow"];
export type TouchRow = Schemas["TouchRow"];
export type Result = Schemas["ResultView"];
export type ArmResult = Schemas["ArmResult"];
export type Difference = Schemas["DifferenceView"];
export type ReasonCount = Schemas["TouchReasonCount"];
export type Segment = Schemas["SegmentView"];

export const broadcastsPath = "/api/v1/broadcasts";
export const tasksPath = "/api/v1/outreach/tasks";
export const onePath = (id: number | string) => `${broadcastsPath}/${String(id)}`;
export const pagePath = (id: number | string, part = "") => `/outreach/broadcasts/${String(id)}${part}`;
export const broadcastKey = (id: number | string) => ["broadcast", String(id)] as const;

const moving = (broadcast: Broadcast | undefined) => broadcast !== undefined && ["planning", "sending", "cancelling"].includes(broadcast.status);

/** Asked again every three seconds while something is under way. */
export function useBroadcast(id: string | undefined, live = true) {
  return useQuery({
    queryKey: broadcastKey(id ?? ""),
    queryFn: ({ signal }) => api.get<Broadcast>(onePath(id ?? ""), undefined, signal),
    enabled: id !== undefined,
    refetchInterval: (query) => (live && moving(query.state.data) ? 3000 : false),
  });
}

/** Nothing is written by it, so it may be asked like any reading; never from the cache. */
export function useRehearsal(id: string) {
  return useQuery({
    queryKey: [...broadcastKey(id), "rehearsal"],
    queryFn: ({ signal }) => api.post<Rehearsal>(`${onePath(id)}/rehearsal`, undefined, undefined, signal),
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

export function useResult(id: string) {
  return useQuery({
    queryKey: [...broadcastKey(id), "result"],
    queryFn: ({ signal }) => api.get<Result>(`${onePath(id)}/result`, undefined, signal),
    refetchInterval: (query) => (query.state.data && (query.state.data.running || !query.state.data.complete) ? 15_000 : false),
    retry: false,
  });
}

export function useSegments(q: string) {
  return useQuery({
    queryKey: ["picker", "segments", q],
    queryFn: ({ signal }) => api.get<Page<Segment>>("/api/v1/segments", { q, page_size: 50, status: "live" }, signal),
    staleTime: 30_000,
  });
}

export function useSegment(id: number | undefined) {
  return useQuery({
    queryKey: ["picker", "segment", id],
    queryFn: ({ signal }) => api.get<Segment>(`/api/v1/segments/${String(id)}`, undefined, signal),
    enabled: id !== undefined,
    retry: false,
  });
}
