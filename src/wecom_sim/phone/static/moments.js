// Moments (朋友圈): a post with its pictures, link, likes and comments; the customer's feed.

import { askText, avatar, bar, el, icon, show } from "./dom.js";
import { follow, get, post, say, setNow, when, words } from "./api.js";
import { part, picture, safeUrl } from "./parts.js";
import { listed, t } from "./text.js";

const source = (body) => (body.media_id ? `/pic/${encodeURIComponent(body.media_id)}` : safeUrl(body.pic_url || body.picurl));

/** Pictures in a grid, anything else as a row. */
function attachments(items, brand) {
  const pictures = items.filter((one) => one.msgtype === "image");
  const others = items.filter((one) => one.msgtype !== "image");
  const gone = () => el("span.nopic", null, t("image"));
  return [
    pictures.length > 0 && el(pictures.length === 1 ? "div.pics.one" : "div.pics", null, pictures.map((one) => picture("img", source(one.image), t("picture"), gone))),
    others.map((one) => el("div.attached", null, part(one, brand))),
  ];
}

/** One post. `acts`: buttons under it. */
export function momentCard(moment, brand, acts) {
  const said = moment.comments.map((one) => el("p", null, el("b", null, `${one.name}: `), one.text));
  return el(
    "article.moment",
    { "data-moment": moment.moment_id },
    avatar(moment.name),
    el(
      "div.grow",
      null,
      el("b.author", null, moment.name, el("small", null, `@${brand}`)),
      moment.text && el("p.words", null, moment.text),
      attachments(moment.attachments, brand),
      el("div.under", null, el("time", null, moment.at ? when(moment.at, true) : ""), moment.location && el("span", null, moment.location), acts),
      (moment.likes.length > 0 || said.length > 0) &&
        el("div.reactions", null, moment.likes.length > 0 && el("p.likes", null, icon("like"), listed(moment.likes.map((one) => one.name))), said),
    ),
  );
}

/** Like and comment as `who` (a customer, or the member whose post it is); `done` loads anew. */
export function reactions(moment, who, done) {
  const react = async (kind, text = "") => {
    try {
      await post("moment-react", { kind, moment_id: moment.moment_id, userid: moment.userid, who, text });
      await done();
    } catch (error) {
      say(words(error));
    }
  };
  const comment = async () => {
    const text = await askText({ title: t("comment"), most: 500, yes: t("send"), no: t("close") });
    if (text) await react("comment", text);
  };
  const liked = moment.likes.some((one) => one.who === who);
  return el(
    "span.acts",
    null,
    el("button", { onclick: () => react("like"), disabled: liked, "data-like": moment.moment_id, "aria-label": t(liked ? "liked" : "like") }, icon("like")),
    el("button", { onclick: comment, "data-comment": moment.moment_id, "aria-label": t("comment") }, icon("chat")),
  );
}

/** The customer's feed; `tabs`: what stands below; `seen` gets the time of the newest post. */
export async function feedView({ externalUserid, tabs, right, note, seen }) {
  const list = el("div.feed");
  const none = el("p.empty", { hidden: true }, t("no_moments"));
  show(bar({ title: t("moments"), right }), note, el("div.body.white", null, list, none), tabs);
  let shown = "";
  const load = async () => {
    const feed = await get("moments", { external_userid: externalUserid });
    setNow(feed.now);
    none.hidden = feed.moments.length > 0;
    seen?.(Math.max(0, ...feed.moments.map((one) => one.at)));
    const key = JSON.stringify(feed.moments);
    if (key === shown) return;
    shown = key;
    list.replaceChildren(...feed.moments.map((one) => momentCard(one, feed.brand, reactions(one, externalUserid, load))));
  };
  await follow(load);
}
