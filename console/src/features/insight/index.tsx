import type { Feature } from "@/app/feature";

export const feature: Feature = {
  routes: [{ path: "/", permission: "insight.home.read", load: () => import("./HomePage") }],
  menu: [{ section: "home", label: "shell.section.home", path: "/", permission: "insight.home.read", order: 0 }],
};
