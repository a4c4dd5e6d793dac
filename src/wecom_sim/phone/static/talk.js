// The screen of any chat: bubbles, notes, a line to write in. What it shows comes from an adapter.

import { avatar, bar, el, icon, show } from "./dom.js";
import { follow, say, setNow, when, words } from "./api.js";
import { part } from "./parts.js";
import { t } from "./text.js";

const PAUSE = 300; // seconds of silence after which the time is shown again

/**
 * load(after) answers {now, brand, lines: [{number, at, own, name, customer, part, origin, note}]}; `whole`: it always
 * answers every line. title, small, sim: texts of a state. send(text), mayWrite(state), more(), back(), tools: [[label, act]].
 */
export async function talk({ load, whole, title, small, sim, send, mayWrite, more, back, tools = [], named, choose, seen }) {
  const lines = el("div.chat", { "aria-live": "polite" });
  const body = el("div.body", null, lines);
  const field = el("input.field", { placeholder: t("type_here"), "aria-label": t("type_here"), maxlength: 2000, enterkeyhint: "send", autocomplete: "off" });
  const form = el("form.say", { onsubmit: submit }, field, el("button.btn.p", { type: "submit" }, t("send")));
  let state = await load(0);
  let last = 0;
  let lastAt = 0;
  let shown = "";
  let atEnd = true; // stay at the newest line, also when a picture arrives late and pushes it down
  body.addEventListener("scroll", () => (atEnd = body.scrollHeight - body.scrollTop - body.clientHeight < 80));
  const watcher = new ResizeObserver(() => atEnd && toEnd());
  watcher.observe(lines);
  const toEnd = () => (body.scrollTop = body.scrollHeight);

  function append(line) {
    if (line.note) {
      lines.append(el("div.ts", null, `${when(line.at, true)}　${line.note}`));
    } else {
      if (line.at - lastAt > PAUSE) lines.append(el("div.ts", null, when(line.at, true)));
      const inside = part(line.part, state.brand, choose && ((item) => choose(item).then(refresh, refuse)));
      const content = named && !line.own ? el("div.said", null, el("small", null, line.name), inside) : inside;
      lines.append(el(line.own ? "div.m.r" : "div.m", { "data-origin": line.origin }, avatar(line.name, line.customer), content));
    }
    lastAt = line.at;
  }

  function take(fresh) {
    state = fresh;
    setNow(fresh.now);
    form.hidden = !mayWrite(fresh);
    if (whole) {
      const now = JSON.stringify(fresh.lines);
      if (now === shown) return;
      shown = now;
      lines.replaceChildren();
      last = lastAt = 0;
    }
    for (const line of fresh.lines) {
      if (line.number <= last) continue;
      append(line);
      last = line.number;
    }
    seen?.(last);
  }

  const refresh = async () => {
    take(await load(whole ? 0 : last));
    toEnd();
  };

  function refuse(error) {
    if (error.code === "not_friends") lines.append(el("div.ts", null, t("chat_refused")));
    else say(words(error));
    toEnd();
  }

  async function submit(event) {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    try {
      await send(text);
      field.value = "";
      await refresh();
    } catch (error) {
      refuse(error);
    }
  }

  const right = more && el("button.side", { onclick: more, "aria-label": t("more") }, icon("more"));
  const row = tools.length > 0 && el("div.tools", null, tools.map(([label, act]) => el("button", { type: "button", onclick: act }, label)));
  setNow(state.now);
  show(
    bar({ title: title(state), small: small?.(state), back, backLabel: t("back"), right }),
    el("div.sim", null, sim(state)),
    body,
    el("footer.foot", null, row, form),
  );
  await follow(async () => take(await load(whole ? 0 : last)), back);
  toEnd();
}
