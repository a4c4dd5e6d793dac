// Customer groups: the chat, its people, and what may be done with it. The same for customers and members.

import { ask, askText, avatar, bar, el, pick, show } from "./dom.js";
import { follow, get, post, say, setNow, words } from "./api.js";
import { talk } from "./talk.js";
import { number, t } from "./text.js";

const FACES = 24;

/** side: whose phone; me: a userid or an external_userid; who: the words on top. */
export const openGroup = ({ side, chatId, me, who, back, more, tools, seen }) =>
  talk({
    load: async (after) => {
      const state = await get("group", { chat_id: chatId, me, after });
      return { ...state, lines: state.lines.map((line) => ({ ...line, own: line.sender === me })) };
    },
    title: (state) => `${state.name}(${state.size})`,
    sim: (state) => (state.notice ? t("group_notice_is", { notice: state.notice }) : t(`sim_${side}`, { name: who || state.me_name })),
    send: (text) => post("group-chat", { chat_id: chatId, member: me, text }),
    mayWrite: () => true,
    named: true,
    more,
    back,
    tools,
    seen,
  });

const row = (label, value, onclick) =>
  el(onclick ? "button.row.slim" : "div.row.slim", { onclick }, el("span", null, label), el("span.value", null, value), onclick && el("span.chev", { "aria-hidden": "true" }, "›"));

function face(member) {
  const badge = member.owner ? t("group_owner") : member.admin ? t("group_admin") : "";
  return el("li", { "data-member": member.id }, avatar(member.name, member.customer), el("span.n", null, member.name), badge && el("small", null, badge));
}

/** The page behind "…". `gone` is called once the group is left or no more. */
export async function groupInfo({ side, chatId, me, back, gone }) {
  const ids = { chat_id: chatId };
  const body = el("div.body");
  const heading = bar({ title: t("group_info"), back, backLabel: t("back") });
  show(heading, body);
  let shown = "";

  const act = async (path, wish, then) => {
    try {
      await post(path, wish);
      if (then) return then();
      await load();
    } catch (error) {
      say(words(error));
    }
  };
  const change = (changes) => act("group-change", { ...ids, userid: me, ...changes });

  async function rename(group) {
    const name = await askText({ title: t("group_rename"), value: group.name, most: 64, yes: t("save"), no: t("close") });
    if (name) await change({ name });
  }
  async function notice(group) {
    const text = await askText({ title: t("group_notice"), value: group.notice, most: 2000, long: true, yes: t("save"), no: t("close") });
    if (text !== null) await change({ notice: text });
  }
  async function nickname() {
    const name = await askText({ title: t("group_nickname"), value: "", most: 64, yes: t("save"), no: t("close") });
    if (name) await act("group-nickname", { ...ids, member: me, nickname: name });
  }
  async function invite(group) {
    const inside = new Set(group.members.map((one) => one.id));
    const chosen = await pick({
      title: t("group_invite"), many: true, yes: t("done"), search: t("search_friends"), none: t("nobody"), backLabel: t("back"),
      load: async (query) => (await get("friends", { userid: me, query })).filter((one) => one.status === "friend" && !inside.has(one.id)),
    });
    if (chosen?.length) await act("group-invite", { ...ids, userid: me, external_userids: chosen });
  }
  async function remove(group) {
    const people = group.members.filter((one) => !one.owner && one.id !== me).map((one) => ({ id: one.id, name: one.name, customer: one.customer }));
    const chosen = await pick({ title: t("group_remove"), many: true, yes: t("group_remove_yes"), none: t("nobody"), backLabel: t("back"), load: async () => people });
    if (chosen?.length) await act("group-remove", { ...ids, userid: me, members: chosen });
  }
  async function handOver(group) {
    const people = group.members.filter((one) => !one.customer && one.id !== me).map((one) => ({ id: one.id, name: one.name }));
    const chosen = await pick({ title: t("group_hand_over"), yes: t("done"), none: t("group_no_colleague"), backLabel: t("back"), load: async () => people });
    if (chosen?.length) await change({ owner: chosen[0] });
  }
  async function colleagues(group) {
    const inside = new Set(group.members.map((one) => one.id));
    const chosen = await pick({
      title: t("group_colleagues"), many: true, yes: t("done"), none: t("nobody"), backLabel: t("back"),
      load: async () => (await get("home")).staff.filter((one) => !inside.has(one.userid)).map((one) => ({ id: one.userid, name: one.name, note: one.store })),
    });
    if (chosen?.length) await act("group-invite", { ...ids, userid: me, userids: chosen });
  }
  async function leave(group) {
    if (await ask({ title: t("group_quit_title", { name: group.name }), text: t("group_quit_text"), yes: t("group_quit"), no: t("close") }))
      await act("group-quit", { ...ids, member: me }, gone);
  }
  async function dismiss(group) {
    if (await ask({ title: t("group_dismiss_title", { name: group.name }), text: t("group_dismiss_text"), yes: t("group_dismiss"), no: t("close") }))
      await act("group-dismiss", { ...ids, userid: me }, gone);
  }

  function build(group) {
    const staff = side === "staff";
    const owns = group.owner === me;
    const manages = staff && group.manages;
    const faces = el("ul.faces", null, group.members.slice(0, FACES).map(face));
    const all = group.members.length > FACES && el("button.btn.wide", {
      onclick: () => pick({ title: t("group_members", { n: number(group.size) }), backLabel: t("back"), none: "", load: async () => group.members }),
    }, t("group_all", { n: number(group.size) }));
    return el(
      "div.pad",
      null,
      el("h2", null, t("group_members", { n: number(group.size) })),
      el("div.panel", null, faces, all),
      staff && el("div.gap", null, el("button.btn.fill", { onclick: () => invite(group) }, t("group_invite")), manages && el("button.btn.fill", { onclick: () => remove(group) }, t("group_remove"))),
      el(
        "div.list.apart",
        null,
        row(t("group_name"), group.name, manages && (() => rename(group))),
        row(t("group_notice"), group.notice || t("group_no_notice"), manages && (() => notice(group))),
        row(t("group_owner"), group.owner_name, staff && owns && (() => handOver(group))),
        staff && row(t("group_colleagues"), "", () => colleagues(group)),
        row(t("group_nickname"), group.members.find((one) => one.id === me)?.name, nickname),
      ),
      el("div.gap", null, owns
        ? el("button.btn.loss.wide", { onclick: () => dismiss(group) }, t("group_dismiss"))
        : el("button.btn.loss.wide", { onclick: () => leave(group) }, t("group_quit"))),
    );
  }

  const load = async () => {
    const group = await get("group-members", { ...ids, me });
    setNow(group.now);
    const key = JSON.stringify([group.name, group.notice, group.owner, group.members]);
    if (key === shown) return;
    shown = key;
    body.replaceChildren(build(group));
  };
  await follow(load, gone);
}
