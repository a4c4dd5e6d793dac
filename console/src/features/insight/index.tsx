import type { Feature } from "@/app/feature";
import { pathOf, type AnalysisName } from "./analysis/names";

const permission = "insight.analysis.read";
const analysis = (name: AnalysisName, load: Feature["routes"][number]["load"]) => ({ path: pathOf(name), permission, load });

export const feature: Feature = {
  routes: [
    { path: "/", permission: "insight.home.read", load: () => import("./HomePage") },
    analysis("retention", () => import("./analysis/RetentionPage")),
    analysis("repurchase", () => import("./analysis/RepurchasePage")),
    analysis("funnel", () => import("./analysis/FunnelPage")),
    analysis("rfm", () => import("./analysis/RfmPage")),
    analysis("quadrant", () => import("./analysis/QuadrantPage")),
    analysis("lifecycle", () => import("./analysis/LifecyclePage")),
    analysis("distribution", () => import("./analysis/DistributionPage")),
    analysis("overlap", () => import("./analysis/OverlapPage")),
    { path: "/insight/features", permission: "insight.feature.read", load: () => import("./features/FeaturesPage") },
    { path: "/insight/lifetime-value", permission: "insight.lifetime_value.read", load: () => import("./lifetime/LifetimePage") },
  ],
  menu: [
    { section: "home", label: "shell.section.home", path: "/", permission: "insight.home.read", order: 0 },
    { section: "insight", label: "analysis.menu", path: pathOf("retention"), permission, order: 2 },
    { section: "insight", label: "features.menu", path: "/insight/features", permission: "insight.feature.read", order: 3 },
    { section: "insight", label: "lifetime.menu", path: "/insight/lifetime-value", permission: "insight.lifetime_value.read", order: 4 },
  ],
};
