// Rows of the phones' lists.

import { avatar, el } from "./dom.js";
import { when } from "./api.js";
import { previewText } from "./parts.js";

/**
 * One chat in a list. side: whose phone this is; path: the hash that opens it; who: whose first letter is drawn;
 * fallback: said while nothing was written; face: in place of the letter; tag: small words beside the name.
 */
export function chatRow({ side, path, who, name = who, fallback, unread, face, tag }, chat) {
  return el(
    "button.row",
    { onclick: () => (location.hash = path), "data-ref": path.split("/").slice(1).join("/") },
    face || avatar(who, side === "staff"),
    el(
      "span.grow",
      null,
      el("span.t", null, el("b", null, name), tag && el("i.tag", null, tag), chat.at > 0 && el("time", null, when(chat.at))),
      el("div.d", null, previewText(chat.last, side, name) || fallback),
    ),
    unread && el("span.dot", { role: "img", "aria-label": unread }),
  );
}

/** The face of a group: the first letters of its name on a square of its own. */
export const groupFace = (name) => el("span.ava.g", { "aria-hidden": "true" }, [...(name || "?")].slice(0, 2).join(""));
