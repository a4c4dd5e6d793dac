import { features } from "@/features/registry";
import { sections, type MenuEntry, type Section } from "./feature";

export interface NavSection {
  section: Section;
  entries: readonly MenuEntry[];
}

/** The sidebar: sections in their order, entries that the caller may use. */
export function visibleSections(can: (permission: string | undefined) => boolean): NavSection[] {
  const entries = features.flatMap((feature) => feature.menu).filter((entry) => can(entry.permission));
  return sections
    .map((section) => ({ section, entries: entries.filter((entry) => entry.section === section).sort((a, b) => a.order - b.order) }))
    .filter(({ entries: own }) => own.length > 0);
}
