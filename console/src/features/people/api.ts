import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api } from "@/api/client";
import type { components } from "@/api/schema";
import { useCan } from "@/api/session";
import type { Page } from "@/api/types";
import { useRefreshList } from "@/components/ServerTable";
import { useLanguage } from "@/i18n";

type Schemas = components["schemas"];
export type CustomerRow = Schemas["CustomerRow"];
export type Customer = Schemas["CustomerPage"];
export type Identity = Schemas["IdentityView"];
export type Relationship = Schemas["RelationshipView"];
export type Merge = Schemas["MergeView"];
export type MergePreview = Schemas["MergePreview"];
export type TimelineEvent = Schemas["TimelineEvent"];
export type Duplicate = Schemas["DuplicateView"];
export type GroupRow = Schemas["GroupRow"];
export type Group = Schemas["GroupPage"];
export type GroupMember = Schemas["GroupMemberRow"];
export type Department = Schemas["DepartmentView"];
export type Organisation = Schemas["Organisation"];
export type StaffRow = Schemas["StaffRow"];
export type TagTree = Schemas["TagTree"];
export type CustomerFeature = Schemas["CustomerFeatureView"];
type OrderRow = Schemas["OrderRow"];

export const paths = {
  customers: "/api/v1/customers",
  duplicates: "/api/v1/customers/duplicates",
  merges: "/api/v1/customers/merges",
  groups: "/api/v1/groups",
  organisation: "/api/v1/organisation",
  staff: "/api/v1/staff",
} as const;

/** Everything read about customers hangs below this key: after a merge any of it may have changed. */
const customersKey = ["customer"] as const;
export const organisationKey = ["organisation"] as const;
export const customerPath = (id: number) => `${paths.customers}/${String(id)}`;

/** Asked again every two seconds while WeCom has not answered what was changed here. */
export function useCustomer(id: number) {
  return useQuery({
    queryKey: [...customersKey, id],
    queryFn: ({ signal }) => api.get<Customer>(customerPath(id), undefined, signal),
    refetchInterval: (query) => (query.state.data?.relationships.some((one) => one.waiting > 0) ? 2000 : false),
    enabled: Number.isSafeInteger(id) && id > 0,
  });
}

export const groupPath = (id: number) => `${paths.groups}/${String(id)}`;

export function useGroup(id: number) {
  return useQuery({
    queryKey: ["group", id],
    queryFn: ({ signal }) => api.get<Group>(groupPath(id), undefined, signal),
    enabled: Number.isSafeInteger(id) && id > 0,
  });
}

/** How many customers there are in all, for the page's sentence. */
export function useCustomersTotal() {
  return useQuery({
    queryKey: [...customersKey, "total"],
    queryFn: async ({ signal }) => (await api.get<Page<CustomerRow>>(paths.customers, { page_size: 1 }, signal)).total,
    staleTime: 30_000,
  });
}

export function useTimeline(id: number, kinds: readonly string[]) {
  return useInfiniteQuery({
    queryKey: [...customersKey, id, "timeline", kinds],
    queryFn: ({ signal, pageParam }) => api.get<Schemas["Timeline"]>(`${customerPath(id)}/timeline`, { kind: kinds, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });
}

const ordersAtOnce = 6;

export function useCustomerOrders(id: number) {
  return useInfiniteQuery({
    queryKey: [...customersKey, id, "orders"],
    queryFn: ({ signal, pageParam }) => api.get<Page<OrderRow>>(`${customerPath(id)}/orders`, { page: pageParam, page_size: ordersAtOnce }, signal),
    initialPageParam: 1,
    getNextPageParam: (last) => (last.page * last.page_size < last.total ? last.page + 1 : undefined),
  });
}

export function useOrderTotals(id: number) {
  const can = useCan();
  return useQuery({
    queryKey: [...customersKey, id, "order-totals"],
    queryFn: ({ signal }) => api.get<Schemas["CustomerOrders"]>(`${customerPath(id)}/order-totals`, undefined, signal),
    enabled: can("commerce.order.read"),
  });
}

/** Words come in the reader's language. */
export function useCustomerFeatures(id: number) {
  const language = useLanguage();
  return useQuery({
    queryKey: [...customersKey, id, "features", language],
    queryFn: ({ signal }) => api.get<Schemas["CustomerFeaturesView"]>(`${customerPath(id)}/features`, undefined, signal),
  });
}

export function useOrigins(id: number) {
  return useQuery({
    queryKey: [...customersKey, id, "origins"],
    queryFn: ({ signal }) => api.get<Schemas["Origins"]>(`${customerPath(id)}/origins`, undefined, signal),
  });
}

/** Sentences for the codes of messages that were not sent; without the permission the code alone stands. */
export function useCareReasons() {
  const can = useCan();
  return useQuery({
    queryKey: ["care-reasons"],
    queryFn: ({ signal }) => api.get<Schemas["ReasonView"][]>("/api/v1/care/reasons", undefined, signal),
    staleTime: 600_000,
    enabled: can("care.policy.read"),
  });
}

export function useTagTree() {
  return useQuery({
    queryKey: ["tag-groups"],
    queryFn: ({ signal }) => api.get<TagTree>("/api/v1/tag-groups", undefined, signal),
    staleTime: 60_000,
  });
}

export function useMergePreview(one: number, other: number | undefined) {
  return useQuery({
    queryKey: [...customersKey, "merge-preview", one, other],
    queryFn: ({ signal }) => api.get<MergePreview>(`${paths.merges}/preview`, { one, other }, signal),
    enabled: other !== undefined,
    staleTime: 0,
  });
}

export function useOrganisation() {
  return useQuery({ queryKey: organisationKey, queryFn: ({ signal }) => api.get<Organisation>(paths.organisation, undefined, signal) });
}

export const reveal = async (customer: number, identity: number) =>
  (await api.post<Schemas["Revealed"]>(`${customerPath(customer)}/identities/${String(identity)}/reveal`)).value;
export const changeTags = (customer: number, body: Schemas["TagChange"]) => api.post<Schemas["Planned"]>(`${customerPath(customer)}/tags`, body);
export const changeRemark = (customer: number, relationship: number, body: Schemas["RemarkChange"]) =>
  api.patch<Schemas["Planned"]>(`${customerPath(customer)}/relationships/${String(relationship)}`, body);
/** Reads the customer again at WeCom; answers what was other than known. */
export const refreshFromWecom = (customer: number) => api.post<Schemas["Corrected"]>(`${customerPath(customer)}/refresh`);
export const merge = (one: number, other: number) => api.post<Customer>(paths.merges, { customer_ids: [one, other] });
export const undoMerge = (id: number) => api.post<Customer>(`${paths.merges}/${String(id)}/undo`);
export const dismiss = (identity: number) => api.post<Schemas["Dismissed"]>(`${paths.duplicates}/${String(identity)}/dismiss`);
export const changeDepartment = (id: number, body: Schemas["DepartmentChange"]) =>
  api.patch<Organisation>(`${paths.organisation}/departments/${String(id)}`, body);

/** After any change of a customer: their page, their timeline, the lists. */
export function useRefreshCustomers(): () => Promise<void> {
  const client = useQueryClient();
  const refresh = useRefreshList();
  return useCallback(async () => {
    await Promise.all([client.invalidateQueries({ queryKey: customersKey }), refresh(paths.customers), refresh(paths.duplicates)]);
  }, [client, refresh]);
}
