import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import type { components } from "@/api/schema";
import type { Page } from "@/api/types";
import { useDebounced } from "@/components/useDebounced";
import { useT } from "@/i18n";

type Category = components["schemas"]["CategoryRow"];

/** Categories of goods are known by their name alone. */
export function CategoryPicker({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  const t = useT();
  const [typed, setTyped] = useState("");
  const q = useDebounced(typed, 250);
  const { data, isFetching } = useQuery({
    queryKey: ["picker", "categories", q],
    queryFn: ({ signal }) => api.get<Page<Category>>("/api/v1/products/categories", { q, page_size: 100 }, signal),
    staleTime: 30_000,
  });
  return (
    <Select<string[]>
      mode="multiple"
      style={{ width: "100%" }}
      aria-label={t("segments.field.categories")}
      placeholder={t("segments.field.categories")}
      value={value}
      onChange={onChange}
      options={(data?.items ?? []).map((item) => ({ value: item.category, label: item.category }))}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      notFoundContent={isFetching ? t("common.table.loading") : t("common.picker.none")}
      popupMatchSelectWidth={false}
    />
  );
}
