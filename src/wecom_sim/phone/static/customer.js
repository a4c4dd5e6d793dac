// A customer's phone: chats, groups, customer service, moments, scanning, who I am.

import { avatar, bar, el, icon, show } from "./dom.js";
import { follow, get, page, post, remember, say, setNow, when, words } from "./api.js";
import { memberProfile, openChat } from "./chat.js";
import { scanView } from "./codes.js";
import { groupInfo, openGroup } from "./groups.js";
import { feedView } from "./moments.js";
import { chatRow, groupFace } from "./rows.js";
import { openService, serviceInfo } from "./service.js";
import { t } from "./text.js";

const id = document.body.dataset.id;
const TABS = { chats: "chat", moments: "moments", scan: "scan", me: "me" };
const seenKey = (what) => `wecom-sim.seen.${id}.${what}`;
const seenUpTo = (what) => Number(localStorage.getItem(seenKey(what)) || 0);
const saw = (what) => (last) => localStorage.setItem(seenKey(what), String(last));
const go = (hash) => () => (location.hash = hash);

function tabs(current) {
  const dot = el("span.dot.up", { hidden: true, role: "img", "aria-label": t("new_moment") });
  const foot = el(
    "footer.foot",
    null,
    el(
      "nav.tabs",
      null,
      Object.entries(TABS).map(([name, picture]) =>
        el("button", { "aria-current": String(name === current), onclick: go(name) }, icon(picture), t(name), name === "moments" && dot),
      ),
    ),
  );
  return [foot, dot];
}

const unread = (what, row) => row.last && row.last_number > seenUpTo(what) && t("new_message");

function friendRow(chat) {
  const fresh = chat.last && chat.last.side !== "customer" && chat.last.side !== "system" && unread(chat.userid, chat);
  return chatRow({ side: "customer", path: `chat/${chat.userid}`, who: chat.staff.name, fallback: chat.staff.store, unread: fresh, face: avatar(chat.staff.name), tag: `@${chat.brand}` }, chat);
}

const groupRow = (group) =>
  chatRow({ side: "customer", path: `group/${group.chat_id}`, name: `${group.name}(${group.size})`, who: group.name, face: groupFace(group.name), unread: !group.last_mine && unread(group.chat_id, group), fallback: group.notice }, group);

const serviceRow = (row) =>
  chatRow({ side: "customer", path: `kf/${row.open_kfid}`, who: row.name, face: avatar(row.name), tag: t("kf_word"), unread: row.last?.side === "staff" && unread(row.open_kfid, row), fallback: t("kf_hello") }, row);

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
      el("div.wrap", null, t("transfer_to", { handover: transfer.handover, takeover: transfer.takeover })),
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
  const [foot, dot] = tabs("chats");
  show(bar({ title: t("chats"), right: elsewhere() }), note, el("div.body", null, transfers, list, none), foot);
  let shown = "";
  await follow(async () => {
    const home = await get(`customer/${id}`);
    setNow(home.now);
    note.textContent = t("sim_customer", { name: home.customer.name });
    dot.hidden = home.moments_at <= seenUpTo("moments");
    const rows = [
      ...home.chats.map((one) => [one.at, () => friendRow({ ...one, brand: home.brand })]),
      ...home.groups.map((one) => [one.at, () => groupRow(one)]),
      ...home.services.map((one) => [one.at, () => serviceRow(one)]),
    ].sort((one, two) => two[0] - one[0]);
    const key = JSON.stringify([home.chats, home.transfers, home.groups, home.services]);
    none.hidden = rows.length > 0;
    if (key === shown) return;
    shown = key;
    transfers.replaceChildren(...home.transfers.map(transferRow));
    list.replaceChildren(...rows.map(([, build]) => build()));
  });
}

const elsewhere = () => el("a.side", { href: page("/phone") }, t("switch_person"));

async function meView() {
  const card = el("div.card");
  const [foot] = tabs("me");
  show(
    bar({ title: t("me") }),
    el("div.body", null, el("div.pad", null, card, el("div.gap", null, el("a.btn.wide.mid", { href: page("/phone") }, t("switch_person"))))),
    foot,
  );
  await follow(async () => {
    const home = await get(`customer/${id}`);
    setNow(home.now);
    if (card.childElementCount) return;
    const { name } = home.customer;
    card.append(
      avatar(name, true), el("b", null, name), el("p", null, t("friends_n", { n: home.chats.length })),
      el("p", null, t("groups_n", { n: home.groups.length })), el("p.id", null, id),
    );
  });
}

async function simNote() {
  const home = await get(`customer/${id}`);
  return el("div.sim", null, t("sim_customer", { name: home.customer.name }));
}

async function route() {
  const [name, ref, info] = location.hash.slice(1).split("/");
  const home = go("chats");
  if (name === "chat" && ref) {
    if (info) return memberProfile({ userid: ref, externalUserid: id, back: go(`chat/${ref}`), gone: home });
    return openChat({ side: "customer", userid: ref, externalUserid: id, back: home, more: go(`chat/${ref}/info`), seen: saw(ref) });
  }
  if (name === "group" && ref) {
    if (info) return groupInfo({ side: "customer", chatId: ref, me: id, back: go(`group/${ref}`), gone: home });
    return openGroup({ side: "customer", chatId: ref, me: id, back: home, more: go(`group/${ref}/info`), seen: saw(ref) });
  }
  if (name === "kf" && ref) {
    if (info) return serviceInfo({ openKfid: ref, externalUserid: id, back: go(`kf/${ref}`) });
    return openService({ side: "customer", openKfid: ref, externalUserid: id, back: home, more: go(`kf/${ref}/info`), seen: saw(ref) });
  }
  if (name === "moments") return feedView({ externalUserid: id, tabs: tabs("moments")[0], right: elsewhere(), note: await simNote(), seen: saw("moments") });
  if (name === "scan") return scanView({ id, tabs: tabs("scan")[0] });
  return name === "me" ? meView() : chatsView();
}

export async function customerPage() {
  remember(id);
  const safely = () =>
    route().catch((error) => {
      if (error.code === "no_such_customer") show(bar({ title: t("phone") }), el("div.empty", null, t("no_customer"), el("br"), elsewhere()));
      else if (["no_relation", "not_in_group", "no_such_group", "no_such_account"].includes(error.code)) location.hash = "chats";
      else say(words(error));
    });
  addEventListener("hashchange", safely);
  await safely();
}
