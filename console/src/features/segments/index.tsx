import type { Feature } from "@/app/feature";

const permission = "segments.segment.read";

export const feature: Feature = {
  routes: [
    { path: "/segments", permission, load: () => import("./SegmentsPage") },
    { path: "/segments/new", permission, load: () => import("./BuilderPage") },
    { path: "/segments/:segmentId", permission, load: () => import("./BuilderPage") },
    { path: "/segments/:segmentId/membership", permission, load: () => import("./membership/MembershipPage") },
  ],
  menu: [{ section: "insight", label: "segments.menu", path: "/segments", permission, order: 1 }],
};
