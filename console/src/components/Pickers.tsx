import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useMemo, useState } from "react";
import { api, type Query } from "@/api/client";
import type { Page } from "@/api/types";
import { useT } from "@/i18n";
import { useDebounced } from "./useDebounced";

interface Option {
  value: number;
  label: string;
  note?: string | undefined;
}

interface RemoteSelectProps<T> {
  path: string;
  /** Sent with every question. */
  query?: Query;
  toOption: (item: T) => Option;
  placeholder: string;
  value?: readonly number[] | undefined;
  onChange?: (value: number[]) => void;
  multiple?: boolean;
  /** Texts of values that a search has not brought yet: what the edited thing already holds. */
  known?: readonly { id: number; name: string }[];
  disabled?: boolean;
  /** Never offered: the thing that is being edited, among its own kind. */
  without?: number | undefined;
  /** The list takes `ids`: names of chosen things are asked for. */
  byId?: boolean;
  id?: string;
  style?: React.CSSProperties;
  status?: "error" | undefined;
}

const none: readonly { id: number; name: string }[] = [];

/** A choice among things of the API: asks as one types, so that thousands of staff or stores do not matter. */
function RemoteSelect<T>({ path, query, toOption, placeholder, value, onChange, multiple = true, known = none, without, byId = true, style, status, ...rest }: RemoteSelectProps<T>) {
  const t = useT();
  const [typed, setTyped] = useState("");
  const q = useDebounced(typed, 250);
  const { data, isFetching } = useQuery({
    queryKey: ["picker", path, query, q],
    queryFn: ({ signal }) => api.get<Page<T>>(path, { ...query, q, page_size: 50 }, signal),
    staleTime: 30_000,
  });
  const [seen, setSeen] = useState<readonly Option[]>([]);
  const options = useMemo(() => (data?.items ?? []).map(toOption), [data, toOption]);
  // A value from the address or an older form, whose name nothing here knows: asked for by id.
  const unnamed = useMemo(() => {
    const named = new Set([...known.map(({ id }) => id), ...seen.map((option) => option.value), ...options.map((option) => option.value)]);
    return (value ?? []).filter((id) => !named.has(id)).sort((a, b) => a - b);
  }, [known, seen, options, value]);
  const { data: asked } = useQuery({
    queryKey: ["picker", path, "ids", unnamed],
    queryFn: ({ signal }) => api.get<Page<T>>(path, { ids: unnamed, page_size: 200 }, signal),
    enabled: byId && data !== undefined && unnamed.length > 0,
    staleTime: 300_000,
  });
  const all = useMemo(() => {
    const merged = new Map<number, Option>();
    for (const { id, name } of known) merged.set(id, { value: id, label: name });
    for (const item of asked?.items ?? []) merged.set(toOption(item).value, toOption(item));
    for (const option of [...seen, ...options]) merged.set(option.value, option);
    // Only what answers the search is offered; what is chosen keeps its text.
    const offered = new Set([...options.map((option) => option.value), ...(value ?? [])]);
    return [...merged.values()].filter((option) => offered.has(option.value) && option.value !== without);
  }, [known, asked, toOption, seen, options, value, without]);
  const keep = (ids: number[]) => {
    setSeen(all.filter((option) => ids.includes(option.value)));
    onChange?.(ids);
  };
  const shared = {
    ...rest,
    options: all,
    placeholder,
    "aria-label": placeholder,
    showSearch: { filterOption: false, onSearch: setTyped } as const,
    loading: isFetching,
    notFoundContent: isFetching ? t("common.table.loading") : t("common.picker.none"),
    allowClear: true,
    optionRender: (option: { data: Option }) => (
      <span>
        {option.data.label}
        {option.data.note && <span className="ws-small ws-muted"> {option.data.note}</span>}
      </span>
    ),
    style: { width: "100%", ...style },
    ...(status && { status }),
  };
  return multiple ? (
    <Select<number[], Option> {...shared} mode="multiple" value={[...(value ?? [])]} onChange={keep} />
  ) : (
    <Select<number, Option> {...shared} value={value?.[0] ?? null} onChange={(one: number | undefined) => { keep(one === undefined ? [] : [one]); }} />
  );
}

export interface PickerProps extends Omit<RemoteSelectProps<never>, "path" | "query" | "toOption" | "placeholder"> {
  placeholder?: string;
}

interface StaffItem { id: number; name: string; store_name?: string | null }
interface StoreItem { id: number; name: string; city?: string | null }
interface TagItem { id: number; name: string; group_name?: string | null }
interface CustomerItem { id: number; name: string; mobile_masked?: string | null }

interface ProductItem { id: number; code: string; name: string; category: string }

const staffOption = (item: StaffItem): Option => ({ value: item.id, label: item.name, note: item.store_name ?? undefined });
const storeOption = (item: StoreItem): Option => ({ value: item.id, label: item.name, note: item.city ?? undefined });
const tagOption = (item: TagItem): Option => ({ value: item.id, label: item.name, note: item.group_name ?? undefined });
const customerOption = (item: CustomerItem): Option => ({ value: item.id, label: item.name, note: item.mobile_masked ?? undefined });

const productOption = (item: ProductItem): Option => ({ value: item.id, label: item.name || item.code, note: [item.name ? item.code : "", item.category].filter(Boolean).join(" · ") || undefined });
interface GroupItem { id: number; name: string; owner_name?: string | null; store_name?: string | null }

const groupOption = (item: GroupItem): Option => ({ value: item.id, label: item.name || `#${String(item.id)}`, note: [item.owner_name, item.store_name].filter(Boolean).join(" · ") || undefined });
const segmentOption = (item: { id: number; name: string }): Option => ({ value: item.id, label: item.name });

/** Values are arrays of ids also for a single choice: one shape for forms and filters. */
export function StaffPicker(props: PickerProps) {
  const t = useT();
  return <RemoteSelect<StaffItem> placeholder={t("common.picker.staff")} {...props} path="/api/v1/staff" toOption={staffOption} />;
}

export function StorePicker(props: PickerProps) {
  const t = useT();
  return <RemoteSelect<StoreItem> placeholder={t("common.picker.store")} {...props} path="/api/v1/stores" toOption={storeOption} />;
}

export function DepartmentPicker(props: PickerProps) {
  const t = useT();
  return <RemoteSelect<StoreItem> placeholder={t("common.picker.department")} {...props} path="/api/v1/departments" toOption={storeOption} />;
}

export function TagPicker(props: PickerProps) {
  const t = useT();
  return <RemoteSelect<TagItem> placeholder={t("common.picker.tag")} {...props} path="/api/v1/tags" toOption={tagOption} />;
}

/** Customer groups. */
export function GroupPicker(props: PickerProps) {
  const t = useT();
  return <RemoteSelect<GroupItem> placeholder={t("common.picker.group")} {...props} path="/api/v1/groups" toOption={groupOption} />;
}

export function CustomerPicker(props: PickerProps) {
  const t = useT();
  return <RemoteSelect<CustomerItem> placeholder={t("shell.search.short")} multiple={false} byId={false} {...props} path="/api/v1/customers" toOption={customerOption} />;
}

const goods: Query = { kind: "goods" };

/** Goods that are sold. */
export function ProductPicker(props: PickerProps) {
  const t = useT();
  return <RemoteSelect<ProductItem> placeholder={t("common.picker.product")} {...props} path="/api/v1/products" query={goods} toOption={productOption} />;
}

export function SegmentPicker(props: PickerProps) {
  const t = useT();
  return <RemoteSelect<{ id: number; name: string }> placeholder={t("common.picker.segment")} {...props} path="/api/v1/segments" toOption={segmentOption} />;
}

export function BroadcastPicker(props: PickerProps) {
  const t = useT();
  return <RemoteSelect<{ id: number; name: string }> placeholder={t("common.picker.broadcast")} byId={false} {...props} path="/api/v1/broadcasts" toOption={segmentOption} />;
}
