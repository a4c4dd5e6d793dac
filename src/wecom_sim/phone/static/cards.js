// Messages that apps send to members, drawn by type, and cards that can be answered.

import { el, icon } from "./dom.js";
import { part, picture, safeUrl } from "./parts.js";
import { t } from "./text.js";

const out = (href, ...children) => {
  const url = safeUrl(href);
  return url ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children) : el("span", null, ...children);
};

/** The few signs of markdown that the client knows; everything else stays as it was written. */
export function markdown(text) {
  const inline = (line) =>
    line.split(/(\*\*[^*]+\*\*|`[^`]+`|\[[^\]]+\]\([^)\s]+\)|<font color="[a-z]+">[^<]*<\/font>)/).map((piece) => {
      if (/^\*\*.+\*\*$/.test(piece)) return el("b", null, piece.slice(2, -2));
      if (/^`.+`$/.test(piece)) return el("code", null, piece.slice(1, -1));
      const link = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(piece);
      if (link) return out(link[2], link[1]);
      const coloured = /^<font color="(info|comment|warning)">([^<]*)<\/font>$/.exec(piece);
      return coloured ? el(`span.md-${coloured[1]}`, null, coloured[2]) : piece;
    });
  return el(
    "div.b.md",
    null,
    text.split("\n").map((line) => {
      const head = /^#{1,6}\s+(.*)$/.exec(line);
      if (head) return el("h3", null, inline(head[1]));
      if (line.startsWith(">")) return el("blockquote", null, inline(line.replace(/^>\s?/, "")));
      return el("p", null, inline(line));
    }),
  );
}

const article = (one, large) =>
  out(
    one.url || one.content_source_url,
    el(large ? "div.art.big" : "div.art", null, picture("img", safeUrl(one.picurl) || (one.thumb_media_id && `/pic/${one.thumb_media_id}`), "", () => el("span.blank")), el("span", null, one.title)),
    large && one.description && el("div.ld", null, one.description),
  );

const fact = (label, value) => el("div.fact", null, el("span", null, label), el("span", null, value));

/** A question of a card: buttons of choice, as the card wants one or several. */
function question(key, options, several, chosen, disabled, selectedId) {
  chosen[key] = options.filter((one) => one.is_checked || one.id === selectedId).map((one) => one.id);
  const change = () => (chosen[key] = [...box.querySelectorAll("input:checked")].map((one) => one.value));
  const box = el(
    "div.options",
    null,
    options.map((one) =>
      el("label", null, el("input", { type: several ? "checkbox" : "radio", name: key, value: one.id, disabled, checked: chosen[key].includes(one.id), onchange: change }), el("span", null, one.text)),
    ),
  );
  return box;
}

const kept = (chosen) => Object.fromEntries(Object.entries(chosen).filter(([, ids]) => ids.length));

function templateCard(message, answer) {
  const card = message.body;
  const chosen = {};
  const answered = message.answered !== "";
  const closed = message.closed !== "" || (answered && card.card_type !== "button_interaction");
  const press = (key) => answer(message.msgid, key, kept(chosen));
  const head = card.main_title || {};
  const emphasis = card.emphasis_content;
  const picked = card.checkbox && question(card.checkbox.question_key, card.checkbox.option_list, card.checkbox.mode === 1, chosen, closed);
  const selects = [card.button_selection, ...(card.select_list || [])].filter(Boolean);
  const label = message.closed || (answered ? t("card_answered") : "");
  return el(
    "div.tcard",
    { "data-card": message.msgid },
    card.source?.desc && el("div.from", null, card.source.desc),
    out(card.card_action?.url, head.title && el("div.lt", null, head.title), head.desc && el("div.ld", null, head.desc)),
    card.card_image && picture("img.cover", safeUrl(card.card_image.url), "", () => el("span.cover")),
    card.quote_area && el("blockquote", null, card.quote_area.title && el("b", null, card.quote_area.title), card.quote_area.quote_text),
    emphasis && el("div.emphasis", null, el("b", null, emphasis.title), el("small", null, emphasis.desc)),
    card.sub_title_text && el("p.ld", null, card.sub_title_text),
    (card.vertical_content_list || []).map((one) => el("div.vert", null, el("b", null, one.title), one.desc && el("span", null, one.desc))),
    (card.horizontal_content_list || []).map((one) => fact(one.keyname, one.type === 1 ? out(one.url, one.value || one.url) : one.value)),
    picked,
    selects.map((one) => [el("div.ask", null, one.title || ""), question(one.question_key, one.option_list, false, chosen, closed, one.selected_id)]),
    (card.jump_list || []).map((one) => el("div.jump", null, out(one.url, one.title), el("span.chev", { "aria-hidden": "true" }, "›"))),
    card.button_list && el("div.buttons", null, card.button_list.map((one) =>
      one.type === 1 ? out(one.url, one.text) : el(one.style === 2 || one.style === 3 ? "button.btn.loss" : "button.btn", { onclick: () => press(one.key), disabled: closed, "data-key": one.key }, message.answered === one.key && message.closed ? message.closed : one.text))),
    card.submit_button && el("div.buttons", null, el("button.btn.p", { onclick: () => press(card.submit_button.key), disabled: closed, "data-key": card.submit_button.key }, label || card.submit_button.text)),
    card.action_menu && el("details.menu", null, el("summary", null, card.action_menu.desc || t("more")), (card.action_menu.action_list || []).map((one) => el("button", { onclick: () => press(one.key), "data-key": one.key }, one.text))),
    label && !card.submit_button && el("p.state", null, label),
  );
}

function taskCard(message, answer) {
  const card = message.body;
  return el(
    "div.tcard",
    { "data-card": message.msgid },
    out(card.url, el("div.lt", null, card.title), el("div.ld", null, card.description)),
    el("div.buttons", null, card.btn.map((one) => {
      const words = message.answered === one.key ? message.closed || one.replace_name || one.name : one.name;
      return el("button.btn", { onclick: () => answer(message.msgid, one.key, {}), disabled: message.answered !== "" || message.closed !== "", "data-key": one.key }, words);
    })),
    message.closed && el("p.state", null, message.closed),
  );
}

/** One message as it looks to the member now; `answer(msgid, key, selected)` presses a button. */
export function appMessage(message, answer) {
  const body = message.body;
  switch (message.msgtype) {
    case "textcard":
      return el("div.tcard", null, out(body.url, el("div.lt", null, body.title), el("div.ld.pre", null, body.description.replace(/<[^>]*>/g, "")), el("div.src", null, body.btntxt)));
    case "news":
    case "mpnews":
      return el("div.tcard", null, body.articles.map((one, index) => article(one, index === 0)));
    case "markdown":
      return markdown(body.content);
    case "miniprogram_notice":
      return el("div.tcard", null, el("div.from", null, icon("mini"), t("miniprogram_word")), el("div.lt", null, body.title), body.description && el("div.ld", null, body.description), body.content_item.map((one) => fact(one.key, one.value)));
    case "interactive_taskcard":
      return taskCard(message, answer);
    case "template_card":
      return templateCard(message, answer);
    default:
      return part({ msgtype: message.msgtype, [message.msgtype]: body }, "");
  }
}
