// What opens when a live code is scanned: choose who scans, add the friend and go to the chat, or join the group.

import { avatar, bar, el, show } from "./dom.js";
import { get, page, post, remember, remembered, say, setNow, words } from "./api.js";
import { customerSearch, newCustomer } from "./people.js";
import { t } from "./text.js";

const configId = document.body.dataset.id;

async function join(externalUserid) {
  try {
    const result = await post("group-join", { qr: configId, external_userid: externalUserid });
    remember(result.external_userid);
    show(
      bar({ title: t("join_title") }),
      el("div.empty", { id: "joined" }, t(result.already ? "join_already" : "join_done"), el("br"), el("a", { href: page(`/phone/customer/${result.external_userid}#group/${result.chat_id}`) }, t("join_open"))),
    );
  } catch (error) {
    say(words(error));
  }
}

async function addFriend(externalUserid) {
  try {
    const result = await post("scan", { config_id: configId, external_userid: externalUserid });
    remember(result.external_userid);
    location.href = page(`/phone/customer/${result.external_userid}#chat/${result.userid}`);
  } catch (error) {
    say(words(error));
  }
}

async function enter(externalUserid) {
  try {
    const made = await post("kf-enter", { external_userid: externalUserid, url: location.href.replace("/phone/scan/", "/kf/") });
    remember(externalUserid);
    location.href = page(`/phone/customer/${externalUserid}#kf/${made.open_kfid}`);
  } catch (error) {
    say(words(error));
  }
}

/** The customer who holds this phone already, if there still is one. */
async function current() {
  const id = new URLSearchParams(location.search).get("as") || remembered();
  if (!id) return null;
  try {
    return (await get(`customer/${id}`)).customer;
  } catch (error) {
    if (error.code === "no_such_customer") return null;
    throw error;
  }
}

function codeCard(code) {
  return el(
    "div.card",
    null,
    avatar(code.brand),
    el("b", null, code.brand),
    code.remark && el("p", null, code.remark),
    el("p", null, t(code.kind === "kf" ? "kf_direct" : code.group ? "join_direct" : code.skip_verify ? "scan_direct" : "scan_verify")),
  );
}

export async function scanPage() {
  let code;
  try {
    code = await get(`codes/${configId}`);
  } catch (error) {
    if (error.code !== "no_such_code") throw error;
    show(bar({ title: t("scan_title") }), el("div.empty", null, t("scan_gone"), el("br"), el("a", { href: page("/phone") }, t("phone"))));
    return;
  }
  setNow(code.now);
  const add = { way: addFriend, join, kf: enter }[code.kind];
  const title = t({ way: "scan_title", join: "join_title", kf: "kf_account" }[code.kind]);
  const go = t({ way: "scan_now", join: "join_now", kf: "kf_now" }[code.kind]);
  const customer = await current();
  const home = () => (location.href = customer ? page(`/phone/customer/${customer.external_userid}`) : page("/phone"));
  const body = [codeCard(code)];
  if (customer) {
    const who = el(
      "div.row",
      null,
      avatar(customer.name, true),
      el("span.grow", null, el("span.t", null, el("b", null, customer.name)), el("div.d", null, t("scan_current"))),
      el("button.btn.p", { onclick: () => add(customer.external_userid), id: "add" }, go),
    );
    body.push(el("h2", null, t("scan_as")), el("div.list", null, who));
  }
  body.push(el("h2", null, t("scan_new")), newCustomer(go, (made) => add(made.external_userid)));
  body.push(el("h2", null, t("scan_other")), ...customerSearch((person) => add(person.external_userid)));
  show(bar({ title, back: home, backLabel: t("back") }), el("div.body", null, el("div.pad", null, ...body)));
}
