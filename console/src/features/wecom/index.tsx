import type { Feature } from "@/app/feature";

export const feature: Feature = {
  routes: [{ path: "/settings/wecom", permission: "wecom.connection.read", load: () => import("./WecomPage") }],
  menu: [{ section: "settings", label: "settings.menu.wecom", path: "/settings/wecom", permission: "wecom.connection.read", order: 20 }],
};
