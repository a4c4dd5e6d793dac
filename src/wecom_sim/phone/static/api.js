// Talks to the simulator, keeps the clock, and polls what is on the screen.

import { t } from "./text.js";

const POLL_MS = 1000;

export class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

function trouble(text) {
  const box = document.getElementById("trouble");
  if (!box) return; // a page without a phone around it
  box.textContent = text || "";
  box.hidden = !text;
}

async function call(path, options) {
  let answer;
  try {
    answer = await fetch(`/phone/api/${path}`, options);
  } catch {
    trouble(t("offline"));
    throw new Refused("offline", t("offline"));
  }
  trouble("");
  const body = await answer.json();
  if (!answer.ok || body.error) throw new Refused(body.error?.code || "invalid", body.error?.message || t("failed"));
  return body;
}

export const get = (path, params) => call(params ? `${path}?${new URLSearchParams(params)}` : path);

export const post = (path, body) =>
  call(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** Send a file as it is. */
export const send = (path, file) => call(path, { method: "POST", headers: { "content-type": "application/octet-stream" }, body: file });

/** What to tell the person who tapped; known codes in their language. */
export function words(error) {
  const known = t(`error_${error.code}`);
  return known === `error_${error.code}` ? error.message || t("failed") : known;
}

export function say(text) {
  trouble(text);
  setTimeout(() => trouble(""), 3500);
}

let timer = 0;
let running = 0;

/** What is not there any more: whoever shows it has to leave the screen. */
const GONE = new Set(["not_in_group", "no_such_group", "no_relation"]);

/** Load now and again every second while the page is seen; a new call ends the former one. `gone`: it is no more. */
export async function follow(load, gone) {
  const mine = ++running;
  clearTimeout(timer);
  const again = async () => {
    if (mine !== running) return;
    if (!document.hidden) {
      try {
        await load();
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (gone && mine === running && GONE.has(error.code)) return gone();
      }
    }
    if (mine === running) timer = setTimeout(again, POLL_MS);
  };
  await load();
  if (mine === running) timer = setTimeout(again, POLL_MS);
}

const ZONE = "Asia/Shanghai";
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });

export const hourMinute = (at) => CLOCK.format(at * 1000);

let nowSeconds = 0;

export function setNow(at) {
  nowSeconds = at;
  document.getElementById("now").textContent = hourMinute(at);
}

/** 15:26 today, else 11-20 or 2025-11-20, with the time when asked for. */
export function when(at, withTime = false) {
  const day = DAY.format(at * 1000);
  const today = DAY.format(nowSeconds * 1000);
  if (day === today) return hourMinute(at);
  const short = day.slice(0, 4) === today.slice(0, 4) ? day.slice(5) : day;
  return withTime ? `${short} ${hourMinute(at)}` : short;
}

const language = document.body.dataset.lang;

/** A link to another page in the same language. */
export function page(path, params = {}) {
  const query = new URLSearchParams(language === "en" ? { ...params, lang: "en" } : params).toString();
  const [bare, hash] = path.split("#");
  return bare + (query ? (bare.includes("?") ? `&${query}` : `?${query}`) : "") + (hash ? `#${hash}` : "");
}

const KEY = "wecom-sim.customer";
export const remembered = () => localStorage.getItem(KEY) || "";
export const remember = (externalUserid) => localStorage.setItem(KEY, externalUserid);
