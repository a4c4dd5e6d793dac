// The client's JS-SDK, for a page beside a chat on a simulated phone. Load it in place of the platform's two scripts:
//   <script src="http://127.0.0.1:8800/jssdk.js"></script>
// It defines wx.config, wx.ready, wx.error, wx.agentConfig, wx.checkJsApi, wx.invoke and wx.closeWindow. It talks to
// the phone that frames the page, and to no other origin than its own.
(() => {
  "use strict";
  const PHONE = new URL(document.currentScript.src).origin;
  const WAIT_MS = 4000;
  const APIS = [
    "getContext", "getCurExternalContact", "getCurExternalChat", "sendChatMessage", "openUserProfile", "selectExternalContact", "closeWindow",
  ];
  // A person decides how long these take.
  const PATIENT = new Set(["selectExternalContact", "openUserProfile"]);

  const waiting = new Map();
  const onReady = [];
  const onError = [];
  let asked = 0;
  let configured = null; // what became of wx.config: null while unknown

  const framed = window.parent !== window;
  const tell = (message) => framed && window.parent.postMessage({ wecomSim: 1, ...message }, PHONE);

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.origin !== PHONE) return;
    const { wecomSim, id, result } = event.data || {};
    const done = wecomSim === 1 && waiting.get(id);
    if (!done) return;
    waiting.delete(id);
    done(result);
  });

  const failure = (name, reason, errCode = -1) => {
    const text = `${name}:fail ${reason}`;
    return { err_msg: text, errMsg: text, errCode };
  };

  /** Ask the phone; resolves always, with err_msg saying what came of it. */
  function ask(name, message, patient) {
    return new Promise((resolve) => {
      if (!framed) return resolve(failure(name, `this page is not open on a simulated phone of ${PHONE}`));
      const id = ++asked;
      const late = patient ? 0 : setTimeout(() => {
        waiting.delete(id);
        resolve(failure(name, `no answer from a simulated phone of ${PHONE}; is the page open at the address that the app has as its page?`));
      }, WAIT_MS);
      waiting.set(id, (result) => {
        clearTimeout(late);
        resolve(result);
      });
      tell({ ...message, id });
    });
  }

  const ok = (result) => /:ok$/.test(result.err_msg);

  /** Tell the page by its callbacks, then by the promise. */
  function report(result, { success, fail, cancel, complete } = {}) {
    if (ok(result)) success?.(result);
    else if (/:cancel$/.test(result.err_msg)) (cancel || fail)?.(result);
    else fail?.(result);
    complete?.(result);
    return result;
  }

  const signed = (args, extra) => ({
    url: location.href.split("#")[0],
    timestamp: String(args.timestamp ?? ""),
    nonceStr: String(args.nonceStr ?? args.noncestr ?? ""),
    signature: String(args.signature ?? ""),
    jsApiList: Array.isArray(args.jsApiList) ? args.jsApiList.map(String) : [],
    ...extra,
  });

  const wx = {
    config(args = {}) {
      ask("config", { call: "config", args: signed(args, { corpid: String(args.appId ?? "") }) }).then((result) => {
        configured = result;
        if (ok(result)) onReady.forEach((then) => then(result));
        else onError.forEach((then) => then(result));
      });
    },
    ready(then) {
      onReady.push(then);
      if (configured && ok(configured)) then(configured);
    },
    error(then) {
      onError.push(then);
      if (configured && !ok(configured)) then(configured);
    },
    async agentConfig(args = {}) {
      const extra = { corpid: String(args.corpid ?? ""), agentid: Number(args.agentid) || 0 };
      return report(await ask("agentConfig", { call: "agentConfig", args: signed(args, extra) }), args);
    },
    checkJsApi(args = {}) {
      const checkResult = Object.fromEntries((args.jsApiList || []).map((name) => [name, APIS.includes(name)]));
      const result = { checkResult, err_msg: "checkJsApi:ok", errMsg: "checkJsApi:ok", errCode: 0 };
      return Promise.resolve(report(result, args));
    },
    async invoke(name, args, then) {
      const parameters = typeof args === "function" ? {} : args || {};
      const callback = typeof args === "function" ? args : then;
      const plain = JSON.parse(JSON.stringify(parameters)); // callbacks of the page stay in the page
      const result = await ask(name, { call: "invoke", name: String(name), args: plain }, PATIENT.has(name));
      callback?.(result);
      return report(result, parameters);
    },
    closeWindow: () => wx.invoke("closeWindow"),
  };
  for (const name of APIS) wx[name] ??= (args = {}) => wx.invoke(name, args);

  window.wx = window.jWeixin = wx;
  tell({ call: "hello" });
})();
