// Customer service (微信客服): the chat with an account, from the customer's and from the servicer's side.

import { avatar, bar, el, show } from "./dom.js";
import { follow, get, post, say, setNow, words } from "./api.js";
import { talk } from "./talk.js";
import { t } from "./text.js";

const MEMBER = 3; // with a member
const ENDED = 4;

export function openService({ side, openKfid, externalUserid, userid, back, more, tools, seen }) {
  const pair = { open_kfid: openKfid, external_userid: externalUserid };
  return talk({
    whole: true,
    load: async () => {
      const state = await get("kf", pair);
      const lines = state.lines.map((line) => ({
        ...line,
        own: line.side === side,
        name: line.side === "customer" ? state.customer_name : side === "customer" ? state.name : line.name,
        customer: line.side === "customer",
        note: line.part.msgtype === "note" && t(line.part.note.kind, { name: line.name }),
      }));
      return { ...state, lines };
    },
    title: (state) => (side === "customer" ? state.name : state.customer_name),
    small: (state) => (side === "customer" ? `@${state.brand}` : state.name),
    sim: (state) => (side === "customer" ? t("sim_customer", { name: state.customer_name }) : t(`kf_state_${state.state}`, { name: state.servicer_name })),
    send: (text) => post("kf-say", { ...pair, text, ...(side === "staff" ? { userid } : {}) }),
    mayWrite: (state) => side === "customer" || (state.state === MEMBER && state.servicer === userid),
    choose: side === "customer" && ((item) => post("kf-say", { ...pair, text: item.content, menu_id: item.id || "" })),
    more,
    back,
    tools,
    seen,
  });
}

/** The customer's switch: take no messages of this account. */
export async function serviceInfo({ openKfid, externalUserid, back }) {
  const pair = { open_kfid: openKfid, external_userid: externalUserid };
  const body = el("div.body");
  show(bar({ title: t("kf_account"), back, backLabel: t("back") }), body);
  let shown = "";
  const load = async () => {
    const state = await get("kf", pair);
    setNow(state.now);
    const key = JSON.stringify([state.name, state.refuses]);
    if (key === shown) return;
    shown = key;
    body.replaceChildren(
      el(
        "div.pad",
        null,
        el("div.card", null, avatar(state.name), el("b", null, state.name), el("p", null, `@${state.brand}`)),
        el("div.gap", null, el("button.btn.wide", { onclick: () => turn(!state.refuses), id: "refuse" }, t(state.refuses ? "kf_accept" : "kf_refuse"))),
        el("p.lead.apart", null, t("kf_refuse_text")),
      ),
    );
  };
  const turn = async (refuses) => {
    try {
      await post("kf-refuse", { ...pair, refuses });
      await load();
    } catch (error) {
      say(words(error));
    }
  };
  await follow(load);
}

/** What a servicer can do: take the customer, or end the session. */
export function serviceTools(row, userid, done) {
  const serve = (action) => async () => {
    try {
      await post("kf-serve", { open_kfid: row.open_kfid, external_userid: row.external_userid, userid, action });
      done();
    } catch (error) {
      say(words(error));
    }
  };
  if (row.state === MEMBER && row.servicer === userid) return [[t("kf_end"), serve("end")]];
  return row.state === ENDED && !row.last ? [] : [[t("kf_take"), serve("take")]];
}
