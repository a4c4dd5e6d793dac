import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type OrderRow = Schemas["OrderRow"];
export type OrderView = Schemas["OrderView"];
export type ImportRun = Schemas["ImportView"];
export type Mapping = ImportRun["mapping"];
export type Options = ImportRun["options"];
export type FieldName = ImportRun["sure"][number];
export type Preview = Schemas["PreviewView"];
export type PreviewLine = Schemas["PreviewLine"];
export type Rejected = Schemas["RejectedView"];

export const paths = { orders: "/api/v1/orders", imports: "/api/v1/imports" } as const;
export const importPath = (id: number) => `${paths.imports}/${String(id)}`;
export const importPage = (id: number) => `/commerce/imports/${String(id)}`;
export const importKey = (id: number) => ["import", id] as const;
export const previewKey = (id: number) => ["import-preview", id] as const;

/** Fields of an order line, in the order in which the mapping shows them. */
export const fields = ["number", "placed_at", "buyer", "code", "description", "quantity", "price", "amount", "store", "line_id"] as const satisfies readonly FieldName[];
export const mayRun = (run: ImportRun) => run.status === "uploaded" || run.status === "mapped" || run.status === "failed";

export const uploadFile = (file: File, onProgress: (share: number) => void) => {
  const form = new FormData();
  form.append("file", file);
  return api.upload<Schemas["UploadView"]>(paths.imports, form, onProgress);
};
export const saveMapping = (id: number, mapping: Mapping, options: Options) => api.put<Preview>(`${importPath(id)}/mapping`, { mapping, options });
export const runImport = (id: number) => api.post<ImportRun>(`${importPath(id)}/run`);
export const discardImport = (id: number) => api.delete(importPath(id));

export function useImport(id: number) {
  return useQuery({ queryKey: importKey(id), queryFn: ({ signal }) => api.get<ImportRun>(importPath(id), undefined, signal) });
}

export function usePreview(id: number, enabled: boolean) {
  return useQuery({ queryKey: previewKey(id), queryFn: ({ signal }) => api.get<Preview>(`${importPath(id)}/preview`, undefined, signal), enabled });
}

export function useOrder(id: number | undefined) {
  return useQuery({
    queryKey: ["order", id],
    queryFn: ({ signal }) => api.get<OrderView>(`${paths.orders}/${String(id)}`, undefined, signal),
    enabled: id !== undefined,
  });
}

export function useSources() {
  return useQuery({ queryKey: ["order-sources"], queryFn: ({ signal }) => api.get<string[]>(`${paths.orders}/sources`, undefined, signal), staleTime: 60_000 });
}

export interface SideCounts {
  new: number;
  changed: number;
  unchanged: number;
  lines: number;
  without_customer: number;
  several_buyers: number;
  goods_fen: number;
  postage_fen: number;
  adjustment_fen: number;
  total_fen: number;
}

/** What a finished import counted; see the domain's README. */
export interface Counts {
  lines_in: number;
  lines_taken: number;
  lines_rejected: number;
  taken: { sale: number; gift: number; refund: number };
  lines_without_buyer: number;
  orders: SideCounts;
  refunds: SideCounts & { lines_matched: number; matched_fen: number; lines_without_order: number; without_order_fen: number; lines_never_matched: number; never_matched_fen: number };
  buyers: number;
  unknown_stores: number;
  seconds: number;
}
