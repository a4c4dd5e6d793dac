// Builds elements. Text only ever goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  back: "M15 5 8 12l7 7",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  chat: "M4 5.500h16v11h-9l-4 3.500v-3.500H4z",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16",
  me: "M12 11.500a3.750 3.750 0 1 0 0-7.500 3.750 3.750 0 0 0 0 7.500zM4.500 20c.8-3.800 3.700-5.700 7.500-5.700s6.700 1.900 7.500 5.700",
  send: "M4 12 20 4l-5 16-3.500-6.500z",
  tasks: "M5 6h14M5 12h14M5 18h9",
  mini: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
  video: "M4 6h11v12H4zM15 10.500 20 7v10l-5-3.500z",
  file: "M6 3.500h8l4.500 4.500v12.500H6zM14 3.500V8h4.500",
  voice: "M7 9.500a4 4 0 0 1 0 5M10.500 7a8 8 0 0 1 0 10M14 4.500a12 12 0 0 1 0 15",
  location: "M12 21s6.500-6 6.500-11a6.500 6.500 0 0 0-13 0c0 5 6.500 11 6.500 11zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  card: "M4 5.500h16v13H4zM8.500 12a1.800 1.800 0 1 0 0-3.600 1.800 1.800 0 0 0 0 3.600zM6 16c.4-1.500 1.300-2.200 2.500-2.200s2.100.7 2.500 2.200M14 10h4M14 14h4",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-5.700-5.700L12 6.600M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 5.700 5.700L12 17.400",
  moments: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 4v9M20 12l-8 3M17.500 17.800 10 12M8.500 19.200 9.500 10M4 12.500 11 8",
  apps: "M4.500 4.500h6v6h-6zM13.500 4.500h6v6h-6zM4.500 13.500h6v6h-6zM13.500 13.500h6v6h-6z",
  people: "M9 11a3.300 3.300 0 1 0 0-6.600A3.300 3.300 0 0 0 9 11zM3 19.500c.6-3.500 2.900-5.300 6-5.300s5.400 1.800 6 5.300M15.500 4.800a3.300 3.300 0 0 1 0 6M17.500 14.600c2 .7 3.200 2.400 3.600 4.900",
  plus: "M12 5v14M5 12h14",
  like: "M12 20s-7.500-4.600-7.500-10A4.200 4.200 0 0 1 12 7.300 4.200 4.200 0 0 1 19.500 10c0 5.400-7.500 10-7.500 10z",
  close: "M6 6l12 12M18 6 6 18",
  add: "M10 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM3.500 19.500c.6-3.400 3.100-5.200 6.500-5.200M17 13v7M13.500 16.500h7",
};

/** el("div.class", {attributes, onclick: fn}, children…); children are nodes, texts or falsy. */
export function el(tag, attributes, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "value") node.value = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) if (child || child === 0) node.append(child);
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", "22");
  svg.setAttribute("height", "22");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  if (name === "more") path.setAttribute("stroke-width", "3.4");
  svg.append(path);
  return svg;
}

export function avatar(name, customer = false) {
  const letter = [...(name || "?").replace(/^[小阿]/u, "")][0] || "?";
  return el(customer ? "span.ava.c" : "span.ava", { "aria-hidden": "true" }, letter);
}

/** Replace what the screen shows. */
export function show(...nodes) {
  document.getElementById("screen").replaceChildren(...nodes.filter(Boolean));
}

/** Title bar: title, small text beside it, back handler, right-hand button. */
export function bar({ title, small, back, backLabel, right }) {
  return el(
    "header.bar",
    null,
    back ? el("button.side", { onclick: back, "aria-label": backLabel }, icon("back")) : el("span.side"),
    el("h1", null, title, small && el("small", null, small)),
    right || el("span.side"),
  );
}

/** Put a layer over the phone; `done` takes it away again and answers. Escape answers `empty`. */
function layer(kind, title, empty, build) {
  return new Promise((resolve) => {
    const done = (answer) => {
      sheet.remove();
      resolve(answer);
    };
    const sheet = el(kind, { role: "dialog", "aria-modal": "true", "aria-label": title, onkeydown: (e) => e.key === "Escape" && done(empty) });
    const focus = build(sheet, done);
    document.querySelector(".phone").append(sheet);
    focus?.focus();
  });
}

/** A question from below; resolves to true or false. */
export const ask = ({ title, text, yes, no }) =>
  layer("div.sheet", title, false, (sheet, done) => {
    const confirm = el("button.btn.loss", { onclick: () => done(true) }, yes);
    sheet.append(el("div", null, el("h3", null, title), el("p", null, text), confirm, el("button.btn", { onclick: () => done(false) }, no)));
    return confirm;
  });

/** A line (or, `long`, lines) to write; resolves to the text or null. */
export const askText = ({ title, value = "", most, long, yes, no }) =>
  layer("div.sheet", title, null, (sheet, done) => {
    const field = el(long ? "textarea.field.long" : "input.field", { maxlength: most, "aria-label": title, autocomplete: "off", value });
    const form = el(
      "form",
      { onsubmit: (event) => (event.preventDefault(), done(field.value.trim())) },
      el("h3", null, title), field, el("button.btn.p", { type: "submit" }, yes), el("button.btn", { type: "button", onclick: () => done(null) }, no),
    );
    sheet.append(el("div", null, form));
    return field;
  });

/**
 * Choose among people or groups: load(query) answers [{id, name, note, customer, on}]. Resolves to ids, or null.
 * Without `yes` the list is only shown; with `many` several can be chosen; `search` adds a field, `all` a row that
 * chooses everything that is loaded, `clear` lets nothing be an answer too.
 */
export const pick = ({ title, load, yes, many, search, none, backLabel, all, clear, chosen = [] }) =>
  layer("div.over", title, null, (sheet, done) => {
    const marked = new Set(chosen);
    const list = el("div.list.flat");
    const empty = el("p.empty", { hidden: true }, none);
    const go = yes && el("button.btn.p.wide", { onclick: () => done([...marked]), disabled: true }, yes);
    const count = () => {
      if (!go) return;
      go.disabled = !marked.size && !clear;
      go.textContent = marked.size && many ? `${yes} (${marked.size})` : yes;
    };
    const tick = (id, on) => {
      if (!many) marked.clear();
      if (on) marked.add(id);
      else marked.delete(id);
      for (const box of list.querySelectorAll("input")) box.checked = marked.has(box.value);
      count();
    };
    const entry = (one) => {
      const inside = [avatar(one.name, one.customer ?? String(one.id).startsWith("wm")), el("span.grow", null, el("span.t", null, el("b", null, one.name)), one.note && el("div.d", null, one.note))];
      if (!yes) return el("div.row", null, inside);
      const box = el("input.tick", { type: many ? "checkbox" : "radio", name: "pick", value: one.id, checked: marked.has(one.id), onchange: () => tick(one.id, box.checked) });
      return el("label.row", { "data-pick": one.id }, inside, box);
    };
    let asked = 0;
    const fill = async (query) => {
      const mine = ++asked;
      const found = await load(query);
      if (mine !== asked) return;
      list.replaceChildren(...found.map(entry));
      empty.hidden = found.length > 0;
      if (all) everything.onclick = () => found.forEach((one) => tick(one.id, true));
    };
    const everything = all && el("button.row.slim.pick", { type: "button" }, all);
    const field = search && el("input.field", { type: "search", placeholder: search, "aria-label": search, oninput: () => fill(field.value) });
    sheet.append(
      bar({ title, back: () => done(null), backLabel }),
      el("div.body", null, field && el("div.pad.low", null, field), everything, list, empty),
      go && el("footer.foot.pad", null, go),
    );
    count();
    fill("");
    return field || sheet.querySelector("button");
  });

/** A screen over the screen, with nothing to answer. */
export const reveal = ({ title, body, backLabel }) =>
  layer("div.over", title, undefined, (sheet, done) => {
    sheet.append(bar({ title, back: () => done(), backLabel }), el("div.body", null, body));
    return sheet.querySelector("button");
  });
