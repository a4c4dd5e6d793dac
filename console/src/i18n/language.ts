/** The console's language: one value for the whole page, kept in the browser, sent to the API as Accept-Language. */

export type Language = "zh" | "en";

const storageKey = "wellspring.language";
const listeners = new Set<() => void>();

function stored(): Language {
  try {
    return localStorage.getItem(storageKey) === "en" ? "en" : "zh";
  } catch {
    return "zh";
  }
}

let current: Language = stored();

export function language(): Language {
  return current;
}

export function acceptLanguage(): string {
  return current === "zh" ? "zh-CN" : "en";
}

export function setLanguage(next: Language): void {
  current = next;
  try {
    localStorage.setItem(storageKey, next);
  } catch {
    // A browser that keeps nothing still switches for this visit.
  }
  document.documentElement.lang = acceptLanguage();
  for (const listener of listeners) listener();
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
