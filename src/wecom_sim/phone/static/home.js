// Who are you? A customer, a new customer, or a member of staff.

import { avatar, bar, el, show } from "./dom.js";
import { follow, get, page, remember, say, setNow } from "./api.js";
import { customerSearch, newCustomer } from "./people.js";
import { number, t } from "./text.js";

const go = (path) => (location.href = page(path));

function asCustomer(customer) {
  remember(customer.external_userid);
  go(`/phone/customer/${customer.external_userid}`);
}

function staffRow(member) {
  return el(
    "a.row",
    { href: page(`/phone/staff/${member.userid}`) },
    avatar(member.name),
    el("span.grow", null, el("span.t", null, el("b", null, member.name)), el("div.d", null, member.position)),
    member.waiting > 0 && el("span.count", null, t("waiting_n", { n: member.waiting })),
  );
}

/** An empty company: offer the demo brand. The control API answers this machine only. */
function emptyCompany() {
  const go = async (event) => {
    event.target.disabled = true;
    try {
      const answer = await fetch("/control/seed", { method: "POST" });
      if (!answer.ok) throw new Error();
      location.reload();
    } catch {
      event.target.disabled = false;
      say(t("failed"));
    }
  };
  return el("div.card", null, el("p", null, t("home_empty")), el("div.gap", null, el("button.btn.p.wide", { onclick: go }, t("home_seed"))));
}

export async function homePage() {
  const staff = el("div");
  const total = el("small");
  const other = document.body.dataset.lang === "en" ? "zh" : "en";
  const language = el("a.side", { href: `/phone?lang=${other}`, lang: other }, other === "en" ? "EN" : "中文");
  show(
    bar({ title: t("phone"), right: language }),
    el(
      "div.body",
      null,
      el(
        "div.pad",
        null,
        el("p.lead", null, t("home_lead")),
        el("h2", null, t("home_new")),
        newCustomer(t("home_new_go"), asCustomer),
        el("h2", null, t("home_staff")),
        staff,
        el("h2", null, t("home_customers"), total),
        ...customerSearch(asCustomer),
      ),
    ),
  );
  let shown = "";
  await follow(async () => {
    const home = await get("home");
    setNow(home.now);
    total.textContent = t("home_total", { n: number(home.customers) });
    const key = JSON.stringify(home.staff);
    if (key === shown) return;
    shown = key;
    const stores = Map.groupBy ? Map.groupBy(home.staff, (one) => one.store) : groupBy(home.staff);
    if (!home.staff.length) return staff.replaceChildren(emptyCompany());
    staff.replaceChildren(
      ...[...stores].map(([store, members]) => el("div.store", null, el("h2", null, store), el("div.list", null, members.map(staffRow)))),
    );
  });
}

function groupBy(members) {
  const stores = new Map();
  for (const member of members) stores.set(member.store, [...(stores.get(member.store) || []), member]);
  return stores;
}
