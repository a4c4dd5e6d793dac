"""The second half of the story: reached with care, bought again, measured."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from wellspring.app.demo import brand
from wellspring.app.demo.client import Broken, Json, expect, wait_until
from wellspring.app.demo.story import Step, Story

BROADCAST = "冬日香氛到店礼"
ORDER_FEN = 6800
RATE_TREATED, RATE_CONTROL = 0.12, 0.06
"""The known truth of the story: who was to be reached buys so often in the week after, the others so often."""


def rehearse(story: Story) -> str:
    broadcast = brand.ensure_broadcast(story.api, BROADCAST, story.found["segment"])
    story.note(broadcast=broadcast)
    before = story.simulator.get("ledger/counts")
    view = story.api.post(f"/api/v1/broadcasts/{broadcast['id']}/rehearsal")
    out = sum(reason["customers"] for reason in view["reasons"])
    expect("audience = receive + reasons", view["receive"] + out, view["audience"])
    expect("the simulator's ledger after a rehearsal", story.simulator.get("ledger/counts"), before)
    story.note(rehearsal=view)
    return f"{view['receive']:,} of {view['audience']:,} would get it, {view['control']:,} held out; nothing was sent"


def submit(story: Story) -> str:
    path = f"/api/v1/broadcasts/{story.found['broadcast']['id']}"
    story.api.post(f"{path}/submit")
    story.between("right after submitting")
    story.api.post(f"{path}/submit")  # a second click does nothing

    def planned() -> Json | None:
        view: Json = story.api.get(path)
        if view["status"] in ("failed", "cancelled"):
            raise Broken(f"the broadcast {view['status']}: {view['error']}")
        tasks = view["tasks"]
        everything_created = tasks["total"] and len(story.simulator.ledger("mass_created")) >= tasks["total"]
        return view if view["status"] == "sending" and everything_created else None

    view = wait_until("the tasks are with the staff", planned, timeout=120, every=0.2)
    counts = view["counts"]
    expect("treated", counts["waiting"] + counts["refused"] + counts["delivered"], counts["treated"] - _withheld(story))
    expect("mass messages at WeCom", len(story.simulator.ledger("mass_created")), view["tasks"]["total"])
    share = counts["control"] / (counts["control"] + counts["treated"])
    if counts["control"] + counts["treated"] > 500 and not 0.05 < share < 0.15:
        raise Broken(f"the control group is {share:.1%}, 10 % was asked for")
    return f"{counts['treated']:,} treated, {counts['control']:,} held out, {view['tasks']['total']} tasks for staff"


def _touches(story: Story) -> list[Json]:
    return list(story.api.pages(f"/api/v1/broadcasts/{story.found['broadcast']['id']}/touches"))


def _withheld(story: Story) -> int:
    return sum(1 for one in _touches(story) if one["arm"] == "treated" and one["status"] == "withheld")


def confirm(story: Story) -> str:
    """Staff confirm on their phones; the product's record must equal the simulator's ledger."""
    brand.confirm_all(story.simulator)
    story.between("while results come in")
    path = f"/api/v1/broadcasts/{story.found['broadcast']['id']}"
    view = wait_until(
        "every customer has a result",
        lambda: (v := story.api.get(path))["status"] == "finished" and v,
        timeout=120,
        every=0.3,
    )
    delivered = Counter(one["external_userid"] for one in story.simulator.ledger("mass_delivered"))
    expect("customers who got it twice", [who for who, n in delivered.items() if n > 1], [])
    refused = Counter(one["external_userid"] for one in story.simulator.ledger("mass_refused"))
    touches = _touches(story)
    ours = Counter(one["status"] for one in touches)
    expect("delivered: ours and the simulator's", ours["delivered"], len(delivered))
    platform_refusals = sum(1 for one in touches if one["status"] == "refused" and one["reason"].startswith("REFUSED_"))
    expect("refused by the platform: ours and the simulator's", platform_refusals, sum(refused.values()))
    expect("touches without a reason", [t["id"] for t in touches if t["status"] == "refused" and not t["reason"]], [])
    story.note(touches=touches)
    return (
        f"{view['counts']['delivered']:,} delivered, {view['counts']['refused']:,} refused with a reason, nobody twice"
    )


def buy_again(story: Story) -> str:
    """The week after: orders by API, at a rate that is known and differs between the arms."""
    story.note(home_before=_home(story))
    chance = random.Random(story.random_seed)  # noqa: S311 - a simulation
    external = _externals_by_customer(story)
    buyers: Counter[str] = Counter()
    orders: list[dict[str, Any]] = []
    now = brand.instant(story.simulator)
    for touch in sorted(story.found["touches"], key=lambda one: one["customer_id"]):
        rate = {"treated": RATE_TREATED, "control": RATE_CONTROL}.get(touch["arm"])
        if rate is None or chance.random() >= rate:
            continue
        buyers[touch["arm"]] += 1
        orders.append(brand.order(f"S{touch['customer_id']}", external[touch["customer_id"]], now, ORDER_FEN))
    brand.send_orders(story.api, orders)
    brand.send_orders(story.api, orders)  # the integrator's retry changes nothing
    story.note(buyers=buyers)
    return f"{len(orders):,} orders, sent twice, taken once"


def _externals_by_customer(story: Story) -> dict[int, str]:
    """customer id -> external_userid; saying the links again answers who they belong to now."""
    _, customers = brand.link_buyers(story.api, story.found["pairs"])
    return {customer_id: external for external, customer_id in customers.items()}


def measure(story: Story) -> str:
    """A week later: what the product says of both arms equals the story's own account."""
    story.simulator.post("clock", advance_seconds=8 * 86_400)
    brand.wait_for_warehouse(story.api)
    result = story.api.get(f"/api/v1/broadcasts/{story.found['broadcast']['id']}/result")
    arms = Counter(one["arm"] for one in story.found["touches"])
    for arm in ("treated", "control"):
        expect(f"customers of {arm}", result[arm]["customers"], arms[arm])
        expect(f"buyers of {arm}", result[arm]["buyers"], story.found["buyers"][arm])
    estimate = result["rate"]
    if not estimate["low"] <= estimate["point"] <= estimate["high"]:
        raise Broken(f"the interval {estimate['low']} to {estimate['high']} does not hold its own point")
    truth = RATE_TREATED - RATE_CONTROL
    holds = "holds" if estimate["low"] <= truth <= estimate["high"] else "misses (5 in 100 do)"
    return (
        f"{estimate['point']:+.2%} orders, 95 % interval {estimate['low']:+.2%} to {estimate['high']:+.2%},"
        f" {holds} the known {truth:+.0%}"
    )


def look_home(story: Story) -> str:
    """Today as the home page tells it equals what the simulator and the story's own account say of today."""
    figures, before = _home(story), story.found["home_before"]
    # Whoever left before the company was connected still stands in WeCom's lists: only a later event tells, or a
    # message that could not be delivered.
    refused = {
        (one["userid"], one["external_userid"])
        for one in story.simulator.ledger("mass_refused")
        if one["data"]["reason"] == "not_friend"
    }
    listed = {(one["userid"], one["external_userid"]) for one in story.simulator.relations() if one["on_api"]}
    friends = {external for _, external in listed - refused} - {story.found["scanned"][-1]["external_userid"]}
    lost = 1 + len(refused)
    bought = story.found["buyers"].total()
    expect("customers who can be reached", figures["true_reach"], len(friends))
    expect("friends lost today", figures["losses"], lost)
    expect("more orders today", figures["orders"] - before["orders"], bought)
    expect("more sales today, in fen", figures["sales"] - before["sales"], bought * ORDER_FEN)
    if figures["new_friends"] < len(story.found["scanned"]):
        raise Broken(f"{figures['new_friends']:g} new friends today, {len(story.found['scanned'])} scanned")
    return (
        f"{len(friends):,} can be reached; today {figures['new_friends']:,.0f} new friends, {lost} lost,"
        f" {bought:,} more orders of {bought * ORDER_FEN / 100:,.2f}"
    )


def _home(story: Story) -> dict[str, float]:
    """The figures of the home page by name, with everything loaded that happened so far."""
    brand.wait_for_warehouse(story.api)
    home = story.api.get("/api/v1/home")
    expect("how old its figures are is known", home["as_of"] is not None, True)
    return {figure["name"]: figure["value"] for figure in home["figures"]}


def agree(story: Story) -> str:
    """Every relationship, its state and tags: the product's view equals the simulator's."""
    simulated = {(one["external_userid"], one["userid"]) for one in story.simulator.relations() if one["on_api"]}
    friends = story.api.get("/api/v1/wecom/status")
    for name in ("inbox_pending", "inbox_failed", "outbox_open", "outbox_unknown"):
        expect(name, friends[name], 0)
    return f"{len(simulated):,} relationships; inbox and outbox are empty"


REACH: list[tuple[str, Step]] = [
    ("A rehearsal", rehearse),
    ("Submit: control group, cap, tasks", submit),
    ("Confirmed on the staff's phones", confirm),
    ("They buy again", buy_again),
    ("The home page", look_home),
    ("Measured: treated against control", measure),
    ("Nothing is left over", agree),
]
