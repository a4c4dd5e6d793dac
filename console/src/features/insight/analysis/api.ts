import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, type Query } from "@/api/client";
import type { components } from "@/api/schema";
import { useLanguage } from "@/i18n";

type Schemas = components["schemas"];
export type Metric = Schemas["MetricView"];
export type Cohorts = Schemas["Cohorts"];
export type Cohort = Schemas["Cohort"];
export type Repurchase = Schemas["Repurchase"];
export type Funnel = Schemas["Funnel"];
export type FunnelGroup = Schemas["FunnelGroup"];
export type RfmMap = Schemas["RfmMap"];
export type QuadrantChart = Schemas["QuadrantChart"];
export type SpendGroup = Schemas["RfmGroup"] | Schemas["QuadrantGroup"];
export type LifecycleFlow = Schemas["LifecycleFlow"];
export type Distribution = Schemas["Distribution"];
export type DistributionField = Schemas["DistributionField"];
export type Overlap = Schemas["OverlapFound"];

export interface Answer<T> {
  now: string;
  as_of: string | null;
  behind_seconds: number | null;
  found: T;
}

export const analysisPath = (name: string) => `/api/v1/insight/analysis/${name}`;

/** Words come in the reader's language, so another language is another question. */
export function useAnalysis<T>(name: string, query: Query, enabled = true) {
  const language = useLanguage();
  return useQuery({
    queryKey: ["analysis", name, query, language],
    queryFn: ({ signal }) => api.get<Answer<T>>(analysisPath(name), query, signal),
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** What figures are called and mean; the same for pages, API and files. */
export function useMetrics() {
  return useQuery({
    queryKey: ["metrics"],
    queryFn: async ({ signal }) => new Map((await api.get<Metric[]>("/api/v1/insight/metrics", undefined, signal)).map((metric) => [metric.name, metric])),
    staleTime: Infinity,
  });
}

export function useFields() {
  const language = useLanguage();
  return useQuery({
    queryKey: ["analysis-fields", language],
    queryFn: ({ signal }) => api.get<DistributionField[]>(analysisPath("distribution/fields"), undefined, signal),
    staleTime: Infinity,
  });
}
