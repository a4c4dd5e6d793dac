// Choosing a customer: search among them, or make a new one.

import { avatar, el } from "./dom.js";
import { get, post, say, words } from "./api.js";
import { t } from "./text.js";

const PAUSE_MS = 200;

/** A search field and its finds; `choose` gets {external_userid, name}. */
export function customerSearch(choose) {
  const found = el("div.list", { hidden: true });
  const none = el("p.why", { hidden: true }, t("nobody"));
  let timer = 0;
  let asked = 0;
  async function search(query) {
    const mine = ++asked;
    try {
      const people = await get("people", { query });
      if (mine !== asked) return;
      found.replaceChildren(...people.map((person) => personRow(person, () => choose(person))));
      found.hidden = !people.length;
      none.hidden = people.length > 0 || !query;
    } catch (error) {
      say(words(error));
    }
  }
  const field = el("input.field", {
    type: "search", placeholder: t("home_search"), "aria-label": t("home_search"),
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => search(field.value), PAUSE_MS);
    },
  });
  search("");
  return [field, none, el("div.gap", null, el("div.fill", null, found))];
}

function personRow(person, onclick) {
  const friends = person.friends ? t("friends_n", { n: person.friends }) : t("no_friends");
  return el(
    "button.row",
    { type: "button", onclick, "data-id": person.external_userid },
    avatar(person.name, true),
    el("span.grow", null, el("span.t", null, el("b", null, person.name)), el("div.d", null, friends)),
  );
}

/** Nickname and gender; `made` gets the new customer. */
export function newCustomer(label, made) {
  const name = el("input.field", { placeholder: t("nickname"), "aria-label": t("nickname"), maxlength: 32, autocomplete: "off" });
  const why = el("p.why", { hidden: true, role: "alert" }, t("nickname_missing"));
  const genders = { 2: t("female"), 1: t("male"), 0: t("unknown") };
  const choices = Object.keys(genders)
    .sort()
    .reverse()
    .map((value) => el("label", null, el("input", { type: "radio", name: "gender", value, checked: value === "0" }), genders[value]));
  const form = el(
    "form",
    {
      onsubmit: async (event) => {
        event.preventDefault();
        const missing = !name.value.trim();
        why.hidden = !missing;
        name.classList.toggle("bad", missing);
        if (missing) return name.focus();
        const gender = Number(new FormData(form).get("gender"));
        try {
          made(await post("customers", { name: name.value.trim(), gender }));
        } catch (error) {
          say(words(error));
        }
      },
    },
    name,
    why,
    el("div.gap", null, el("div.seg", { role: "radiogroup" }, choices), el("button.btn", { type: "submit" }, label)),
  );
  return form;
}
