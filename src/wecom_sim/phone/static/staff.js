// A member's phone: messages, customers, what the company asks to send, apps; and pages of apps beside a chat.

import { bar, el, icon, show } from "./dom.js";
import { follow, get, page, post, say, setNow, words } from "./api.js";
import { appRow, appView } from "./apps.js";
import { openChat } from "./chat.js";
import { customerList, customerView, friendFinder, requestRow } from "./contacts.js";
import { frameView } from "./frame.js";
import { groupInfo, openGroup } from "./groups.js";
import { chatRow, groupFace } from "./rows.js";
import { openService, serviceTools } from "./service.js";
import { momentView, taskLists, taskView, waiting } from "./tasks.js";
import { t } from "./text.js";

const id = document.body.dataset.id;
const TABS = { chats: "chat", customers: "people", tasks: "tasks", apps: "apps" };
const LABELS = { chats: "messages", customers: "customers", tasks: "to_send", apps: "apps" };
const go = (hash) => () => (location.hash = hash);

function tabs(current) {
  const badges = { tasks: el("span.badge", { hidden: true }), customers: el("span.badge", { hidden: true }) };
  const foot = el(
    "footer.foot",
    null,
    el(
      "nav.tabs",
      null,
      Object.entries(TABS).map(([name, picture]) =>
        el("button", { "aria-current": String(name === current), onclick: go(name) }, icon(picture), t(LABELS[name]), badges[name]),
      ),
    ),
  );
  const count = (badge, n) => {
    badge.textContent = n;
    badge.hidden = !n;
  };
  const update = (home) => {
    count(badges.tasks, waiting(home));
    count(badges.customers, home.to_accept.length);
  };
  return [foot, update];
}

const elsewhere = () => el("a.side", { href: page("/phone") }, t("switch_person"));

/** A tab that shows a list which is built anew only when it changed. `more(home)` loads what the state lacks. */
async function listTab(name, title, params, { key, build, above, more, back }) {
  const [foot, update] = tabs(name);
  const note = el("div.sim");
  const body = el("div");
  show(bar({ title, right: elsewhere(), back, backLabel: t("back") }), note, el("div.body", null, above, body), foot);
  let shown = null;
  const load = async () => {
    const home = await get(`staff/${id}`, params());
    setNow(home.now);
    update(home);
    note.textContent = t("sim_staff_store", home.staff);
    const extra = await more?.(home);
    const now = JSON.stringify(key(home, extra));
    if (now === shown) return;
    shown = now;
    body.replaceChildren(build(home, extra));
  };
  await follow(load);
  return load;
}

function searchField(label, changed) {
  return el("div.pad.low", null, el("input.field", { type: "search", placeholder: label, "aria-label": label, oninput: (event) => changed(event.target.value) }));
}

function customerRow(chat) {
  const name = chat.remark || chat.customer_name;
  const fallback = chat.remark ? chat.customer_name : t(`status_${chat.status}`);
  return chatRow({ side: "staff", path: `chat/${chat.external_userid}`, who: chat.customer_name, name, fallback, tag: t("wechat_word") }, chat);
}

const groupRow = (group) =>
  chatRow({ side: "staff", path: `group/${group.chat_id}`, name: `${group.name}(${group.size})`, who: group.name, face: groupFace(group.name), tag: t("group_word"), fallback: group.notice }, group);

const serviceRow = (row) =>
  chatRow({ side: "staff", path: `kf/${row.open_kfid}/${row.external_userid}`, who: row.customer_name, tag: t("kf_word"), unread: row.servicer !== id && t("kf_waiting"), fallback: row.name }, row);

async function chatsView() {
  let query = "";
  let load = null;
  const above = searchField(t("search_friends"), (value) => {
    query = value;
    load?.();
  });
  const wanted = (name) => name.toLowerCase().includes(query.trim().toLowerCase());
  load = await listTab("chats", t("messages"), () => ({ query }), {
    above,
    key: (home) => [home.chats, home.groups, home.services, home.apps, query],
    build: (home) => {
      const rows = [
        ...home.chats.map((one) => [one.at, () => customerRow(one)]),
        ...home.groups.filter((one) => wanted(one.name)).map((one) => [one.at, () => groupRow(one)]),
        ...home.services.filter((one) => wanted(one.customer_name)).map((one) => [one.at, () => serviceRow(one)]),
        ...home.apps.filter((one) => one.last && wanted(one.name)).map((one) => [one.at, () => appRow(one)]),
      ].sort((one, two) => two[0] - one[0]);
      return rows.length ? el("div.list.flat", null, rows.map(([, make]) => make())) : el("p.nothing", null, t("nobody"));
    },
  });
}

async function customersView() {
  let query = "";
  let load = null;
  const find = friendFinder();
  const above = searchField(t("search_friends"), (value) => {
    query = value;
    load?.();
  });
  load = await listTab("customers", t("customers"), () => ({}), {
    above,
    more: (home) => find(query, home.friends),
    key: (home, found) => [found, home.to_accept.length, home.friends],
    build: customerList,
  });
}

async function requestsView() {
  let load = null;
  const accept = async (row) => {
    try {
      await post("staff-accept", { userid: id, external_userid: row.external_userid });
      await load?.();
    } catch (error) {
      say(words(error));
    }
  };
  load = await listTab("customers", t("requests"), () => ({}), {
    back: go("customers"),
    key: (home) => home.to_accept,
    build: (home) =>
      home.to_accept.length ? el("div.list.flat", null, home.to_accept.map((row) => requestRow(row, accept))) : el("p.empty", null, t("no_requests")),
  });
}

const tasksView = () =>
  listTab("tasks", t("to_send"), () => ({}), { key: (home) => [home.tasks, home.moments], build: taskLists });

const appsView = () =>
  listTab("apps", t("apps"), () => ({}), {
    key: (home) => home.apps,
    build: (home) => (home.apps.length ? el("div.list.flat", null, home.apps.map(appRow)) : el("p.empty", null, t("no_apps"))),
  });

/** Pages of apps that stand beside a chat; the sample is always there. where: chat, profile, group or kf. */
async function appTools(where, ref) {
  const { apps } = await get(`staff/${id}`, { query: "" });
  const open = (agentid) => go(`tools/${agentid}/${where}/${ref}`);
  return [...apps.filter((app) => app.sidebar_url).map((app) => [app.name, open(app.agentid)]), [t("sample_app"), open(0)]];
}

async function serviceChat(openKfid, externalUserid) {
  const row = await get("kf", { open_kfid: openKfid, external_userid: externalUserid });
  const acts = serviceTools(row, id, () => route());
  const tools = [...acts, ...(await appTools("kf", `${openKfid}/${externalUserid}`))];
  return openService({ side: "staff", openKfid, externalUserid, userid: id, back: go("chats"), tools });
}

async function route() {
  const [name, ref, info, ...rest] = location.hash.slice(1).split("/");
  if (name === "tools") return frameView({ agentid: Number(ref), where: info, refs: rest });
  if (name === "chat" && ref) {
    return openChat({ side: "staff", userid: id, externalUserid: ref, back: go("chats"), more: go(`customer/${ref}`), tools: await appTools("chat", ref) });
  }
  if (name === "customer" && ref) {
    return customerView({ ref, back: go("customers"), toChat: go(`chat/${ref}`), tools: await appTools("profile", ref) });
  }
  if (name === "group" && ref) {
    if (info) return groupInfo({ side: "staff", chatId: ref, me: id, back: go(`group/${ref}`), gone: go("chats") });
    return openGroup({ side: "staff", chatId: ref, me: id, back: go("chats"), more: go(`group/${ref}/info`), tools: await appTools("group", ref) });
  }
  if (name === "kf" && info) return serviceChat(ref, info);
  if (name === "app" && ref) return appView({ agentid: Number(ref), back: go("apps"), openHome: (agentid) => (location.hash = `tools/${agentid}/home`) });
  if (name === "task" && ref) return taskView(ref);
  if (name === "moment" && ref) return momentView(ref);
  const views = { tasks: tasksView, requests: requestsView, customers: customersView, apps: appsView };
  return (views[name] || chatsView)();
}

export async function staffPage() {
  const gone = ["no_relation", "not_in_group", "no_such_group", "no_such_account", "no_such_customer", "no_such_task", "no_such_moment", "no_such_app"];
  const safely = () =>
    route().catch((error) => {
      if (error.code === "no_such_staff") show(bar({ title: t("phone") }), el("div.empty", null, t("no_staff"), el("br"), elsewhere()));
      else if (gone.includes(error.code)) location.hash = "chats";
      else say(words(error));
    });
  addEventListener("hashchange", safely);
  await safely();
}
