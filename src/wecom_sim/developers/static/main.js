// Asks every second for what is new; paused, it only counts.

import { el } from "/phone/static/dom.js";
import { failed, haystack, rowElement } from "./row.js";
import { lang, t } from "./text.js";

const EVERY = 1000;
const SHOWN = 500;

const state = { rows: [], last: 0, paused: false, kind: "all", text: "", errors: false, missed: 0 };

const list = el("div.list", { role: "log", "aria-label": t("list") });
const note = el("p.note", { role: "status" });
const info = el("p.info");
const pause = el("button", { type: "button", "aria-pressed": "false", onclick: togglePause }, t("pause"));
const kinds = ["all", "calls", "callbacks"].map((kind) =>
  el("button", { type: "button", "aria-pressed": String(kind === "all"), onclick: () => choose(kind) }, t(kind)),
);

function fits(row) {
  if (state.kind === "calls" && row.kind !== "call") return false;
  if (state.kind === "callbacks" && row.kind !== "callback") return false;
  if (state.errors && !failed(row)) return false;
  return !state.text || haystack(row).includes(state.text);
}

function choose(kind) {
  state.kind = kind;
  kinds.forEach((button, at) => button.setAttribute("aria-pressed", String(["all", "calls", "callbacks"][at] === kind)));
  draw();
}

function togglePause() {
  state.paused = !state.paused;
  pause.textContent = t(state.paused ? "resume" : "pause");
  pause.setAttribute("aria-pressed", String(state.paused));
  state.missed = 0;
  say();
  if (!state.paused) ask();
}

async function clear() {
  await fetch("/control/trace-clear", { method: "POST" });
  state.rows = [];
  draw();
}

function draw() {
  list.replaceChildren(...state.rows.filter(fits).map(rowElement));
  say();
}

function say(trouble = "") {
  const shown = list.childElementCount;
  note.textContent =
    trouble || (state.paused && state.missed ? t("waiting", { n: state.missed }) : shown ? "" : t(state.rows.length ? "nothingFits" : "nothing"));
  note.hidden = !note.textContent;
}

function add(rows) {
  for (const row of rows) {
    state.rows.unshift(row);
    if (fits(row)) list.prepend(rowElement(row));
  }
  state.rows.length = Math.min(state.rows.length, SHOWN);
  while (list.childElementCount > SHOWN) list.lastElementChild.remove();
}

function about(answer) {
  const now = new Date(answer.now * 1000 + 8 * 3600 * 1000).toISOString().slice(0, 19).replace("T", " ");
  const to = answer.callback_url ? `${t("callbackTo")} ${answer.callback_url}` : t("noCallback");
  const waiting = answer.pending ? ` · ${t("pending", { n: answer.pending })}` : "";
  info.textContent = `${answer.company} · ${answer.corpid} · ${to}${waiting} · ${t("clock")} ${now}`;
}

async function ask() {
  try {
    const answer = await fetch(`/control/trace?after=${state.last}&limit=${SHOWN}`);
    const body = await answer.json();
    if (!answer.ok) return say(body.error?.code === "not_local" ? t("remote") : t("lost"));
    about(body);
    if (body.last < state.last) state.last = 0; // a new process counts anew
    else if (state.paused) state.missed = body.last - state.last;
    else {
      state.last = body.last;
      add(body.rows);
    }
    say();
  } catch {
    say(t("lost"));
  }
}

async function live() {
  if (!document.hidden) await ask();
  setTimeout(live, EVERY);
}

document.getElementById("head").append(
  el("h1", null, t("title")),
  el("a.lang", { href: lang === "en" ? "/developers" : "/developers?lang=en", lang: lang === "en" ? "zh-CN" : "en" }, t("other")),
  info,
);
document.getElementById("main").append(
  el(
    "div.tools",
    null,
    el("div.kinds", { role: "group", "aria-label": t("kind") }, kinds),
    el("label.check", null, el("input", { type: "checkbox", onchange: (event) => { state.errors = event.target.checked; draw(); } }), t("errors")),
    el("input.filter", { type: "search", placeholder: t("filter"), "aria-label": t("filter"), oninput: (event) => { state.text = event.target.value.trim().toLowerCase(); draw(); } }),
    el("div.acts", null, pause, el("button", { type: "button", onclick: clear }, t("clear"))),
  ),
  note,
  list,
);
live();
