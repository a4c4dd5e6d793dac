// The customers of a member: list, requests to accept, the card of each.

import { ask, askText, avatar, bar, el, pick, show } from "./dom.js";
import { follow, get, post, say, setNow, when, words } from "./api.js";
import { listed, number, t } from "./text.js";

const id = document.body.dataset.id;

function friendRow(one) {
  const note = [one.nickname !== one.name && one.nickname, one.status !== "friend" && t(`status_${one.status}`), ...one.tags].filter(Boolean).join("　");
  return el(
    "button.row",
    { onclick: () => (location.hash = `customer/${one.id}`), "data-id": one.id },
    avatar(one.nickname, true),
    el("span.grow", null, el("span.t", null, el("b", null, one.name)), note && el("div.d", null, note)),
  );
}

async function newGroup(done) {
  const friends = await pick({
    title: t("group_new"), many: true, yes: t("next"), search: t("search_friends"), none: t("nobody"), backLabel: t("back"),
    load: async (query) => (await get("friends", { userid: id, query })).filter((one) => one.status === "friend"),
  });
  if (!friends) return;
  const name = await askText({ title: t("group_name"), value: "", most: 64, yes: t("group_make"), no: t("close") });
  if (name === null) return;
  try {
    const group = await post("groups", { userid: id, name: name || t("group_unnamed"), external_userids: friends });
    done(group.chat_id);
  } catch (error) {
    say(words(error));
  }
}

/** The tab's inside; `query` is what is looked for, `home` the phone's state. */
export function customerList(home, found) {
  const requests = el(
    "button.row",
    { onclick: () => (location.hash = "requests") },
    el("span.ava.p", { "aria-hidden": "true" }, "+"),
    el("span.grow", null, el("b", null, t("requests"))),
    home.to_accept.length > 0 && el("span.count", null, home.to_accept.length),
  );
  const group = el(
    "button.row",
    { onclick: () => newGroup((chatId) => (location.hash = `group/${chatId}`)), id: "new-group" },
    el("span.ava.g", { "aria-hidden": "true" }, t("group_letter")),
    el("span.grow", null, el("b", null, t("group_new"))),
  );
  return el(
    "div",
    null,
    el("div.list.flat", null, requests, group),
    el("h2.inset", null, t("staff_friends", { n: number(home.friends) })),
    found.length ? el("div.list.flat", null, found.map(friendRow)) : el("p.nothing", null, t("nobody")),
  );
}

/** Friends by a query: asked for only when it or their number changed. */
export function friendFinder() {
  let known = [];
  let key = null;
  return async (query, count) => {
    const now = `${query}|${count}`;
    if (now !== key) {
      known = await get("friends", { userid: id, query });
      key = now;
    }
    return known;
  };
}

export const requestRow = (row, accept) =>
  el(
    "div.row",
    null,
    avatar(row.customer_name, true),
    el("span.grow", null, el("span.t", null, el("b", null, row.customer_name)), el("div.d", null, t("requested_staff", { name: row.customer_name }))),
    el("button.btn.p", { onclick: () => accept(row) }, t(row.status === "half" ? "accept_half" : "accept")),
  );

const line = (label, value, onclick) =>
  el(onclick ? "button.row.slim" : "div.row.slim", { onclick }, el("span", null, label), el("span.value", null, value), onclick && el("span.chev", { "aria-hidden": "true" }, "›"));

/** One customer's card. `tools`: pages of apps that open beside it. */
export async function customerView({ ref, back, toChat, tools }) {
  const pair = { userid: id, external_userid: ref };
  const body = el("div.body");
  show(bar({ title: t("customer_card"), back, backLabel: t("back") }), body);
  let shown = "";
  const act = async (path, wish) => {
    try {
      await post(path, { ...pair, ...wish });
      await load();
    } catch (error) {
      say(words(error));
    }
  };
  const write = (name, title, most, value) => async () => {
    const text = await askText({ title, value, most, long: most > 20, yes: t("save"), no: t("close") });
    if (text !== null && text !== value) await act("staff-edit", { [name]: text });
  };
  async function tag(all, on) {
    const chosen = await pick({
      title: t("tags"), many: true, yes: t("done"), none: t("no_tags"), backLabel: t("back"), clear: true, chosen: on,
      load: async () => all.map((one) => ({ id: one.id, name: one.name, note: one.group })),
    });
    if (!chosen) return;
    const add = chosen.filter((one) => !on.includes(one));
    const gone = on.filter((one) => !chosen.includes(one));
    if (add.length || gone.length) await act("staff-edit", { add_tag: add, remove_tag: gone });
  }
  async function remove(name) {
    if (!(await ask({ title: t("delete_title", { name }), text: t("delete_text_staff"), yes: t("delete_yes"), no: t("cancel") }))) return;
    try {
      await post("staff-delete", pair);
      back();
    } catch (error) {
      say(words(error));
    }
  }
  function build(card) {
    const all = card.tag_groups.flatMap((group) => group.tags.map((one) => ({ ...one, group: group.name })));
    const on = all.filter((one) => one.on);
    return el(
      "div.pad",
      null,
      el("div.card", null, avatar(card.name, true), el("b", null, card.remark || card.name), card.remark && el("p", null, card.name), el("p", null, t(`status_${card.status}`)), card.corp_name && el("p", null, `@${card.corp_name}`)),
      el("div.gap", null, el("button.btn.p.wide", { onclick: toChat }, t("send_message"))),
      tools.length > 0 && el("div.tools.apart", null, tools.map(([label, open]) => el("button", { onclick: open }, label))),
      el(
        "div.list.apart",
        null,
        line(t("remark"), card.remark || t("unset"), write("remark", t("remark"), 20, card.remark)),
        line(t("description"), card.description || t("unset"), write("description", t("description"), 150, card.description)),
        line(t("tags"), listed(on.map((one) => one.name)) || t("unset"), () => tag(all, on.map((one) => one.id))),
        card.mobiles.length > 0 && line(t("mobiles"), listed(card.mobiles)),
        line(t("added_at"), when(card.since, true)),
        (card.way || card.state) && line(t("source"), card.way || card.state),
        card.groups.length > 0 && line(t("groups_in"), listed(card.groups.map((one) => one.name))),
        card.others.length > 0 && line(t("other_staff"), listed(card.others)),
      ),
      el("div.gap", null, el("button.btn.loss.wide", { onclick: () => remove(card.remark || card.name) }, t("delete_friend"))),
    );
  }
  const load = async () => {
    const card = await get("profile", pair);
    setNow(card.now);
    const key = JSON.stringify({ ...card, now: 0, groups: card.groups.map((one) => one.name) });
    if (key === shown) return;
    shown = key;
    body.replaceChildren(build(card));
  };
  await follow(load, back);
}
