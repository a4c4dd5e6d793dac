// Scanning: choose a code from the list, upload a picture of one, or paste its link.

import { bar, el, icon, show } from "./dom.js";
import { follow, get, page, send, setNow, words } from "./api.js";
import { listed, t } from "./text.js";

/** What a picture holds: by the browser where it can, else by the simulator. Answers a path of this simulator. */
async function pathInPicture(file) {
  if ("BarcodeDetector" in globalThis) {
    try {
      const found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(await createImageBitmap(file));
      if (found.length) return (await get("resolve", { text: found[0].rawValue })).path;
    } catch (error) {
      if (error.code) throw error; // a code that leads nowhere; a detector that failed leaves the work to the simulator
    }
  }
  return (await send("decode", file)).path;
}

function codeRow(code, id) {
  const about = code.kind === "way" || code.kind === "join" ? t(code.group ? "code_groups" : "members", { names: listed(code.members) }) : t(`code_${code.kind}`);
  return el(
    "a.row",
    { href: page(code.path, { as: id }), "data-code": code.config_id },
    code.kind === "link" ? el("span.qr.none", null, icon("link")) : el("img.qr", { src: `/qr/${code.config_id}.png`, alt: "", width: 56, height: 56, loading: "lazy" }),
    el("span.grow", null, el("span.t", null, el("b", null, code.remark || code.state || t("code_unnamed"))), el("div.d", null, about)),
  );
}

/** The customer `id` scans. */
export async function scanView({ id, tabs, note }) {
  const list = el("div.list");
  const none = el("p.empty", { hidden: true }, t("no_codes"));
  const why = el("p.why", { hidden: true, role: "alert" });
  const link = el("input.field", { placeholder: t("open_link"), "aria-label": t("open_link"), autocomplete: "off" });
  const go = async (find) => {
    why.hidden = true;
    link.classList.remove("bad");
    try {
      location.href = page(await find(), { as: id });
    } catch (error) {
      why.textContent = words(error);
      why.hidden = false;
      link.classList.add("bad");
    }
  };
  const file = el("input", { type: "file", accept: "image/*", class: "hide", onchange: () => file.files[0] && go(() => pathInPicture(file.files[0])) });
  const form = el(
    "form",
    { onsubmit: (event) => (event.preventDefault(), go(async () => (await get("resolve", { text: link.value })).path)) },
    el("div.gap", null, link, el("button.btn", { type: "submit" }, t("open"))),
  );
  const upload = el("label.btn.p.wide.mid", null, icon("scan"), t("scan_picture"), file);
  show(bar({ title: t("scan") }), note, el("div.body", null, el("div.pad", null, upload, form, why, el("h2", null, t("codes")), list, none)), tabs);
  let shown = "";
  await follow(async () => {
    const codes = await get("codes");
    setNow((await get("home")).now);
    none.hidden = codes.length > 0;
    list.hidden = !codes.length;
    const key = codes.map((code) => code.config_id + code.remark + code.members).join();
    if (key === shown) return;
    shown = key;
    list.replaceChildren(...codes.map((code) => codeRow(code, id)));
  });
}
