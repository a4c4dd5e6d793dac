// What the company asks a member to send: broadcasts and moments. And moments of their own.

import { askText, el, bar, pick, show } from "./dom.js";
import { follow, get, post, say, setNow, when, words } from "./api.js";
import { momentCard, reactions } from "./moments.js";
import { part } from "./parts.js";
import { listed, number, t } from "./text.js";

const id = document.body.dataset.id;

const stateOf = (kind, done, cancelled) => t(cancelled && !done ? "task_cancelled" : `${kind}_${done ? "done" : "waiting"}`);

function row({ path, mark, text, at, note, done, cancelled }) {
  return el(
    "button.row",
    { onclick: () => (location.hash = path), ...mark },
    el("span.grow", null, el("span.t", null, el("b", null, text), el("time", null, when(at))), el("div.d", null, note)),
    el(done || cancelled ? "small" : "span.count", null, stateOf(path.split("/")[0], done, cancelled)),
  );
}

const taskRow = (task) =>
  row({
    path: `task/${task.msgid}`, mark: { "data-msgid": task.msgid }, text: task.text || t(task.attachments[0]?.msgtype || "text"), at: task.created,
    note: t(task.chat_type === "group" ? "task_groups" : "task_customers", { n: number(task.customers) }), done: task.done, cancelled: task.cancelled,
  });

const momentRow = (moment) =>
  row({
    path: `moment/${moment.moment_id}`, mark: { "data-moment": moment.moment_id }, text: moment.text || t(moment.attachments[0]?.msgtype || "text"), at: moment.created,
    note: moment.at ? t("moment_seen", { n: number(moment.seen), likes: moment.likes.length, comments: moment.comments.length }) : t("moment_of_company"),
    done: moment.at > 0, cancelled: moment.cancelled,
  });

async function publish() {
  const text = await askText({ title: t("moment_new"), most: 2000, long: true, yes: t("moment_publish"), no: t("close") });
  if (!text) return;
  try {
    await post("moment-publish", { userid: id, text });
  } catch (error) {
    say(words(error));
  }
}

/** Both lists, the waiting ones first. */
export function taskLists(home) {
  const first = (waits) => (one, two) => Number(waits(two)) - Number(waits(one));
  const tasks = [...home.tasks].sort(first((one) => !one.done && !one.cancelled));
  const moments = [...home.moments].sort(first((one) => !one.at && !one.cancelled));
  return el(
    "div",
    null,
    el("h2.inset", null, t("tasks")),
    tasks.length ? el("div.list.flat", null, tasks.map(taskRow)) : el("p.nothing", null, t("no_tasks")),
    el("h2.inset.split", null, t("moments"), el("button.act", { onclick: publish, id: "publish" }, t("moment_new"))),
    moments.length ? el("div.list.flat", null, moments.map(momentRow)) : el("p.nothing", null, t("no_moment_tasks")),
  );
}

export const waiting = (home) =>
  home.tasks.filter((one) => !one.done && !one.cancelled).length + home.moments.filter((one) => !one.at && !one.cancelled).length;

const figure = (count, label) => el("div", null, el("b", null, number(count)), el("span", null, label));

function taskBody(task, brand, { confirm, choose, chosen }) {
  const group = task.chat_type === "group";
  const some = listed(task.names.slice(0, 3));
  const to = task.customers > 3 ? t(group ? "task_and_groups" : "task_and", { names: some, n: number(task.customers) }) : listed(task.names);
  const about = [t("task_at", { time: when(task.created, true) }), task.reminders > 0 && t("task_reminded", { n: task.reminders })];
  const open = !task.done && !task.cancelled;
  const result = task.done && [
    el("h2", null, t("task_result"), el("small", null, when(task.send_time, true))),
    el(
      "div.figures",
      null,
      figure(task.sent, t("task_sent")),
      figure(task.not_friend, t(group ? "task_group_gone" : "task_not_friend")),
      figure(task.over_cap, t("task_over_cap")),
    ),
  ];
  return el(
    "div.pad",
    null,
    el("p.lead", null, about.filter(Boolean).join(t("comma"))),
    el("h2", null, t("task_to")),
    el("p", null, chosen ? t(group ? "task_groups" : "task_customers", { n: number(chosen.length) }) : to),
    open && task.selectable && el("div.gap", null, el("button.btn.wide", { onclick: choose, id: "choose" }, t(group ? "task_choose_groups" : "task_choose"))),
    el("h2", null, t("task_preview")),
    el("div", null, task.parts.map((item) => el("div.m", null, part(item, brand)))),
    result || [],
    open ? el("div.gap", null, el("button.btn.p.wide", { onclick: confirm, id: "confirm" }, t("task_confirm"))) : task.cancelled && !task.done && el("p.why", null, t("task_cancelled")),
  );
}

export async function taskView(msgid) {
  const body = el("div.body");
  const brand = (await get("home")).brand;
  show(bar({ title: t("tasks"), back: () => (location.hash = "tasks"), backLabel: t("back") }), body);
  let shown = "";
  let chosen = null;
  let group = false;
  const load = async () => {
    const task = await get("task", { userid: id, msgid });
    setNow(task.now);
    group = task.chat_type === "group";
    const key = JSON.stringify([{ ...task, now: 0 }, chosen]);
    if (key === shown) return;
    shown = key;
    body.replaceChildren(taskBody(task, brand, { confirm, choose, chosen: task.done ? null : chosen }));
  };
  const choose = async () => {
    const rows = await get("task-rows", { userid: id, msgid });
    const found = (query) => rows.filter((one) => one.name.toLowerCase().includes((query || "").toLowerCase()));
    const picked = await pick({
      title: t(group ? "task_choose_groups" : "task_choose"), many: true, yes: t("done"), search: t(group ? "search_groups" : "search_friends"), none: t("nobody"), backLabel: t("back"),
      all: t("choose_all"), chosen: chosen || rows.map((one) => one.id), load: async (query) => found(query),
    });
    if (!picked) return;
    chosen = picked.length === rows.length ? null : picked;
    await load();
  };
  const confirm = async (event) => {
    event.target.disabled = true;
    event.target.textContent = t("task_confirming");
    try {
      await post("confirm", { userid: id, msgid, ...(chosen ? { external_userids: chosen } : {}) });
    } catch (error) {
      say(words(error));
    }
    shown = "";
    await load();
  };
  await follow(load);
}

export async function momentView(momentId) {
  const body = el("div.body.white");
  const home = () => (location.hash = "tasks");
  show(bar({ title: t("moments"), back: home, backLabel: t("back") }), body);
  let shown = "";
  const act = (path, then) => async (event) => {
    event.target.disabled = true;
    try {
      await post(path, { userid: id, moment_id: momentId });
      if (then) return then();
    } catch (error) {
      say(words(error));
    }
    shown = "";
    await load();
  };
  const load = async () => {
    const moment = await get("moment", { userid: id, moment_id: momentId });
    setNow(moment.now);
    const key = JSON.stringify({ ...moment, now: 0 });
    if (key === shown) return;
    shown = key;
    const open = !moment.at && !moment.cancelled;
    body.replaceChildren(
      momentCard(moment, moment.brand, moment.at > 0 && reactions(moment, id, load)),
      el(
        "div.pad",
        null,
        el("p.lead", null, moment.at ? t("moment_seen", { n: number(moment.seen), likes: moment.likes.length, comments: moment.comments.length }) : t("task_at", { time: when(moment.created, true) })),
        moment.tags.length > 0 && el("p.lead", null, t("moment_tags", { names: listed(moment.tags) })),
        open && el("button.btn.p.wide", { onclick: act("moment-confirm"), id: "confirm" }, t("moment_confirm")),
        moment.cancelled && !moment.at && el("p.why", null, t("task_cancelled")),
        moment.own && el("button.btn.loss.wide", { onclick: act("moment-delete", home) }, t("moment_delete")),
      ),
    );
  };
  await follow(load);
}
