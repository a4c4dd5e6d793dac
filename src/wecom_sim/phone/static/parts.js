// What stands in a message: texts, pictures, cards. Whatever people wrote goes in as text.

import { el, icon } from "./dom.js";
import { t } from "./text.js";

/** An http(s) address, else undefined: no other scheme ever becomes a link. */
export const safeUrl = (url) => (/^https?:\/\//i.test(url || "") ? url : undefined);

const pictureUrl = (body) => (body.media_id ? `/pic/${encodeURIComponent(body.media_id)}` : safeUrl(body.pic_url || body.picurl));

const held = (mediaId) => mediaId && `/pic/${encodeURIComponent(mediaId)}`;

/** A picture that gives way to `instead` when it can't be loaded. */
export function picture(tag, src, name, instead) {
  if (!src) return instead();
  const img = el(tag, { src, alt: name, loading: "lazy" });
  img.addEventListener("error", () => img.replaceWith(instead()));
  return img;
}

const blank = () => el("span.blank");

function link(body, brand) {
  const card = [
    el("div.lt", null, body.title),
    el("div.ld", null, el("span", null, body.desc), picture("img", safeUrl(body.picurl) || held(body.thumb_media_id || body.media_id), "", blank)),
    el("div.src", null, brand),
  ];
  const href = safeUrl(body.url);
  return href ? el("a.link", { href, target: "_blank", rel: "noopener noreferrer" }, card) : el("div.link", null, card);
}

function miniprogram(body, brand) {
  const cover = body.pic_media_id || body.thumb_media_id;
  return el(
    "div.link.mini",
    null,
    el("div.from", null, icon("mini"), brand),
    el("div.lt", null, body.title),
    picture("img.cover", cover ? `/pic/${encodeURIComponent(cover)}` : safeUrl(body.picurl), "", () => el("span.cover")),
    el("div.src", null, t("miniprogram_word")),
  );
}

const file = (kind, name, note) =>
  el("div.file", null, el("span.grow", null, el("b", null, name || t(`${kind}_word`)), note && el("small", null, note)), icon(kind));

const bytes = (size) => (size < 1e6 ? `${Math.max(1, Math.round(size / 1e3))} KB` : `${(size / 1e6).toFixed(1)} MB`);

function video(body) {
  const player = el("video.pic", { src: `/pic/${encodeURIComponent(body.media_id || "")}`, controls: true, preload: "none" });
  player.addEventListener("error", () => player.replaceWith(file("video", body.title || body.filename, body.size && bytes(body.size))));
  return el("div", null, player, body.title && el("div.b", null, body.title));
}

function menu(body, choose) {
  const rows = (body.list || []).map((item) => {
    const inner = item[item.type] || {};
    if (item.type === "text") return el("p", null, inner.content);
    if (item.type === "view") return el("a.choice", { href: safeUrl(inner.url), target: "_blank", rel: "noopener noreferrer" }, inner.content);
    return el("button.choice", { type: "button", disabled: !choose || item.type !== "click", onclick: () => choose(inner) }, inner.content);
  });
  return el("div.b.menu", null, body.head_content && el("p", null, body.head_content), rows, body.tail_content && el("p", null, body.tail_content));
}

/** One part of a message as the receiver sees it. `choose` gets the tapped item of a menu: {id, content}. */
export function part(item, brand, choose) {
  const kind = item.msgtype;
  const body = item[kind] || {};
  if (kind === "text") return el("div.b", null, body.content);
  if (kind === "image") return picture("img.pic", pictureUrl(body), t("picture"), () => el("div.b", null, t("image")));
  if (kind === "link") return link(body, brand);
  if (kind === "miniprogram") return miniprogram(body, brand);
  if (kind === "video") return video(body);
  if (kind === "file" || kind === "voice") return file(kind, body.filename, body.size && bytes(body.size));
  if (kind === "location") return file("location", body.name, body.address);
  if (kind === "business_card") return file("card", body.userid);
  if (kind === "ca_link") return file("link", body.link_url);
  if (kind === "msgmenu") return menu(body, choose);
  return el("div.b", null, t(kind));
}

/** What a chat list says of the last line. */
export function previewText(last, side, name) {
  if (!last) return "";
  if (last.kind === "note") return t(`${last.note}_${side}`, { name });
  const text = ["text", "msgmenu", "markdown"].includes(last.kind) ? last.text : `${t(last.kind)} ${last.text}`.trim();
  return last.name ? `${last.name}: ${text}` : text;
}
