import type { Feature } from "@/app/feature";

const permission = "care.policy.read";

export const feature: Feature = {
  routes: [{ path: "/settings/care", permission, load: () => import("./CarePolicyPage") }],
  menu: [{ section: "settings", label: "outreach.care.menu", path: "/settings/care", permission, order: 25 }],
};
