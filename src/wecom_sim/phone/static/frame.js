// A page of an app beside a chat: the frame, and what the client does when the page calls the JS-SDK.
//
// Messages are taken from the one frame and from the one origin that the admin set for the app, and answered to that
// origin. Signatures are verified by the simulator; until then a page may do nothing.

import { avatar, bar, el, pick, reveal, show } from "./dom.js";
import { follow, get, post, say, setNow } from "./api.js";
import { t } from "./text.js";

const member = document.body.dataset.id;
const ENTRIES = { chat: "single_chat_tools", profile: "contact_profile", group: "group_chat_tools", kf: "single_kf_tools", home: "normal" };
// Those that only agentConfig opens; the others either.
const AGENT_ONLY = new Set(["getCurExternalContact", "getCurExternalChat", "sendChatMessage", "selectExternalContact"]);
const NEEDS_CONTACT = new Set(["getCurExternalContact", "getCurExternalChat", "selectExternalContact", "sendChatMessage"]);

const framable = () => [location.origin, ...document.body.dataset.frames.split(" ")];

/** Where a page stands: the customer or group of the chat, and where "back" leads. */
function placeOf(where, refs) {
  const path = refs.join("/");
  return {
    entry: ENTRIES[where] || "normal",
    externalUserid: where === "chat" || where === "profile" ? refs[0] : where === "kf" ? refs[1] : "",
    openKfid: where === "kf" ? refs[0] : "",
    chatId: where === "group" ? refs[0] : "",
    back: { chat: `chat/${path}`, profile: `customer/${path}`, group: `group/${path}`, kf: `kf/${path}` }[where] || "apps",
  };
}

class Failed extends Error {}

async function profileOf({ type, userid }) {
  if (!userid) throw new Failed("invalid userid");
  if (Number(type) === 2) {
    const card = await get("profile", { userid: member, external_userid: String(userid) });
    return [card.name, true, [card.remark, t(`status_${card.status}`), card.description]];
  }
  const colleague = (await get("home")).staff.find((one) => one.userid === userid);
  if (!colleague) throw new Failed("invalid userid");
  return [colleague.name, false, [colleague.store, colleague.position]];
}

/** What each call does; answers what is added to err_msg, or null for "cancel". */
function acts(place, leave) {
  return {
    getContext: async () => ({ entry: place.entry, shareTicket: "" }),
    getCurExternalContact: async () => {
      if (!place.externalUserid) throw new Failed("without context of external contact");
      return { userId: place.externalUserid };
    },
    getCurExternalChat: async () => {
      if (!place.chatId) throw new Failed("without context of external chat");
      return { chatId: place.chatId };
    },
    sendChatMessage: async ({ msgtype, enterChat, ...bodies }) => {
      const body = bodies[msgtype] || {};
      if (place.entry === "contact_profile" || place.entry === "normal") throw new Failed("without context of chat");
      if (place.openKfid) {
        if (msgtype !== "text") throw new Failed("only text can be sent in customer service here");
        await post("kf-say", { open_kfid: place.openKfid, external_userid: place.externalUserid, userid: member, text: String(body.content || "") });
      } else {
        await post("sidebar-send", { userid: member, external_userid: place.externalUserid, chat_id: place.chatId, msgtype: String(msgtype || ""), body });
      }
      if (enterChat) leave();
      else say(t("frame_sent"));
      return {};
    },
    openUserProfile: async (args) => {
      const [name, customer, facts] = await profileOf(args);
      reveal({
        title: t("contact_info"), backLabel: t("back"),
        body: el("div.pad", null, el("div.card", { id: "opened-profile" }, avatar(name, customer), el("b", null, name), facts.filter(Boolean).map((one) => el("p", null, one)))),
      });
      return {};
    },
    selectExternalContact: async () => {
      const userIds = await pick({
        title: t("customers"), many: true, yes: t("done"), search: t("search_friends"), none: t("nobody"), backLabel: t("back"),
        load: (query) => get("friends", { userid: member, query: query || "" }),
      });
      return userIds && { userIds, userCount: userIds.length };
    },
    closeWindow: async () => {
      leave();
      return {};
    },
  };
}

const reply = (name, what, extra) => ({ err_msg: `${name}:${what}`, errMsg: `${name}:${what}`, errCode: 0, ...extra });

const refused = (name, error) => {
  const code = /^wire_(\d+)$/.exec(error.code || "")?.[1];
  return reply(name, `fail ${code ? `${code} ` : ""}${error.message}`, { errCode: Number(code) || -1 });
};

/** Answers the calls of one page. */
function client(place, agentid, origin, leave) {
  const can = acts(place, leave);
  let granted = { config: new Set(), agentConfig: new Set(), contact: false };

  async function configure(name, args) {
    if (new URL(args.url).origin !== origin) throw new Failed("the url is not the page's own");
    if (name === "agentConfig" && agentid && args.agentid !== agentid) throw new Failed("40056 invalid agentid");
    const answer = await post("js-config", {
      userid: member, kind: name === "config" ? "jsapi" : "agent_config", corpid: args.corpid, agentid: name === "config" ? agentid : args.agentid,
      url: args.url, timestamp: args.timestamp, nonce_str: args.nonceStr, signature: args.signature,
    });
    granted[name] = new Set(args.jsApiList);
    if (name === "agentConfig") granted.contact = answer.contact;
    return reply(name, "ok");
  }

  async function invoke(name, args) {
    const act = Object.hasOwn(can, name) && can[name];
    if (!act) throw new Failed("not simulated");
    const open = name === "closeWindow" || granted.agentConfig.has(name) || (!AGENT_ONLY.has(name) && granted.config.has(name));
    if (!open || (NEEDS_CONTACT.has(name) && !granted.contact)) throw new Failed("no permission");
    const found = await act(args && typeof args === "object" ? args : {});
    return found === null ? reply(name, "cancel") : reply(name, "ok", found);
  }

  return async ({ call, name, args }) => {
    if (call === "hello") {
      granted = { config: new Set(), agentConfig: new Set(), contact: false };
      return null;
    }
    const said = call === "invoke" ? String(name) : call;
    try {
      if (call === "config" || call === "agentConfig") return await configure(call, args);
      return await invoke(said, args);
    } catch (error) {
      return refused(said, error);
    }
  };
}

/** Open an app's page. agentid 0 = the simulator's sample. */
export async function frameView({ agentid, where, refs }) {
  const place = placeOf(where, refs);
  const leave = () => (location.hash = place.back);
  const home = await get(`staff/${member}`);
  const app = home.apps.find((one) => one.agentid === agentid);
  if (agentid && !app?.sidebar_url) return leave();
  const english = document.body.dataset.lang === "en";
  const url = new URL(agentid ? app.sidebar_url : `/phone/sidebar-sample${english ? "?lang=en" : ""}`, location.href);
  if (!framable().includes(url.origin)) {
    // The page was set after this phone was opened: the policy that came with it knows nothing of the page yet.
    if (sessionStorage.getItem("wecom-sim.framed") === url.origin) throw new Error(t("frame_blocked"));
    sessionStorage.setItem("wecom-sim.framed", url.origin);
    return location.reload();
  }
  // Signing in inside the client asks nobody who they are: /connect reads this for framed pages.
  document.cookie = `wecom-sim-member=${encodeURIComponent(member)}; path=/connect; samesite=lax`;
  const frame = el("iframe.frame", {
    src: url.href, title: app?.name || t("sample_app"), referrerpolicy: "origin",
    sandbox: "allow-scripts allow-same-origin allow-forms allow-popups allow-modals allow-downloads",
  });
  const answer = client(place, agentid, url.origin, leave);
  const hear = async (event) => {
    if (!frame.isConnected) return removeEventListener("message", hear);
    if (event.source !== frame.contentWindow || event.origin !== url.origin) return;
    if (event.data?.wecomSim !== 1) return;
    const { id } = event.data;
    const result = await answer(event.data);
    if (result) event.source.postMessage({ wecomSim: 1, id, result }, url.origin);
  };
  addEventListener("message", hear);
  show(
    bar({ title: app?.name || t("sample_app"), back: leave, backLabel: t("back") }),
    el("div.sim", null, t("frame_note", { origin: url.host })),
    frame,
  );
  await follow(async () => setNow((await get("home")).now));
}
