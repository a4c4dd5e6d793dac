import type { Feature } from "@/app/feature";

export const feature: Feature = {
  routes: [
    { path: "/settings/company", permission: "auth.self.read", load: () => import("./CompanyPage") },
    { path: "/settings/users", permission: "auth.user.read", load: () => import("./UsersPage") },
    { path: "/settings/sign-in", permission: "people.sign_in.manage", load: () => import("./SignInRulesPage") },
    { path: "/settings/tokens", permission: "auth.token.manage", load: () => import("./TokensPage") },
    { path: "/settings/audit", permission: "auth.audit.read", load: () => import("./AuditPage") },
  ],
  menu: [
    { section: "settings", label: "settings.menu.company", path: "/settings/company", permission: "company.settings.manage", order: 10 },
    { section: "settings", label: "settings.menu.users", path: "/settings/users", permission: "auth.user.read", order: 30 },
    { section: "settings", label: "settings.menu.signIn", path: "/settings/sign-in", permission: "people.sign_in.manage", order: 35 },
    { section: "settings", label: "settings.menu.tokens", path: "/settings/tokens", permission: "auth.token.manage", order: 40 },
    { section: "settings", label: "settings.menu.audit", path: "/settings/audit", permission: "auth.audit.read", order: 50 },
  ],
};
