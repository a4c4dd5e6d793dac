import { useCallback, useMemo, useSyncExternalStore } from "react";
import { en } from "./en";
import { fill, type Values } from "./fill";
import { language, onLanguage, type Language } from "./language";
import type { KeysOf, MessageAt, ParametersIn } from "./types";
import { zh } from "./zh";

export { setLanguage, type Language } from "./language";

type Source = typeof zh;
/** Every message of the console, as a dotted path. */
export type MessageKey = KeysOf<Source>;
type Parameters<K extends MessageKey> = ParametersIn<MessageAt<Source, K>>;
type Arguments<K extends MessageKey> = [Parameters<K>] extends [never]
  ? []
  : [values: Record<Parameters<K> & string, string | number>];

export interface Translate {
  /** The message in the current language; missing parameters are type errors. */
  <K extends MessageKey>(key: K, ...values: Arguments<K>): string;
  /** A message whose key is made at run time (reason codes, kinds of event): undefined when the catalogue has none. */
  lookup(key: string, values?: Values): string | undefined;
  readonly language: Language;
}

function find(catalogue: unknown, key: string): string | undefined {
  let node: unknown = catalogue;
  for (const part of key.split(".")) {
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, part)) return undefined;
    node = (node as Record<string, unknown>)[part];
  }
  return typeof node === "string" ? node : undefined;
}

export function translator(lang: Language): Translate {
  const catalogue = lang === "zh" ? zh : en;
  const lookup = (key: string, values?: Values) => {
    const text = find(catalogue, key);
    return text === undefined ? undefined : fill(text, values);
  };
  const t = (key: string, values?: Values) => lookup(key, values) ?? key;
  return Object.assign(t, { lookup, language: lang }) as Translate;
}

export function useLanguage(): Language {
  return useSyncExternalStore(onLanguage, language);
}

/** `const t = useT(); t("people.customers.title")` */
export function useT(): Translate {
  const lang = useLanguage();
  return useMemo(() => translator(lang), [lang]);
}

/** Translates a key that a table of definitions (menu, columns) carries; only for keys without parameters. */
export function useLabel(): (key: MessageKey) => string {
  const t = useT();
  return useCallback((key: MessageKey) => t.lookup(key) ?? key, [t]);
}
