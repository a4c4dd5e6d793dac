import { useQuery } from "@tanstack/react-query";
import { api, type Query } from "@/api/client";
import type { Page } from "@/api/types";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type LiveCodeRow = Schemas["LiveCodeRow"];
export type LiveCode = Schemas["LiveCodeView"];
export type LiveCodeBody = Schemas["LiveCodeBody"];
export type LiveCodePage = Schemas["LiveCodePage"];
export type Channel = Schemas["ChannelView"];
export type Look = NonNullable<LiveCode["poster"]["look"]>;

export const paths = { codes: "/api/v1/live-codes", channels: "/api/v1/channels" } as const;
export const channelsKey = ["channels"] as const;
export const codeKey = (id: number) => ["live-code", id] as const;
export const codesSummaryKey = ["live-codes-summary"] as const;

const codePath = (id: number) => `${paths.codes}/${String(id)}`;
export const codeVerb = (id: number, verb: "retry" | "archive" | "restore") => api.post<LiveCode>(`${codePath(id)}/${verb}`);
export const saveCode = (code: LiveCode | undefined, body: LiveCodeBody) =>
  code ? api.patch<LiveCode>(codePath(code.id), { ...body, version: code.version }) : api.post<LiveCode>(paths.codes, body);
/** The version in the address: a changed code is not shown from the browser's cache. */
export const qrUrl = (code: LiveCode) => `${codePath(code.id)}/qr.png?v=${String(code.version)}`;
export const posterPath = (code: LiveCode) => `${codePath(code.id)}/poster.png`;
export const qrPath = (code: LiveCode) => `${codePath(code.id)}/qr.png`;

/** Asked again every second while WeCom has not answered yet. */
export function useLiveCode(id: number | undefined) {
  return useQuery({
    queryKey: codeKey(id ?? 0),
    queryFn: ({ signal }) => api.get<LiveCode>(codePath(id ?? 0), undefined, signal),
    enabled: id !== undefined,
    refetchInterval: (query) => (query.state.data && isWaiting(query.state.data) ? 1000 : false),
  });
}

export const isWaiting = (code: LiveCode) => code.error === null && (code.status === "pending" || code.waiting);

/** Totals of all codes in use, for the page's sentence. */
export function useCodesSummary() {
  return useQuery({
    queryKey: codesSummaryKey,
    queryFn: ({ signal }) => api.get<LiveCodePage>(paths.codes, { page_size: 1 }, signal),
    refetchInterval: 30_000,
  });
}

/** How many codes wait for WeCom: while there are any, the list asks again. */
export function usePendingCodes() {
  return useQuery({
    queryKey: [...codesSummaryKey, "pending"],
    queryFn: ({ signal }) => api.get<Page<LiveCodeRow>>(paths.codes, { status: "pending", page_size: 1 }, signal),
    refetchInterval: (query) => (query.state.data?.total ? 1500 : false),
  });
}

export function useChannels(query: Query = {}) {
  return useQuery({
    queryKey: [...channelsKey, query],
    queryFn: ({ signal }) => api.get<Schemas["ChannelList"]>(paths.channels, query, signal),
  });
}
