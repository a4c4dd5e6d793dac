import type { Feature } from "@/app/feature";

/** Every `src/features/<name>/index.tsx` that exports `feature` is part of the console: nothing to list by hand. */
const modules = import.meta.glob<{ feature: Feature }>("./*/index.tsx", { eager: true });

export const features: readonly Feature[] = Object.values(modules).map((module) => module.feature);
