// Rows of the phones' lists.

import { avatar, el } from "./dom.js";
import { when } from "./api.js";
import { previewText } from "./chat.js";

/**
 * One chat in a list. side: whose phone this is; ref: what opens it; who: whose first letter is drawn;
 * fallback: said while nothing was written.
 */
export function chatRow({ side, ref, who, name = who, fallback, unread }, chat) {
  return el(
    "button.row",
    { onclick: () => (location.hash = `chat/${ref}`), "data-ref": ref },
    avatar(who, side === "staff"),
    el(
      "span.grow",
      null,
      el("span.t", null, el("b", null, name), el("time", null, when(chat.at))),
      el("div.d", null, previewText(chat.last, side, name) || fallback),
    ),
    unread && el("span.dot", { role: "img", "aria-label": unread }),
  );
}
