/** Page, sort, search and filters of a list live in the address: a list can be reloaded, shared and gone back to. */

import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import type { Query } from "@/api/client";

export interface ListState {
  page: number;
  pageSize: number;
  /** "-placed_at" or "name"; empty: the API's own order. */
  sort: string;
  q: string;
  filters: Readonly<Record<string, readonly string[]>>;
}

export interface ListControl {
  state: ListState;
  /** What the API is asked, paging included. */
  query: Query;
  /** The same without paging: for exports. */
  filterQuery: Query;
  filtered: boolean;
  change: (next: Partial<ListState>) => void;
  reset: () => void;
}

/** @param filterNames query parameters of this list @param prefix for a second list on one page @param defaultPageSize rows a page */
export function useListState(filterNames: readonly string[], prefix = "", defaultPageSize = 20, defaultSort = ""): ListControl {
  const [params, setParams] = useSearchParams();
  const names = filterNames.join(",");

  const state = useMemo<ListState>(() => {
    const filters: Record<string, readonly string[]> = {};
    for (const name of names ? names.split(",") : []) filters[name] = params.getAll(prefix + name);
    return {
      page: Math.max(1, Number(params.get(`${prefix}page`)) || 1),
      pageSize: Number(params.get(`${prefix}page_size`)) || defaultPageSize,
      sort: params.get(`${prefix}sort`) ?? defaultSort,
      q: params.get(`${prefix}q`) ?? "",
      filters,
    };
  }, [params, names, prefix, defaultPageSize, defaultSort]);

  const change = useCallback(
    (next: Partial<ListState>) => {
      setParams(
        (old) => {
          const out = new URLSearchParams(old);
          const put = (name: string, value: string, usual: string) => {
            if (value === usual) out.delete(prefix + name);
            else out.set(prefix + name, value);
          };
          if (next.sort !== undefined) put("sort", next.sort, defaultSort);
          if (next.q !== undefined) put("q", next.q, "");
          for (const [name, values] of Object.entries(next.filters ?? {})) {
            out.delete(prefix + name);
            for (const value of values) out.append(prefix + name, value);
          }
          if (next.pageSize !== undefined) put("page_size", String(next.pageSize), String(defaultPageSize));
          // Anything but paging changes which rows there are: page 7 of them means nothing.
          put("page", String(next.page ?? 1), "1");
          return out;
        },
        { replace: true },
      );
    },
    [setParams, prefix, defaultPageSize, defaultSort],
  );

  const reset = useCallback(() => {
    const filters: Record<string, readonly string[]> = {};
    for (const name of names ? names.split(",") : []) filters[name] = [];
    change({ q: "", filters });
  }, [change, names]);

  return useMemo(() => {
    const filterQuery = { q: state.q, sort: state.sort, ...state.filters };
    return {
      state,
      filterQuery,
      query: { ...filterQuery, page: state.page, page_size: state.pageSize },
      filtered: state.q !== "" || Object.values(state.filters).some((values) => values.length > 0),
      change,
      reset,
    };
  }, [state, change, reset]);
}
