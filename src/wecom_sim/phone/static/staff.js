// A member's phone: chats, broadcasts to confirm, new customers to accept.

import { avatar, bar, el, icon, show } from "./dom.js";
import { follow, get, page, post, say, setNow, when, words } from "./api.js";
import { openChat, part } from "./chat.js";
import { chatRow } from "./rows.js";
import { number, t } from "./text.js";

const id = document.body.dataset.id;
const TABS = { chats: "chat", tasks: "tasks", requests: "add" };

function tabs(current) {
  const badges = { tasks: el("span.badge", { hidden: true }), requests: el("span.badge", { hidden: true }) };
  const foot = el(
    "footer.foot",
    null,
    el(
      "nav.tabs",
      null,
      Object.entries(TABS).map(([name, picture]) =>
        el("button", { "aria-current": String(name === current), onclick: () => (location.hash = name) }, icon(picture), t(name), badges[name]),
      ),
    ),
  );
  const count = (badge, n) => {
    badge.textContent = n;
    badge.hidden = !n;
  };
  const update = (home) => {
    count(badges.tasks, home.tasks.filter((task) => !task.done && !task.cancelled).length);
    count(badges.requests, home.to_accept.length);
  };
  return [foot, update];
}

const elsewhere = () => el("a.side", { href: page("/phone") }, t("switch_person"));

/** A tab that shows a list which is built anew only when it changed. */
async function listTab(name, title, params, { key, build, above }) {
  const [foot, update] = tabs(name);
  const note = el("div.sim");
  const body = el("div");
  show(bar({ title, right: elsewhere() }), note, el("div.body", null, above, body), foot);
  let shown = null;
  const load = async () => {
    const home = await get(`staff/${id}`, params());
    setNow(home.now);
    update(home);
    note.textContent = t("sim_staff_store", home.staff);
    const now = JSON.stringify(key(home));
    if (now === shown) return;
    shown = now;
    body.replaceChildren(build(home));
  };
  await follow(load);
  return load;
}

function customerRow(chat) {
  const name = chat.remark || chat.customer_name;
  const fallback = chat.remark ? chat.customer_name : t(`status_${chat.status}`);
  return chatRow({ side: "staff", ref: chat.external_userid, who: chat.customer_name, name, fallback }, chat);
}

async function chatsView() {
  let query = "";
  let load = null;
  const search = el("input.field", {
    type: "search", placeholder: t("search_friends"), "aria-label": t("search_friends"),
    oninput: () => {
      query = search.value;
      load?.();
    },
  });
  load = await listTab("chats", t("chats"), () => ({ query }), {
    above: el("div.pad.low", null, search),
    key: (home) => [home.chats, home.friends],
    build: (home) => el("div", null, el("h2.inset", null, t("staff_friends", { n: number(home.friends) })), el("div.list.flat", null, home.chats.map(customerRow))),
  });
}

function taskState(task) {
  return t(task.cancelled && !task.done ? "task_cancelled" : task.done ? "task_done" : "task_waiting");
}

function taskRow(task) {
  const waiting = !task.done && !task.cancelled;
  const text = task.text || t(task.attachments[0]?.msgtype || "text");
  return el(
    "button.row",
    { onclick: () => (location.hash = `task/${task.msgid}`), "data-msgid": task.msgid },
    el(
      "span.grow",
      null,
      el("span.t", null, el("b", null, text), el("time", null, when(task.created))),
      el("div.d", null, t(task.chat_type === "group" ? "task_groups" : "task_customers", { n: number(task.customers) })),
    ),
    el(waiting ? "span.count" : "small", null, taskState(task)),
  );
}

const tasksView = () =>
  listTab("tasks", t("tasks"), () => ({}), {
    key: (home) => home.tasks,
    build: (home) => (home.tasks.length ? el("div.list.flat", null, home.tasks.map(taskRow)) : el("p.empty", null, t("no_tasks"))),
  });

const figure = (count, label) => el("div", null, el("b", null, number(count)), el("span", null, label));

function taskBody(task, brand, confirm) {
  const some = task.names.slice(0, 3).join("、");
  const to = task.customers > 3 ? t(task.chat_type === "group" ? "task_and_groups" : "task_and", { names: some, n: number(task.customers) }) : task.names.join("、");
  const about = [t("task_at", { time: when(task.created, true) }), task.reminders > 0 && t("task_reminded", { n: task.reminders })];
  const result = task.done && [
    el("h2", null, t("task_result"), el("small", null, when(task.send_time, true))),
    el(
      "div.figures",
      null,
      figure(task.sent, t("task_sent")),
      figure(task.not_friend, t(task.chat_type === "group" ? "task_group_gone" : "task_not_friend")),
      figure(task.over_cap, t("task_over_cap")),
    ),
  ];
  const button = !task.done && !task.cancelled && el("button.btn.p.wide", { onclick: confirm, id: "confirm" }, t("task_confirm"));
  return el(
    "div.pad",
    null,
    el("p.lead", null, about.filter(Boolean).join("，")),
    el("h2", null, t("task_to")),
    el("p", null, to),
    el("h2", null, t("task_preview")),
    el("div", null, task.parts.map((item) => el("div.m", null, part(item, brand)))),
    result || [],
    button ? el("div.gap", null, button) : task.cancelled && !task.done && el("p.why", null, t("task_cancelled")),
  );
}

async function taskView(msgid) {
  const body = el("div.body");
  const brand = (await get("home")).brand;
  show(bar({ title: t("tasks"), back: () => (location.hash = "tasks"), backLabel: t("back") }), body);
  let shown = "";
  const load = async () => {
    const task = await get("task", { userid: id, msgid });
    setNow(task.now);
    const key = JSON.stringify({ ...task, now: 0 });
    if (key === shown) return;
    shown = key;
    body.replaceChildren(taskBody(task, brand, confirm));
  };
  const confirm = async (event) => {
    event.target.disabled = true;
    event.target.textContent = t("task_confirming");
    try {
      await post("confirm", { userid: id, msgid });
    } catch (error) {
      say(words(error));
    }
    shown = "";
    await load();
  };
  await follow(load);
}

function requestRow(row, accept) {
  return el(
    "div.row",
    null,
    avatar(row.customer_name, true),
    el("span.grow", null, el("span.t", null, el("b", null, row.customer_name)), el("div.d", null, t("requested_staff", { name: row.customer_name }))),
    el("button.btn.p", { onclick: () => accept(row) }, t(row.status === "half" ? "accept_half" : "accept")),
  );
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
  load = await listTab("requests", t("requests"), () => ({}), {
    key: (home) => home.to_accept,
    build: (home) =>
      home.to_accept.length
        ? el("div.list.flat", null, home.to_accept.map((row) => requestRow(row, accept)))
        : el("p.empty", null, t("no_requests")),
  });
}

async function route() {
  const [name, ref] = location.hash.slice(1).split("/");
  if (name === "chat" && ref) {
    return openChat({ side: "staff", userid: id, externalUserid: ref, back: () => (location.hash = "chats") });
  }
  if (name === "task" && ref) return taskView(ref);
  if (name === "tasks") return tasksView();
  return name === "requests" ? requestsView() : chatsView();
}

export async function staffPage() {
  const safely = () =>
    route().catch((error) => {
      if (error.code === "no_such_staff") show(bar({ title: t("phone") }), el("div.empty", null, t("no_staff"), el("br"), elsewhere()));
      else if (error.code === "no_relation") location.hash = "chats";
      else say(words(error));
    });
  addEventListener("hashchange", safely);
  await safely();
}
