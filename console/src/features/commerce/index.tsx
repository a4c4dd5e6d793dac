import type { Feature } from "@/app/feature";

export const feature: Feature = {
  routes: [
    { path: "/commerce/orders", permission: "commerce.order.read", load: () => import("./OrdersPage") },
    { path: "/commerce/imports", permission: "commerce.import.read", load: () => import("./ImportsPage") },
    { path: "/commerce/imports/:importId", permission: "commerce.import.read", load: () => import("./ImportPage") },
  ],
  menu: [
    { section: "convert", label: "commerce.menu.orders", path: "/commerce/orders", permission: "commerce.order.read", order: 50 },
    { section: "convert", label: "commerce.menu.imports", path: "/commerce/imports", permission: "commerce.import.read", order: 60 },
  ],
};
