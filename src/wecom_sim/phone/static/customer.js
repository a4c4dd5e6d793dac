// A customer's phone: chats, scanning, who I am.

import { avatar, bar, el, icon, show } from "./dom.js";
import { follow, get, page, post, remember, say, setNow, when, words } from "./api.js";
import { openChat } from "./chat.js";
import { chatRow } from "./rows.js";
import { t } from "./text.js";

const id = document.body.dataset.id;
const TABS = { chats: "chat", scan: "scan", me: "me" };
const seenKey = (userid) => `wecom-sim.seen.${id}.${userid}`;
const seenUpTo = (userid) => Number(localStorage.getItem(seenKey(userid)) || 0);

function tabs(current) {
  return el(
    "footer.foot",
    null,
    el(
      "nav.tabs",
      null,
      Object.entries(TABS).map(([name, picture]) =>
        el("button", { "aria-current": String(name === current), onclick: () => (location.hash = name) }, icon(picture), t(name)),
      ),
    ),
  );
}

function friendRow(chat) {
  const unread = chat.last && chat.last.side === "staff" && chat.last_number > seenUpTo(chat.userid);
  return chatRow({ side: "customer", ref: chat.userid, who: chat.staff.name, fallback: chat.staff.store, unread: unread && t("new_message") }, chat);
}

/** A member is to be replaced by another; silence is consent, until then the customer may decline. */
function transferRow(transfer) {
  const refuse = async (event) => {
    event.target.disabled = true;
    try {
      await post("transfer-refuse", { external_userid: id, handover_userid: transfer.handover_userid });
      say(t("transfer_refused"));
    } catch (error) {
      event.target.disabled = false;
      say(words(error));
    }
  };
  return el(
    "div.row",
    null,
    avatar(transfer.takeover),
    el(
      "span.grow",
      null,
      el("span.t", null, el("b", null, t("transfer_to", { handover: transfer.handover, takeover: transfer.takeover }))),
      el("div.d", null, t("transfer_at", { time: when(transfer.at, true) })),
    ),
    el("button.btn.loss", { onclick: refuse, "data-refuse": transfer.handover_userid }, t("transfer_refuse")),
  );
}

async function chatsView() {
  const list = el("div.list.flat");
  const transfers = el("div.list.flat");
  const none = el("div.empty", { hidden: true }, el("p", null, t("no_chats")), el("a", { href: "#scan" }, t("go_scan")));
  const note = el("div.sim");
  show(bar({ title: t("chats"), right: elsewhere() }), note, el("div.body", null, transfers, list, none), tabs("chats"));
  let shown = "";
  await follow(async () => {
    const home = await get(`customer/${id}`);
    setNow(home.now);
    note.textContent = t("sim_customer", { name: home.customer.name });
    const key = JSON.stringify([home.chats, home.transfers]);
    none.hidden = home.chats.length > 0;
    if (key === shown) return;
    shown = key;
    transfers.replaceChildren(...home.transfers.map(transferRow));
    list.replaceChildren(...home.chats.map(friendRow));
  });
}

const elsewhere = () => el("a.side", { href: page("/phone") }, t("switch_person"));

function codeRow(code) {
  return el(
    "a.row",
    { href: page(`/phone/scan/${code.config_id}`, { as: id }) },
    el("img.qr", { src: `/qr/${code.config_id}.png`, alt: "", width: 56, height: 56, loading: "lazy" }),
    el(
      "span.grow",
      null,
      el("span.t", null, el("b", null, code.remark || code.state || t("code_unnamed"))),
      el("div.d", null, t(code.group ? "code_groups" : "members", { names: code.members.join("、") })),
    ),
  );
}

async function scanView() {
  const list = el("div.list");
  const none = el("p.empty", { hidden: true }, t("no_codes"));
  const why = el("p.why", { hidden: true, role: "alert" }, t("error_no_such_code"));
  const link = el("input.field", { placeholder: t("open_link"), "aria-label": t("open_link"), autocomplete: "off" });
  const form = el(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        const found = /[0-9a-f]{32}/.exec(link.value);
        why.hidden = Boolean(found);
        link.classList.toggle("bad", !found);
        if (found) location.href = page(`/phone/scan/${found[0]}`, { as: id });
      },
    },
    el("div.gap", null, link, el("button.btn", { type: "submit" }, t("open"))),
    why,
  );
  show(bar({ title: t("scan") }), el("div.body", null, el("div.pad", null, form, el("h2", null, t("codes")), list, none)), tabs("scan"));
  let shown = "";
  await follow(async () => {
    const codes = await get("codes");
    setNow((await get("home")).now);
    none.hidden = codes.length > 0;
    list.hidden = !codes.length;
    const key = codes.map((code) => code.config_id + code.remark + code.members).join();
    if (key === shown) return;
    shown = key;
    list.replaceChildren(...codes.map(codeRow));
  });
}

async function meView() {
  const card = el("div.card");
  show(
    bar({ title: t("me") }),
    el("div.body", null, el("div.pad", null, card, el("div.gap", null, el("a.btn.wide.mid", { href: page("/phone") }, t("switch_person"))))),
    tabs("me"),
  );
  await follow(async () => {
    const home = await get(`customer/${id}`);
    setNow(home.now);
    if (card.childElementCount) return;
    const { name } = home.customer;
    card.append(avatar(name, true), el("b", null, name), el("p", null, t("friends_n", { n: home.chats.length })), el("p", null, id));
  });
}

async function route() {
  const [name, userid] = location.hash.slice(1).split("/");
  if (name === "chat" && userid) {
    const seen = (last) => localStorage.setItem(seenKey(userid), String(last));
    return openChat({ side: "customer", userid, externalUserid: id, back: () => (location.hash = "chats"), seen });
  }
  if (name === "scan") return scanView();
  return name === "me" ? meView() : chatsView();
}

export async function customerPage() {
  remember(id);
  const safely = () =>
    route().catch((error) => {
      if (error.code === "no_such_customer") show(bar({ title: t("phone") }), el("div.empty", null, t("no_customer"), el("br"), elsewhere()));
      else if (error.code === "no_relation") location.hash = "chats";
      else say(words(error));
    });
  addEventListener("hashchange", safely);
  await safely();
}
