import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type Feature = Schemas["FeatureView"];
export type FeatureSettings = Schemas["FeatureSettings"];
export type FeatureStand = Schemas["FeatureStandView"];

export const featuresPath = "/api/v1/insight/features";
export const settingsKey = ["feature-settings"] as const;
export const standKey = ["feature-stand"] as const;

/** Both languages come with it, so another language asks nothing. */
export function useFeatures() {
  return useQuery({ queryKey: ["features"], queryFn: ({ signal }) => api.get<Feature[]>(featuresPath, undefined, signal), staleTime: Infinity });
}

/** Looked at often while everybody is computed anew. */
export function useFeatureStand() {
  return useQuery({
    queryKey: standKey,
    queryFn: ({ signal }) => api.get<FeatureStand>(`${featuresPath}/stand`, undefined, signal),
    refetchInterval: (query) => (query.state.data?.rebuilding ? 2_000 : 30_000),
  });
}

export function useFeatureSettings(open: boolean) {
  return useQuery({ queryKey: settingsKey, queryFn: ({ signal }) => api.get<FeatureSettings>(`${featuresPath}/settings`, undefined, signal), enabled: open });
}
