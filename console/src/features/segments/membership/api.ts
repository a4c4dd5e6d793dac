import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { components } from "@/api/schema";
import { onePath, segmentKey } from "../api";

type Schemas = components["schemas"];
export type Membership = Schemas["SegmentMembership"];
export type Move = Schemas["SegmentMoveRow"];
export type Sizes = Schemas["SegmentSizes"];
export type PeoplePage = Schemas["SegmentPeoplePage"];

export const spans = ["day", "month", "year"] as const;
export type Span = (typeof spans)[number];

export const membershipPath = (id: number) => `${onePath(id)}/membership`;
export const movesPath = (id: number) => `${membershipPath(id)}/moves`;
export const peoplePath = (id: number) => `${onePath(id)}/people`;
export const membershipKey = (id: number) => [...segmentKey(id), "membership"] as const;

/** People come and go within seconds of a change; a page left open follows. */
const everyMs = 10_000;

/** Only there while somebody keeps the segment (`kept` of its sizes): without, the API refuses. */
export function useMembership(id: number, kept: boolean) {
  return useQuery({
    queryKey: [...membershipKey(id), "kept"],
    queryFn: ({ signal }) => api.get<Membership>(membershipPath(id), undefined, signal),
    refetchInterval: everyMs,
    enabled: kept,
  });
}

export function useSizes(id: number, span: Span) {
  return useQuery({
    queryKey: [...membershipKey(id), "sizes", span],
    queryFn: ({ signal }) => api.get<Sizes>(`${membershipPath(id)}/sizes`, { span }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: everyMs,
  });
}
