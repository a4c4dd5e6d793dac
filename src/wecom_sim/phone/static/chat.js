// A chat between a member and a customer, and what "…" opens. The same for both sides.

import { ask, avatar, bar, el, show } from "./dom.js";
import { follow, get, post, say, setNow, words } from "./api.js";
import { talk } from "./talk.js";
import { t } from "./text.js";

/** side: whose phone this is; back: where the arrow goes; more: what "…" opens; tools: the row above the field. */
export async function openChat({ side, userid, externalUserid, back, more, tools, seen }) {
  const pair = { userid, external_userid: externalUserid };
  const other = (state) => (side === "customer" ? state.staff.name : state.remark || state.customer_name);
  const mine = (state) => (side === "customer" ? state.customer_name : state.staff.name);
  await talk({
    load: async (after) => {
      const state = await get("chat", { ...pair, after });
      const lines = state.lines.map((line) => ({
        ...line,
        own: line.side === side,
        name: line.side === side ? mine(state) : other(state),
        customer: line.side === "customer",
        note: line.part.msgtype === "note" && t(`${line.part.note.kind}_${side}`, { name: other(state) }),
      }));
      return { ...state, lines };
    },
    title: other,
    small: (state) => side === "customer" && `@${state.brand}`,
    sim: (state) =>
      side === "customer"
        ? t("sim_customer", { name: state.customer_name }) + (state.code ? t("sim_scanned", { code: state.code }) : "")
        : t("sim_staff", { name: state.staff.name }),
    send: (text) => post("chat", { ...pair, from: side, text }),
    mayWrite: (state) => state.status !== "requested", // nobody can write before the request is accepted
    more,
    back,
    tools,
    seen,
  });
}

/** The member, as the customer sees them: who, where, and how to be rid of them. */
export async function memberProfile({ userid, externalUserid, back, gone }) {
  const pair = { userid, external_userid: externalUserid };
  const body = el("div.body");
  show(bar({ title: t("contact_info"), back, backLabel: t("back") }), body);

  async function remove(name) {
    const sure = await ask({ title: t("delete_title", { name }), text: t("delete_text_customer"), yes: t("delete_yes"), no: t("cancel") });
    if (!sure) return;
    try {
      await post("customer-delete", pair);
      gone();
    } catch (error) {
      say(words(error));
    }
  }

  async function dull(name) {
    const sure = await ask({ title: t("dull_title", { name }), text: t("dull_text"), yes: t("dull_yes"), no: t("dull_no") });
    if (!sure) return;
    try {
      await post("not-interested", pair);
      await load();
    } catch (error) {
      say(words(error));
    }
  }

  let shown = "";
  const load = async () => {
    const state = await get("chat", { ...pair, after: Number.MAX_SAFE_INTEGER });
    setNow(state.now);
    const { name, store, position } = state.staff;
    const key = JSON.stringify([state.staff, state.not_interested]);
    if (key === shown) return;
    shown = key;
    body.replaceChildren(
      el(
        "div.pad",
        null,
        el("div.card", null, avatar(name), el("b", null, name), el("p.from", null, `@${state.brand}`), [store, position].filter(Boolean).map((fact) => el("p", null, fact))),
        el("div.gap", null, el("button.btn.wide", { onclick: back }, t("send_message"))),
        el("div.gap", null, el("button.btn.wide", { onclick: () => dull(name), disabled: state.not_interested, id: "not-interested" }, t(state.not_interested ? "dull_done" : "dull"))),
        el("div.gap", null, el("button.btn.loss.wide", { onclick: () => remove(name) }, t("delete_friend"))),
      ),
    );
  };
  await follow(load);
}
