import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { components } from "@/api/schema";
import { useLanguage } from "@/i18n";

type Schemas = components["schemas"];
export type Segment = Schemas["SegmentView"];
export type SegmentDetail = Schemas["SegmentDetail"];
export type Preview = Schemas["SegmentPreview"];
export type Person = Schemas["SegmentPerson"];
export type Explanation = Schemas["SegmentExplanation"];
export type Verdict = Schemas["SegmentVerdict"];
export type Version = Schemas["SegmentVersionView"];
export type Snapshot = Schemas["SegmentSnapshotView"];
export type Catalogue = Schemas["SegmentCatalogue"];
export type Feature = Schemas["SegmentFeature"];
export type EventKind = Schemas["SegmentEventKind"];
export type EventProperties = Schemas["SegmentEventProperties"];
export type Settings = Schemas["SegmentSettings"];

export const path = "/api/v1/segments";
export const settingsPath = `${path}/settings`;
export const onePath = (id: number | string) => `${path}/${String(id)}`;
export const segmentKey = (id: number | string) => ["segment", String(id)] as const;

type Definition = Record<string, unknown>;

export function useSegment(id: string | undefined) {
  return useQuery({
    queryKey: segmentKey(id ?? ""),
    queryFn: ({ signal }) => api.get<SegmentDetail>(onePath(id ?? ""), undefined, signal),
    enabled: id !== undefined,
    // The builder holds a copy: a read behind its back must not look like a change of the operator's.
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
}

/** Cancelled by itself when another definition takes its place. */
export function usePreview(definition: string, seed: number, enabled: boolean) {
  const language = useLanguage();
  return useQuery({
    queryKey: ["segment-preview", definition, seed, language],
    queryFn: ({ signal }) => api.post<Preview>(`${path}/preview`, { definition: JSON.parse(definition) as Definition, seed, sample_size: 5 }, undefined, signal),
    enabled,
    placeholderData: keepPreviousData,
    retry: false,
    refetchInterval: 60_000,
  });
}

export function useExplanation(definition: string, customer: number | undefined, current: boolean) {
  const language = useLanguage();
  return useQuery({
    queryKey: ["segment-explain", definition, customer, language],
    queryFn: ({ signal }) => api.post<Explanation>(`${path}/explain/${String(customer)}`, { definition: JSON.parse(definition) as Definition }, undefined, signal),
    enabled: customer !== undefined && current,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export function useCatalogue() {
  const language = useLanguage();
  return useQuery({ queryKey: ["segment-catalogue", language], queryFn: ({ signal }) => api.get<Catalogue>(`${path}/catalogue`, undefined, signal), staleTime: Infinity });
}

/** Kinds of events that happened, the most frequent first. */
export function useEventKinds() {
  const language = useLanguage();
  return useQuery({ queryKey: ["segment-event-kinds", language], queryFn: ({ signal }) => api.get<EventKind[]>(`${path}/event-kinds`, undefined, signal), staleTime: 300_000 });
}

/** What events of these kinds carry, learned from a sample. */
export function useEventProperties(kinds: readonly string[]) {
  return useQuery({
    queryKey: ["segment-event-properties", kinds],
    queryFn: ({ signal }) => api.get<EventProperties>(`${path}/event-kinds/properties`, { kind: kinds }, signal),
    enabled: kinds.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 300_000,
  });
}

export function useVersions(id: number, open: boolean) {
  const language = useLanguage();
  return useQuery({ queryKey: [...segmentKey(id), "versions", language], queryFn: ({ signal }) => api.get<Version[]>(`${onePath(id)}/versions`, undefined, signal), enabled: open });
}

export function useSnapshots(id: number, open: boolean) {
  return useQuery({ queryKey: [...segmentKey(id), "snapshots"], queryFn: ({ signal }) => api.get<Snapshot[]>(`${onePath(id)}/snapshots`, undefined, signal), enabled: open });
}

export function useSettings(open: boolean) {
  return useQuery({ queryKey: ["segment-settings"], queryFn: ({ signal }) => api.get<Settings>(settingsPath, undefined, signal), enabled: open });
}
