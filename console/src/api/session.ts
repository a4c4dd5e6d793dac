/** Who is signed in, and what they may do. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api } from "./client";

export interface Me {
  id: number;
  kind: string;
  name: string;
  login: string;
  role: string;
  scope: { kind: string; department_id: number | null };
  permissions: string[];
  company: { name: string; currency: string; time_zone: string };
}

export interface Setup {
  needs_admin: boolean;
  signed_in: boolean;
}

const meKey = ["me"] as const;

export function useMeQuery(enabled = true) {
  return useQuery({ queryKey: meKey, queryFn: ({ signal }) => api.get<Me>("/api/v1/me", undefined, signal), staleTime: 60_000, enabled });
}

/** The signed-in user; only for parts inside the shell, which is not drawn without one. */
export function useMe(): Me {
  const { data } = useMeQuery();
  if (!data) throw new Error("useMe outside the shell");
  return data;
}

export function useSetupQuery() {
  return useQuery({ queryKey: ["setup"], queryFn: ({ signal }) => api.get<Setup>("/api/v1/setup", undefined, signal) });
}

/** The ways to sign in beside the password. */
export function useOffersQuery() {
  return useQuery({ queryKey: ["offers"], queryFn: ({ signal }) => api.get<{ wecom: boolean }>("/api/v1/session/offers", undefined, signal) });
}

/** `const can = useCan(); can("people.customer.read")`: hides what the caller may not do; the API decides anyway. */
export function useCan(): (permission: string | undefined) => boolean {
  const { data } = useMeQuery();
  return useCallback((permission) => permission === undefined || (data?.permissions.includes(permission) ?? false), [data]);
}

export function useSignIn() {
  const client = useQueryClient();
  return useCallback(
    async (login: string, password: string) => {
      await api.post("/api/v1/session", { login, password });
      client.clear();
      await client.query({ queryKey: meKey, queryFn: () => api.get<Me>("/api/v1/me") });
    },
    [client],
  );
}

export function useSignOut() {
  const client = useQueryClient();
  return useCallback(async () => {
    await api.delete("/api/v1/session");
    client.clear();
  }, [client]);
}
