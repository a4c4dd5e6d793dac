// One call or one attempt of a callback.

import { el } from "/phone/static/dom.js";
import { t } from "./text.js";

const NO_ENVELOPE = -1000; // trace.py

export function failed(row) {
  return row.kind === "call" ? row.errcode !== 0 : row.outcome === "failed" || row.outcome === "dropped";
}

export function haystack(row) {
  return [row.title, row.app, row.errcode, row.message, row.query, row.request, row.response, JSON.stringify(row.fields), row.outcome]
    .join(" ").toLowerCase();
}

function time(seconds) {
  const at = new Date(seconds * 1000 + 8 * 3600 * 1000).toISOString();
  return at.slice(11, 23);
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function part(name, text) {
  return text ? [el("h3", null, name), el("pre", { tabindex: "0" }, text)] : [];
}

function verdict(row) {
  if (row.kind === "call") return row.errcode === NO_ENVELOPE ? t("noEnvelope") : String(row.errcode);
  return t(row.outcome) + (row.attempt > 1 ? ` · ${t("attempt", { n: row.attempt })}` : "");
}

function details(row) {
  if (row.kind === "callback") {
    return [part(t("error"), row.message), part(t("fields"), JSON.stringify(row.fields, null, 2))];
  }
  return [
    part(t("query"), decodeURIComponent(row.query.replaceAll("+", " ")).replaceAll("&", "\n")),
    part(t("request"), pretty(row.request)),
    part(t("response"), pretty(row.response)),
  ];
}

function path(row) {
  if (row.kind === "callback") return row.fields.ChangeType ? `${row.title} / ${row.fields.ChangeType}` : row.title;
  return row.title.replace("/cgi-bin/", "");
}

/** A <details>, whose inside is made when it is opened. */
export function rowElement(row) {
  const kind = row.kind === "call" ? row.method : "→";
  const node = el(
    "details.row" + (failed(row) ? ".bad" : ""),
    { "data-seq": row.seq },
    el(
      "summary",
      null,
      el("span.time", null, time(row.at)),
      el(row.kind === "call" ? "span.kind" : "span.kind.out", null, kind),
      el("span.path", { title: row.title }, path(row)),
      el("span.app", null, row.app || row.fields.UserID || ""),
      el("span.ms", null, row.outcome === "skipped" || row.outcome === "dropped" ? "" : `${row.ms} ms`),
      el("span.code", null, verdict(row)),
    ),
  );
  node.addEventListener("toggle", () => {
    if (node.open && node.children.length === 1) node.append(el("div.inside", null, details(row)));
  });
  return node;
}
