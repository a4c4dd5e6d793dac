// A chat: bubbles, cards, notes, and the line to write in. The same for both sides.

import { ask, avatar, bar, el, icon, show } from "./dom.js";
import { follow, get, post, say, setNow, when, words } from "./api.js";
import { t } from "./text.js";

const PAUSE = 300; // seconds of silence after which the time is shown again

const safeUrl = (url) => (/^https?:\/\//i.test(url || "") ? url : undefined);

function picture(src, name) {
  const img = el("img.pic", { src, alt: name, loading: "lazy" });
  img.addEventListener("error", () => img.replaceWith(el("div.b", null, t("image"))));
  return img;
}

function thumbnail(src) {
  if (!safeUrl(src)) return el("span.blank");
  const img = el("img", { src, alt: "", loading: "lazy" });
  img.addEventListener("error", () => img.replaceWith(el("span.blank")));
  return img;
}

/** One part of a message as the receiver sees it. */
export function part(item, brand) {
  const kind = item.msgtype;
  const body = item[kind] || {};
  if (kind === "text") return el("div.b", null, body.content);
  if (kind === "image") return picture(body.media_id ? `/pic/${body.media_id}` : safeUrl(body.pic_url), t("picture"));
  if (kind === "link") {
    const card = [
      el("div.lt", null, body.title),
      el("div.ld", null, el("span", null, body.desc), thumbnail(body.picurl)),
      el("div.src", null, brand),
    ];
    return el("a.link", { href: safeUrl(body.url), target: "_blank", rel: "noopener" }, card);
  }
  if (kind === "miniprogram") return el("div.link", null, el("div.lt", null, body.title), el("div.src", null, t("miniprogram_word")));
  return el("div.b", null, t(kind));
}

/** What a chat list says of the last line. */
export function previewText(last, side, name) {
  if (!last) return "";
  if (last.kind === "note") return t(`${last.note}_${side}`, { name });
  if (last.kind === "text") return last.text;
  return `${t(last.kind)} ${last.text}`.trim();
}

/**
 * Open a chat. side: whose phone this is; back: where the arrow goes; info: what "…" opens.
 */
export async function openChat({ side, userid, externalUserid, back, seen }) {
  const pair = { userid, external_userid: externalUserid };
  const lines = el("div.chat", { "aria-live": "polite" });
  const body = el("div.body", null, lines);
  const field = el("input.field", { placeholder: t("type_here"), "aria-label": t("type_here"), maxlength: 2000, enterkeyhint: "send" });
  const form = el("form.say", { onsubmit: submit }, field, el("button.btn.p", { type: "submit" }, t("send")));
  let state = await get("chat", { ...pair, after: 0 });
  let last = 0;
  let lastAt = 0;
  let atEnd = true; // stay at the newest line, also when a picture arrives late and pushes it down
  body.addEventListener("scroll", () => (atEnd = body.scrollHeight - body.scrollTop - body.clientHeight < 80));
  new ResizeObserver(() => atEnd && toEnd()).observe(lines);
  const toEnd = () => (body.scrollTop = body.scrollHeight);
  const other = () => (side === "customer" ? state.staff.name : state.remark || state.customer_name);
  const mine = () => (side === "customer" ? state.customer_name : state.staff.name);

  function append(line) {
    if (line.part.msgtype === "note") {
      lines.append(el("div.ts", null, `${when(line.at, true)}　${t(`${line.part.note.kind}_${side}`, { name: other() })}`));
    } else {
      if (line.at - lastAt > PAUSE) lines.append(el("div.ts", null, when(line.at, true)));
      const own = line.side === side;
      const face = avatar(own ? mine() : other(), line.side === "customer");
      lines.append(el(own ? "div.m.r" : "div.m", { "data-origin": line.origin }, face, part(line.part, state.brand)));
    }
    lastAt = line.at;
  }

  function take(fresh) {
    state = fresh;
    setNow(fresh.now);
    form.hidden = fresh.status === "requested"; // nobody can write before the request is accepted
    for (const line of fresh.lines) {
      if (line.number <= last) continue;
      append(line);
      last = line.number;
    }
    seen?.(last);
  }

  async function submit(event) {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    try {
      await post("chat", { ...pair, from: side, text });
      field.value = "";
      take(await get("chat", { ...pair, after: last }));
      toEnd();
    } catch (error) {
      if (error.code === "not_friends") lines.append(el("div.ts", null, t("chat_refused")));
      else say(words(error));
    }
  }

  async function remove() {
    const answer = await ask({
      title: t("delete_title", { name: other() }), text: t(`delete_text_${side}`), yes: t("delete_yes"), no: t("cancel"),
    });
    if (!answer) return;
    try {
      await post(side === "customer" ? "customer-delete" : "staff-delete", pair);
      back();
    } catch (error) {
      say(words(error));
    }
  }

  function card() {
    const facts = side === "customer" ? [state.staff.store, state.staff.position] : [t(`status_${state.status}`)];
    return el(
      "div.pad",
      null,
      el("div.card", null, avatar(other(), side === "staff"), el("b", null, other()), facts.filter(Boolean).map((fact) => el("p", null, fact))),
      el("div.gap", null, el("button.btn.loss.wide", { onclick: remove }, t("delete_friend"))),
    );
  }

  function showInfo() {
    follow(async () => setNow((await get("chat", { ...pair, after: last })).now));
    show(bar({ title: t("contact_info"), back: showChat, backLabel: t("back") }), el("div.body", null, card()));
  }

  async function showChat() {
    const more = el("button.side", { onclick: showInfo, "aria-label": t("more") }, icon("more"));
    const who = side === "customer" ? t("sim_customer", { name: state.customer_name }) : t("sim_staff", { name: state.staff.name });
    const small = side === "customer" ? `@${state.brand}` : "";
    show(
      bar({ title: other(), small, back, backLabel: t("back"), right: more }),
      el("div.sim", null, who + (side === "customer" && state.code ? t("sim_scanned", { code: state.code }) : "")),
      body,
      el("footer.foot", null, form),
    );
    await follow(async () => take(await get("chat", { ...pair, after: last })));
    toEnd();
  }

  setNow(state.now);
  await showChat();
}

