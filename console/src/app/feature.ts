/** How a feature joins the console: its routes and its menu entries, each with the permission it needs. */

import type { ComponentType } from "react";
import type { MessageKey } from "@/i18n";

/** Order of the sidebar; a section without a visible entry is not drawn. */
export const sections = ["home", "acquire", "retain", "convert", "customers", "insight", "settings"] as const;
export type Section = (typeof sections)[number];

export interface FeatureRoute {
  /** Absolute, without a trailing slash: "/customers/:customerId". */
  path: string;
  /** Without it the API would answer 403: the console shows the 403 page instead of the page. */
  permission?: string;
  /** `() => import("./CustomersPage")`: the page is the module's default export. */
  load: () => Promise<{ default: ComponentType }>;
}

export interface MenuEntry {
  section: Section;
  label: MessageKey;
  path: string;
  permission?: string;
  /** Smaller first inside its section. */
  order: number;
}

export interface Feature {
  routes: readonly FeatureRoute[];
  menu: readonly MenuEntry[];
}
