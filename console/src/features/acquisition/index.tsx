import type { Feature } from "@/app/feature";

export const feature: Feature = {
  routes: [
    { path: "/acquisition/live-codes", permission: "acquisition.code.read", load: () => import("./LiveCodesPage") },
    { path: "/acquisition/channels", permission: "acquisition.channel.read", load: () => import("./ChannelsPage") },
  ],
  menu: [
    { section: "acquire", label: "acquisition.menu.codes", path: "/acquisition/live-codes", permission: "acquisition.code.read", order: 10 },
    { section: "acquire", label: "acquisition.menu.channels", path: "/acquisition/channels", permission: "acquisition.channel.read", order: 20 },
  ],
};
