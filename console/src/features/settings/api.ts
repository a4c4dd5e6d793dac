import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type User = Schemas["UserView"];
export type Role = Schemas["RoleView"];
export type ScopeBody = Schemas["ScopeBody"];
export type Token = Schemas["TokenView"];
export type SignInRules = Schemas["SignInRules"];
export type RuleWish = Schemas["RuleWish"];
export type AuditEntry = Schemas["AuditView"];

export const paths = { users: "/api/v1/users", tokens: "/api/v1/tokens", audit: "/api/v1/audit", signInRules: "/api/v1/sign-in-rules" } as const;

export function useRoles() {
  return useQuery({ queryKey: ["roles"], queryFn: ({ signal }) => api.get<Role[]>("/api/v1/roles", undefined, signal), staleTime: 300_000 });
}

/** What a scope form holds: pickers give arrays of ids, the API takes one id. */
export interface ScopeValues {
  kind: ScopeBody["kind"];
  department_id: number[];
  staff_id: number[];
}

export const toScopeValues = (scope: ScopeBody): ScopeValues => ({
  kind: scope.kind,
  department_id: scope.department_id == null ? [] : [scope.department_id],
  staff_id: scope.staff_id == null ? [] : [scope.staff_id],
});

export const fromScopeValues = (values: ScopeValues): ScopeBody => ({
  kind: values.kind,
  department_id: values.department_id?.[0] ?? null,
  staff_id: values.staff_id?.[0] ?? null,
});
