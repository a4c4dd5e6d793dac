// The simulator's own page beside a chat: shows what the JS-SDK answers. It is signed by the simulator, as an app's
// server would sign it.

import { el } from "./dom.js";
import { get } from "./api.js";
import { t } from "./text.js";

const root = document.getElementById("sample");
const PICTURE = new URL("/phone/static/icon.svg", location.href).href;
const LINK = { link: new URL("/phone", location.href).href, title: t("sample_link"), desc: t("sample_link_desc"), imgUrl: PICTURE };
const CALLS = [
  ["getContext", {}],
  ["getCurExternalContact", {}],
  ["getCurExternalChat", {}],
  ["sendChatMessage", { msgtype: "text", text: { content: t("sample_text") } }, "text"],
  ["sendChatMessage", { msgtype: "news", news: LINK }, "news"],
  ["sendChatMessage", { msgtype: "miniprogram", miniprogram: { appid: "wx0000000000000001", title: t("sample_mini"), page: "pages/home", imgUrl: PICTURE } }, "miniprogram"],
  ["sendChatMessage", { msgtype: "image", image: {} }, "image"],
  ["openUserProfile", {}],
  ["selectExternalContact", { filterType: 0 }],
];
const NAMES = [...new Set(CALLS.map(([name]) => name))];

const result = el("pre", { id: "result", "aria-live": "polite" }, "");
const tell = (answer) => (result.textContent = JSON.stringify(answer, null, 1));
const media = el("input.field", { placeholder: t("sample_media"), "aria-label": t("sample_media"), autocomplete: "off" });

async function call(name, args) {
  let wish = args;
  if (args.msgtype === "image") wish = { msgtype: "image", image: { mediaid: media.value.trim() } };
  if (name === "openUserProfile") {
    const found = await wx.invoke("getCurExternalContact", {});
    // In a group there is no customer of the chat: the member chooses one.
    const picked = found.userId ? null : await wx.invoke("selectExternalContact", { filterType: 0 });
    wish = { type: 2, userid: found.userId || picked.userIds?.[0] || "" };
  }
  wx.invoke(name, wish, tell);
}

const status = (id, words) => el("p.row.slim", { id }, el("span", null, words), el("span.value", null, "…"));
const config = status("config", "wx.config");
const agent = status("agent-config", "wx.agentConfig");
const write = (row, text) => (row.lastChild.textContent = text);

root.append(
  el(
    "div.pad",
    null,
    el("p.lead", null, t("sample_lead")),
    el("div.list", null, config, agent),
    el("div.gap", null, el("button.btn.wide", { onclick: () => configure(true), id: "wrong" }, t("sample_wrong"))),
    el("h2", null, t("sample_answer")),
    result,
    el("h2", null, t("sample_calls")),
    el("div.calls", null, CALLS.map(([name, args, kind]) => el("button.btn", { onclick: () => call(name, args), "data-call": kind ? `${name}.${kind}` : name }, name, kind && el("small", null, kind)))),
    el("div.gap", null, media),
  ),
);

async function configure(wrong) {
  const keys = await get("sample-config", { url: location.href.split("#")[0] });
  const common = { timestamp: keys.timestamp, nonceStr: keys.nonceStr, jsApiList: NAMES };
  const spoil = (signature) => (wrong ? signature.replace(/^./, (one) => (one === "0" ? "1" : "0")) : signature);
  wx.ready(() => write(config, "config:ok"));
  wx.error((answer) => write(config, answer.errMsg));
  wx.config({ beta: true, appId: keys.corpid, ...common, signature: spoil(keys.jsapi) });
  wx.agentConfig({
    corpid: keys.corpid, agentid: keys.agentid, ...common, signature: spoil(keys.agent_config),
    success: (answer) => write(agent, answer.errMsg),
    fail: (answer) => {
      write(agent, answer.errMsg);
      tell(answer);
    },
  });
}

await configure(false);
