"""Holds the product's view, as its API tells it, against the simulator's ledger. Every check ends the run where it does
not hold, and says what it counted where it does.

What WeCom never told is nobody's fault, but it has to be told apart: a callback that was dropped, or that nobody took in
four deliveries. A friend made by such a one is found by the reconciliation and never welcomed; a customer who left by
such a one goes on being shown by WeCom, so the product can't know it.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from trouble_day import MORNING, Day
from trouble_excuses import Excuses

from wellspring.app.demo.client import Broken, Json, expect

Pair = tuple[str, str]
"""userid, external_userid."""
READERS = 4


@dataclass
class Truth:
    """What the simulator knows. `fates`: of each callback about a pair, in the order in which they were raised:
    (change type, whether it was delivered)."""

    relations: dict[Pair, Json]
    adds: dict[Pair, list[Json]]
    ended: set[Pair]
    fates: dict[Pair, list[tuple[str, bool]]]
    welcomes: dict[Pair, list[Json]]
    tag_names: dict[str, str]
    lost_callbacks: int

    def told(self, pair: Pair, change: str) -> list[bool]:
        return [delivered for kind, delivered in self.fates.get(pair, []) if kind == change]


@dataclass
class Known:
    """What the product says of one person. `welcomes`: by userid, how each ended: "" for sent, else the reason."""

    relationships: dict[Pair, Json] = field(default_factory=dict)
    tags: dict[Pair, set[str]] = field(default_factory=lambda: defaultdict(set))
    welcomes: dict[Pair, list[str]] = field(default_factory=lambda: defaultdict(list))


def judge(day: Day) -> None:
    truth = _truth(day)
    day.say(f"killed: {', '.join(f'{name} {n}x' for name, n in sorted(Counter(day.world.killed).items()))}")
    _nothing_left(day)
    known = _known(day, truth)
    _relationships(day, truth, known)
    _everybody(day, truth)
    _found_by_sync(day, truth, known)
    _welcomes(day, truth, known)
    _counted(day, truth)
    for number in range(day.plan.messages):
        _message(day, number)


def _pair(entry: Json) -> Pair:
    return entry["userid"], entry["external_userid"]


def _truth(day: Day) -> Truth:
    simulator = day.world.simulator
    fates: dict[Pair, dict[int, tuple[str, bool]]] = defaultdict(dict)
    lost = 0
    for entry in simulator.ledger("callback_"):
        number, delivered = entry["data"]["number"], entry["kind"] == "callback_delivered"
        before = fates[_pair(entry)].get(number)
        fates[_pair(entry)][number] = (entry["data"]["change_type"], delivered or bool(before and before[1]))
    for of_pair in fates.values():
        lost += sum(not delivered for _, delivered in of_pair.values())
    adds: dict[Pair, list[Json]] = defaultdict(list)
    for entry in simulator.ledger("friend_added"):
        adds[_pair(entry)].append(entry)
    welcomes: dict[Pair, list[Json]] = defaultdict(list)
    for entry in simulator.ledger("welcome_delivered"):
        welcomes[_pair(entry)].append(entry)
    ended = {_pair(entry) for kind in ("customer_deleted", "staff_deleted") for entry in simulator.ledger(kind)}
    return Truth(
        relations={_pair(one): one for one in simulator.relations()},
        adds=adds,
        ended=ended,
        fates={pair: [of[number] for number in sorted(of)] for pair, of in fates.items()},
        welcomes=welcomes,
        tag_names={tag["id"]: tag["name"] for group in simulator.get("tags") for tag in group["tags"]},
        lost_callbacks=lost,
    )


def _nothing_left(day: Day) -> None:
    status = day.world.api.get("/api/v1/wecom/status")
    expect("callbacks not handled", (status["inbox_pending"], status["inbox_failed"]), (0, 0))
    unknown = list(day.world.api.pages("/api/v1/wecom/outbox", status="unknown"))
    expect("calls that are open without being listed as unknown", status["outbox_open"], len(unknown))
    refused = list(day.world.api.pages("/api/v1/wecom/outbox", status="refused"))
    expect("refused calls without a reason", [one["id"] for one in refused if not one["error"]], [])
    why = Counter(f"{one['kind']} {one['error']}" for one in refused)
    day.say(f"inbox and outbox are empty; unknown {len(unknown)}; refused {dict(why) or 'none'}")


# -- people --------------------------------------------------------------------------------------------------------------
def _known(day: Day, truth: Truth) -> Known:
    """The pages of everybody who had a part in the day, and of some who had none."""
    touched = {external for _, external in [*truth.fates, *truth.adds, *truth.ended] if external}
    others = sorted({external for _, external in truth.relations} - touched)
    asked = sorted(touched) + random.Random(day.plan.seed).sample(others, min(day.plan.sample, len(others)))
    userid_of = {one["id"]: one["userid"] for one in day.world.api.pages("/api/v1/staff")}
    known = Known()
    with ThreadPoolExecutor(READERS) as readers:
        for page, timeline in readers.map(lambda external: _page(day, external), asked):
            _note(known, userid_of, page, timeline)
    return known


def _page(day: Day, external_userid: str) -> tuple[Json, list[Json]]:
    api = day.world.api
    found = api.get("/api/v1/customers", q=external_userid)["items"]
    if not found:
        return {}, []
    page: Json = api.get(f"/api/v1/customers/{found[0]['id']}")
    timeline = api.get(
        f"/api/v1/customers/{found[0]['id']}/timeline", kind=["welcome_sent", "welcome_failed"], limit=200
    )
    return page, timeline["items"]


def _note(known: Known, userid_of: dict[int, str], page: Json, timeline: list[Json]) -> None:
    pair_of = {one["id"]: (userid_of[one["staff_id"]], one["external_userid"]) for one in page.get("relationships", [])}
    if not pair_of or next(iter(pair_of.values())) in known.relationships:
        return  # nobody, or a person who was found by another of their names
    for one in page["relationships"]:
        known.relationships[pair_of[one["id"]]] = one
    for group in page["tag_groups"]:
        for tag in group["tags"]:
            for relationship_id in tag["relationship_ids"]:
                known.tags[pair_of[relationship_id]].add(tag["name"])
    for event in timeline:
        # Somebody merged has several names; of one member's friends that is rare enough to ask by the member alone.
        of_member = [pair for pair in pair_of.values() if pair[0] == userid_of[event["staff_id"]]]
        known.welcomes[of_member[0]].append(str(event["data"].get("reason", "")))


def _expected(truth: Truth, pair: Pair) -> set[str | None]:
    """The states that the product may know; None: no such relationship."""
    status = truth.relations[pair]["status"]
    if status == "friend":
        return {"friend"}
    if status == "customer_deleted":
        told = truth.told(pair, "del_follow_user")
        return {"lost"} if told and told[-1] else {"friend", "lost"}
    never_seen = not any(truth.told(pair, "del_external_contact")) and not any(truth.told(pair, "add_external_contact"))
    return {"removed", None} if never_seen else {"removed"}


def _relationships(day: Day, truth: Truth, known: Known) -> None:
    seen = set(known.relationships)
    judged = [pair for pair in truth.relations if pair in seen or pair in truth.fates or pair in truth.adds]
    invisible = 0
    for pair in judged:
        ours, theirs = known.relationships.get(pair), truth.relations[pair]
        status = ours["status"] if ours else None
        if status not in (allowed := _expected(truth, pair)):
            raise Broken(f"{pair} is {theirs['status']} and {status} here, {allowed} allowed; {truth.fates.get(pair)}")
        invisible += theirs["status"] == "customer_deleted" and status == "friend"
        if not theirs["on_api"] or ours is None:
            continue
        expect(f"remark of {pair}", ours["remark"], theirs["remark"])
        expect(f"description of {pair}", ours["description"], theirs["description"])
        expect(f"tags of {pair}", known.tags[pair], {truth.tag_names[tag] for tag in theirs["tags"]})
    expect("relationships that only the product knows", sorted(seen - set(truth.relations)), [])
    day.say(
        f"{len(judged):,} relationships are as WeCom has them: state, remark, tags"
        f" ({invisible} left without WeCom telling; {truth.lost_callbacks} callbacks never arrived)"
    )


def _everybody(day: Day, truth: Truth) -> None:
    """All relationships that WeCom shows, by member and remark, from the list of customers."""
    name_of = {one["userid"]: one["name"] for one in day.world.simulator.get("staff")}
    theirs = Counter((name_of[userid], one["remark"]) for (userid, _), one in truth.relations.items() if one["on_api"])
    ours: Counter[tuple[str, str]] = Counter()
    for person in day.world.api.pages("/api/v1/customers"):
        found = person["relationships"]
        if len(found) >= 5:  # the list shows five
            found = day.world.api.get(f"/api/v1/customers/{person['id']}")["relationships"]
        ours.update((one["staff_name"], one["remark"]) for one in found if one["status"] in ("friend", "lost"))
    expect("relationships by member and remark, ours without theirs", dict(ours - theirs), {})
    expect("relationships by member and remark, theirs without ours", dict(theirs - ours), {})
    day.say(f"all {sum(theirs.values()):,} relationships that WeCom shows are here, member by member, remark by remark")


def _found_by_sync(day: Day, truth: Truth, known: Known) -> None:
    """Friendships whose callback was lost are the reconciliation's, and it says how many."""
    found = [pair for pair, one in known.relationships.items() if _begun_by_sync(one)]
    for pair in found:
        if all(told := truth.told(pair, "add_external_contact")):
            raise Broken(f"{pair} was found by the reconciliation though WeCom's callbacks arrived: {told}")
    expect(
        "friendships that the reconciliation says it found", day.sync["corrections"].get("friend_added", 0), len(found)
    )
    day.say(f"{len(found)} friendships were found by the reconciliation, and it says so")


def _begun_by_sync(relationship: Json) -> bool:
    return any(
        step["cause"] == "sync" and step["to_status"] == "friend" and datetime.fromisoformat(step["at"]) > MORNING
        for step in relationship["life"]
    )


# -- welcomes ------------------------------------------------------------------------------------------------------------
def _welcomes(day: Day, truth: Truth, known: Known) -> None:
    codes = Counter(entry["data"]["code"] for of_pair in truth.welcomes.values() for entry in of_pair)
    expect("welcomes that went twice", [code for code, n in codes.items() if n > 1], [])
    excuses = Excuses(day)
    states = {code["state"] for code in day.codes}
    sent, late, unknown = 0, Counter[str](), 0
    due = 0
    for pair, adds in truth.adds.items():
        greeted = [entry["at"] - entry["data"]["age"] for entry in truth.welcomes.get(pair, [])]
        told = truth.told(pair, "add_external_contact")
        expect(f"callbacks of adds of {pair}", len(told), len(adds))
        for add, arrived in zip(adds, told, strict=True):
            if add["data"]["state"] not in states or not arrived:
                continue
            due += 1
            if any(abs(at - add["at"]) < 0.05 for at in greeted):
                sent += 1
            elif pair not in truth.ended and not excuses.for_a_missing_welcome(add["at"]):
                raise Broken(f"{pair} was not welcomed: {known.welcomes.get(pair)}; {excuses.account(add['at'])}")
        said = known.welcomes.get(pair, [])
        listed_sent, not_sent = said.count(""), [reason for reason in said if reason]
        if listed_sent > len(greeted):
            raise Broken(f"{pair} had {len(greeted)} welcomes, {listed_sent} are listed as sent")
        if pair not in truth.ended:
            expect(f"welcomes of {pair} that are listed", len(said), sum(told))
        late.update(not_sent)
        unsure = len(greeted) - listed_sent
        unknown += unsure
        if unsure > sum(reason.endswith("outcome_unknown") for reason in not_sent):
            raise Broken(f"{pair} had {len(greeted)} welcomes, the product lists {said}")
    day.say(
        f"{due} welcomes were due: {sent} arrived, none twice; not sent, with reason: {dict(late) or 'none'};"
        f" {unknown} arrived of those that are listed as unknown"
    )


def _counted(day: Day, truth: Truth) -> None:
    """Live codes count every friendship once, those of lost callbacks too."""
    states = {code["state"] for code in day.codes}
    never = {
        pair
        for pair in truth.adds
        if None in _expected(truth, pair) or (pair in truth.ended and not all(truth.told(pair, "add_external_contact")))
    }
    came = {pair for pair, adds in truth.adds.items() if any(add["data"]["state"] in states for add in adds)}
    counted = sum(day.world.api.get(f"/api/v1/live-codes/{code['id']}")["figures"]["total"] for code in day.codes)
    if not len(came - never) <= counted <= len(came):
        raise Broken(f"live codes count {counted} friendships; {len(came)} came, {len(never & came)} of them unseen")
    day.say(f"live codes count {counted} friendships of {len(came)} that were made")


# -- mass messages -------------------------------------------------------------------------------------------------------
def _message(day: Day, number: int) -> None:
    view = day.world.api.get(f"/api/v1/broadcasts/{day.broadcasts[number]['id']}")
    simulator = day.world.simulator
    text = view["content"]["text"]
    msgids = {one["msgid"] for one in simulator.get("mass") if one["text"] == text}
    touches = list(day.world.api.pages(f"/api/v1/broadcasts/{view['id']}/touches"))
    refused_tasks = sum(1 for one in _tasks(day, view["id"]) if one["status"] == "refused")
    expect(f"{view['name']}: mass messages at WeCom", len(msgids), view["tasks"]["total"] - refused_tasks)
    delivered = [one for one in simulator.ledger("mass_delivered") if one["data"]["msgid"] in msgids]
    refused = [one for one in simulator.ledger("mass_refused") if one["data"]["msgid"] in msgids]
    twice = [who for who, n in Counter(one["external_userid"] for one in [*delivered, *refused]).items() if n > 1]
    expect(f"{view['name']}: customers who were written to twice", twice, [])
    name_of = {one["userid"]: one["name"] for one in simulator.get("staff")}
    ours = _by_member(one for one in touches if one["status"] == "delivered")
    expect(f"{view['name']}: delivered, by member", ours, Counter(name_of[one["userid"]] for one in delivered))
    ours = _by_member(one for one in touches if one["status"] == "refused" and one["reason"].startswith("REFUSED_"))
    expect(f"{view['name']}: refused, by member", ours, Counter(name_of[one["userid"]] for one in refused))
    ended = {"delivered", "refused", "withheld"}
    expect(f"{view['name']}: touches without an end", [one for one in touches if one["status"] not in ended], [])
    bare = [one["id"] for one in touches if one["status"] != "delivered" and not one["reason"]]
    expect(f"{view['name']}: touches that did not arrive, without a reason", bare, [])
    expect(f"{view['name']}: people with two touches", len({one["customer_id"] for one in touches}), len(touches))
    reasons = Counter(one["reason"] for one in touches if one["status"] != "delivered")
    day.say(
        f"{view['name']}: {len(touches):,} people = {len(delivered):,} delivered, nobody twice, and {dict(reasons)}"
    )


def _tasks(day: Day, broadcast_id: int) -> Iterable[Json]:
    return day.world.api.pages(f"/api/v1/broadcasts/{broadcast_id}/tasks")


def _by_member(touches: Iterable[Json]) -> Counter[str]:
    return Counter(str(one["staff_name"]) for one in touches)
