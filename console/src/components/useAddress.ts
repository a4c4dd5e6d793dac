import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

export interface Address {
  get: (name: string) => string | undefined;
  all: (name: string) => readonly string[];
  set: (changes: Readonly<Record<string, string | readonly string[] | undefined>>) => void;
}

/** Every setting of an analysis lives in the address: the page can be sent to somebody as it is. */
export function useAddress(): Address {
  const [params, setParams] = useSearchParams();
  const set = useCallback<Address["set"]>(
    (changes) => {
      setParams(
        (old) => {
          const next = new URLSearchParams(old);
          for (const [name, value] of Object.entries(changes)) {
            next.delete(name);
            for (const one of value === undefined ? [] : typeof value === "string" ? [value] : value) next.append(name, one);
          }
          return next;
        },
        { replace: true },
      );
    },
    [setParams],
  );
  return useMemo(() => ({ get: (name) => params.get(name) ?? undefined, all: (name) => params.getAll(name), set }), [params, set]);
}
