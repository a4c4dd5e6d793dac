import type { Translate } from "@/i18n";

/** Name of who did something; what the product does by itself is recorded under "system". */
export const actorName = (t: Translate, name: string) => (name === "system" ? t("common.system") : name);
