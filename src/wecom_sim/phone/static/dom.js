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
  for (const child of children.flat()) if (child || child === 0) node.append(child);
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

/** A question from below; resolves to true or false. */
export function ask({ title, text, yes, no }) {
  return new Promise((resolve) => {
    const done = (answer) => {
      sheet.remove();
      resolve(answer);
    };
    const confirm = el("button.btn.loss", { onclick: () => done(true) }, yes);
    const sheet = el(
      "div.sheet",
      { role: "dialog", "aria-modal": "true", "aria-label": title, onkeydown: (e) => e.key === "Escape" && done(false) },
      el("div", null, el("h3", null, title), el("p", null, text), confirm, el("button.btn", { onclick: () => done(false) }, no)),
    );
    document.querySelector(".phone").append(sheet);
    confirm.focus();
  });
}
