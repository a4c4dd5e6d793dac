// Apps of a member: what they sent, answering their cards, writing to them.

import { avatar, bar, el, show } from "./dom.js";
import { follow, get, post, say, setNow, when, words } from "./api.js";
import { appMessage } from "./cards.js";
import { chatRow } from "./rows.js";
import { t } from "./text.js";

const id = document.body.dataset.id;

export const appRow = (app) => chatRow({ side: "staff", path: `app/${app.agentid}`, who: app.name, face: avatar(app.name), tag: t("app_word"), fallback: t("app_silent") }, app);

/** `openHome(agentid)` opens the app's page. */
export async function appView({ agentid, back, openHome }) {
  const lines = el("div.chat");
  const body = el("div.body", null, lines);
  const field = el("input.field", { placeholder: t("type_here"), "aria-label": t("type_here"), maxlength: 2000, autocomplete: "off" });
  const form = el("form.say", { onsubmit: submit }, field, el("button.btn.p", { type: "submit" }, t("send")));
  const tools = el("div.tools", { hidden: true }, el("button", { type: "button", onclick: () => openHome(agentid) }, t("app_home")));
  let shown = "";

  async function act(path, wish, done) {
    try {
      await post(path, { userid: id, ...wish });
      done?.();
    } catch (error) {
      say(words(error));
    }
    shown = "";
    await load();
  }
  const answer = (msgid, key, selected) => act("card-answer", { msgid, key, selected });

  function submit(event) {
    event.preventDefault();
    const text = field.value.trim();
    if (text) act("app-visit", { text, agentid }, () => {
      field.value = "";
      say(t("app_told"));
    });
  }

  const first = await get("inbox", { userid: id, agentid });
  await post("app-visit", { userid: id, agentid });
  show(bar({ title: first.name, back, backLabel: t("back") }), el("div.sim", null, t("app_note")), body, el("footer.foot", null, tools, form));
  const load = async () => {
    const inbox = await get("inbox", { userid: id, agentid });
    setNow(inbox.now);
    tools.hidden = !inbox.sidebar_url;
    const key = JSON.stringify(inbox.messages);
    if (key === shown) return;
    shown = key;
    lines.replaceChildren(
      ...(inbox.messages.length ? inbox.messages.flatMap((one) => [el("div.ts", null, when(one.at, true)), el("div.m", null, avatar(inbox.name), appMessage(one, answer))]) : [el("p.empty", null, t("app_silent"))]),
    );
    body.scrollTop = body.scrollHeight;
  };
  await follow(load);
}
