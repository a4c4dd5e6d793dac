/** The one way to the API: same-origin session cookie, CSRF header, the caller's language, typed errors. */

import { acceptLanguage } from "@/i18n/language";
import { noteServerTime } from "@/format/clock";
import { reportReachable, reportUnreachable } from "./connection";
import { errorFrom, NetworkError } from "./errors";

export type QueryValue = string | number | boolean | null | undefined | readonly (string | number)[];
export type Query = Readonly<Record<string, QueryValue>>;

interface Options {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
}

/** Empty values are left out; arrays repeat their name. */
export function withQuery(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    for (const item of Array.isArray(value) ? value : [value]) search.append(name, String(item));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

function cookie(name: string): string | undefined {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found && decodeURIComponent(found.slice(name.length + 1));
}

/** Headers of an unsafe call carry the CSRF token: another site can send our cookie, but not read it. */
export function headers(method: string): Record<string, string> {
  const common = { Accept: "application/json", "Accept-Language": acceptLanguage() };
  const token = method === "GET" ? undefined : cookie("ws_csrf");
  return token ? { ...common, "X-CSRF-Token": token } : common;
}

async function send(method: string, path: string, { query, body, signal }: Options): Promise<Response> {
  const form = body instanceof FormData;
  const init: RequestInit = { method, headers: headers(method), credentials: "same-origin" };
  if (signal) init.signal = signal;
  if (body !== undefined) {
    init.body = form ? body : JSON.stringify(body);
    if (!form) init.headers = { ...init.headers, "Content-Type": "application/json" };
  }
  let response: Response;
  try {
    response = await fetch(withQuery(path, query), init);
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === "AbortError") throw failure;
    reportUnreachable();
    throw new NetworkError(path, { cause: failure });
  }
  // The development proxy and load balancers answer 502-504 for an API that is not there.
  if (response.status >= 502 && response.status <= 504 && !response.headers.get("content-type")?.includes("json")) {
    reportUnreachable();
    throw new NetworkError(path);
  }
  reportReachable();
  noteServerTime(response.headers.get("x-now"));
  if (!response.ok) {
    const text = await response.text();
    throw errorFrom(response.status, parse(text), response.headers.get("x-request-id") ?? undefined);
  }
  return response;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function json<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const response = await send(method, path, options);
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

function fileName(disposition: string | null): string | undefined {
  const star = disposition?.match(/filename\*=UTF-8''([^;]+)/i)?.[1];
  return star ? decodeURIComponent(star) : disposition?.match(/filename="?([^";]+)"?/i)?.[1];
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) =>
    json<T>("GET", path, { ...(query && { query }), ...(signal && { signal }) }),
  post: <T = void>(path: string, body?: unknown, query?: Query, signal?: AbortSignal) =>
    json<T>("POST", path, { body, ...(query && { query }), ...(signal && { signal }) }),
  put: <T = void>(path: string, body?: unknown) => json<T>("PUT", path, { body }),
  patch: <T = void>(path: string, body?: unknown) => json<T>("PATCH", path, { body }),
  delete: <T = void>(path: string, body?: unknown) => json<T>("DELETE", path, { body }),
  blob: async (path: string, query?: Query) => (await send("GET", path, { ...(query && { query }) })).blob(),

  /** Fetches a file and hands it to the browser under the name the API gave it. */
  async download(path: string, query?: Query, fallbackName = "download"): Promise<void> {
    const response = await send("GET", path, { ...(query && { query }) });
    const url = URL.createObjectURL(await response.blob());
    const link = document.createElement("a");
    link.href = url;
    link.download = fileName(response.headers.get("content-disposition")) ?? fallbackName;
    link.click();
    setTimeout(() => { URL.revokeObjectURL(url); }, 60_000);
  },

  /** Sends a form with real upload progress (0..1), which fetch cannot tell. */
  upload<T>(path: string, form: FormData, onProgress: (share: number) => void, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", path);
      for (const [name, value] of Object.entries(headers("POST"))) request.setRequestHeader(name, value);
      request.upload.onprogress = (event) => { if (event.lengthComputable) onProgress(event.loaded / event.total); };
      request.onerror = () => { reportUnreachable(); reject(new NetworkError(path)); };
      request.onabort = () => { reject(new DOMException("aborted", "AbortError")); };
      request.onload = () => {
        reportReachable();
        const body = parse(request.responseText);
        if (request.status >= 200 && request.status < 300) resolve(body as T);
        else reject(errorFrom(request.status, body, request.getResponseHeader("x-request-id") ?? undefined));
      };
      signal?.addEventListener("abort", () => { request.abort(); });
      request.send(form);
    });
  },
};
