import type { Feature } from "@/app/feature";

export const feature: Feature = {
  routes: [
    { path: "/customers", permission: "people.customer.read", load: () => import("./CustomersPage") },
    { path: "/customers/:customerId", permission: "people.customer.read", load: () => import("./CustomerPage") },
    { path: "/groups", permission: "people.group.read", load: () => import("./GroupsPage") },
    { path: "/groups/:groupId", permission: "people.group.read", load: () => import("./GroupPage") },
    { path: "/organisation", permission: "people.organisation.read", load: () => import("./OrganisationPage") },
  ],
  menu: [
    { section: "customers", label: "people.menu.customers", path: "/customers", permission: "people.customer.read", order: 10 },
    { section: "customers", label: "people.menu.groups", path: "/groups", permission: "people.group.read", order: 15 },
    { section: "settings", label: "people.menu.organisation", path: "/organisation", permission: "people.organisation.read", order: 20 },
  ],
};
