"""The steps of the story up to the friend who is known; `story_reach.py` has the rest. Each step does what a
person would do, checks what must hold, and says the figures it checked."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from wellspring.app.demo import brand
from wellspring.app.demo.client import Broken, Json, expect, wait_until
from wellspring.app.demo.order_file import read_account
from wellspring.app.demo.story import Step, Story

WELCOME_SECONDS = 20
PAGE_SECONDS = 2
SHARED_MOBILE_LIMIT = 3
"""A mobile on more customers than this waits for a person (people's README)."""


def start(story: Story) -> str:
    """The account of the file comes first: the brand's calendar is set to the day after its last line."""
    story.account = read_account(story.orders)
    story.simulator_process.start()
    morning = (story.account.last.astimezone(UTC) + timedelta(days=1)).replace(hour=2, minute=0, second=0)
    seeded = brand.seed(story.simulator, now=morning, customers=story.customers, random_seed=story.random_seed)
    story.product_process.start()
    story.api.sign_in()
    expect("the product's health", story.api.get("/healthz")["status"], "ok")
    story.note(seeded=seeded)
    return f"{seeded['customers']:,} customers, {len(story.simulator.get('staff'))} staff; it is {morning:%Y-%m-%d}"


def connect(story: Story) -> str:
    brand.connect(story.api, story.simulator)
    test = story.api.post("/api/v1/wecom/company/test")
    broken = [check["name"] for check in test["checks"] if not check["works"]]
    expect("rights that do not work", broken, [])
    return f"{len(test['checks'])} rights work, the callback URL is verified"


def sync(story: Story) -> str:
    brand.start_sync(story.api)
    story.between("while the first sync runs")
    began = time.monotonic()
    brand.finish_sync(story.api)
    seconds = time.monotonic() - began
    relations = [one for one in story.simulator.relations() if one["on_api"]]
    people = {one["external_userid"] for one in relations}
    found = story.api.get("/api/v1/customers", page_size=1)["total"]
    expect("customers after the first sync", found, _persons(relations))
    stores = story.api.get("/api/v1/stores")["items"]
    expect("stores", len(stores), 3)
    story.note(stores=stores, relations=relations)
    rate = f", {len(people) / seconds:,.0f} a second" if seconds > 1 else ""
    return f"{len(people):,} customers, {len(relations):,} relationships, {len(stores)} stores{rate}"


def _persons(relations: list[Json]) -> int:
    """How many people these are, when a mobile that staff noted on at most three customers makes them one."""
    parent: dict[str, str] = {one["external_userid"]: one["external_userid"] for one in relations}

    def root(one: str) -> str:
        while parent[one] != one:
            one = parent[one]
        return one

    noted: dict[str, set[str]] = {}
    for one in relations:
        for mobile in one["remark_mobiles"]:
            noted.setdefault(mobile, set()).add(one["external_userid"])
    for sharing in noted.values():
        if 1 < len(sharing) <= SHARED_MOBILE_LIMIT:
            first, *others = sharing
            for other in others:
                parent[root(other)] = root(first)
    return len({root(one) for one in parent})


def import_orders(story: Story) -> str:
    """Lines in = taken + not taken; the money agrees to the penny with the account read here."""
    run = brand.start_import(story.api, story.orders)
    story.between("while the orders are read")
    began = time.monotonic()
    run = brand.finish_import(story.api, run["id"])
    seconds = time.monotonic() - began
    counts: Json = run["counts"]
    expect("lines in", counts["lines_in"], story.account.lines)
    expect("lines taken + not taken", counts["lines_taken"] + counts["lines_rejected"], counts["lines_in"])
    expect("lines not taken, by reason", sum(counts["rejected"].values()), counts["lines_rejected"])
    money = counts["money"]
    sold, returned = sum(money["sale"].values()), sum(money["refund"].values())
    left_out = counts["rejected_fen"]
    expect("money in the file", sold - returned + left_out, story.account.money_fen)
    rate = f", {counts['lines_in'] / seconds:,.0f} lines a second" if seconds > 1 else ""
    return (
        f"{counts['lines_in']:,} lines = {counts['lines_taken']:,} taken + {counts['lines_rejected']:,} not;"
        f" {sold / 100:,.2f} sold - {returned / 100:,.2f} given back{rate}"
    )


def link(story: Story) -> str:
    """Buyers of the file are friends of the brand: one by one, as a member system would say so."""
    externals = list(
        dict.fromkeys(one["external_userid"] for one in story.found["relations"] if one["status"] == "friend")
    )
    pairs = list(zip(externals, story.account.buyers, strict=False))
    outcomes, _ = brand.link_buyers(story.api, pairs)
    expect("links that were not made", set(outcomes) - {"linked", "merged", "already"}, set())
    expect("links", sum(outcomes.values()), len(pairs))
    story.note(pairs=pairs)
    return f"{len(pairs):,} buyers are known customers ({', '.join(f'{n:,} {o}' for o, n in sorted(outcomes.items()))})"


def make_code(story: Story) -> str:
    channel = brand.ensure_channel(story.api, "橱窗")
    store = story.found["stores"][0]
    tags = story.api.get("/api/v1/tags")["items"]
    code = brand.ensure_live_code(story.api, "门店橱窗", channel, store, tags[0]["id"])
    poster = story.api.request("GET", f"/api/v1/live-codes/{code['id']}/poster.png").content
    if not poster.startswith(b"\x89PNG"):
        raise Broken("the poster is not a PNG")
    story.note(code=code, channel=channel, tag=tags[0])
    return f"active with {len(code['staff'])} staff; the poster has {len(poster):,} bytes"


def scan(story: Story) -> str:
    """One scan on the simulated phone, timed from scan to page."""
    began = time.monotonic()
    scanned = brand.scan(story.simulator, story.found["code"], name="宋予", gender=2)
    story.between("after a scan")
    external_userid = scanned["external_userid"]

    def on_page() -> Json | None:
        found = story.api.get("/api/v1/customers", q=external_userid)["items"]
        if not found:
            return None
        page: Json = story.api.get(f"/api/v1/customers/{found[0]['id']}")
        tags = {tag["id"] for group in page["tag_groups"] for tag in group["tags"]}
        origins = story.api.get(f"/api/v1/customers/{found[0]['id']}/origins")["items"]
        return page if story.found["tag"]["id"] in tags and origins else None

    page = wait_until("tags and channel are on the customer's page", on_page, timeout=_patience(story, 30), every=0.05)
    seconds = time.monotonic() - began
    if seconds > PAGE_SECONDS and not story.found.get("crashes"):
        raise Broken(f"tags and channel took {seconds:.1f} s to reach the page, {PAGE_SECONDS} are allowed")
    welcome = _welcome(story, external_userid)
    story.note(scanned=[scanned], first_page=page)
    return f"on the page after {seconds:.2f} s, welcomed after {welcome['data']['age']:.1f} simulated seconds"


def _patience(story: Story, seconds: float) -> float:
    """How long to wait; longer where processes are killed and WeCom delivers again only after its pauses."""
    return seconds + 90 if story.found.get("crashes") else seconds


def _welcome(story: Story, external_userid: str) -> Json:
    def delivered() -> list[Json]:
        return [one for one in story.simulator.ledger("welcome_delivered") if one["external_userid"] == external_userid]

    entries = wait_until("the welcome arrives", delivered, timeout=_patience(story, WELCOME_SECONDS), every=0.1)
    expect("welcomes to this customer", len(entries), 1)
    if entries[0]["data"]["age"] > WELCOME_SECONDS:
        raise Broken(f"the welcome took {entries[0]['data']['age']:.1f} simulated seconds")
    found: Json = entries[0]
    return found


def scan_in_disorder(story: Story, scans: int = 30) -> str:
    """Callbacks come doubled and out of order; everybody is welcomed once and counted once."""
    story.simulator.post("callback-faults", duplicate=0.4, reorder=0.4, delay=0.0, drop=0.0, seed=3)
    scanned = [brand.scan(story.simulator, story.found["code"], name=f"路过的人{n}") for n in range(scans)]
    story.between("among thirty scans")
    externals = {one["external_userid"] for one in scanned}

    def welcomed() -> bool:
        got = {one["external_userid"] for one in story.simulator.ledger("welcome_delivered")}
        return externals <= got

    wait_until("all thirty are welcomed", welcomed, timeout=_patience(story, 40))
    story.simulator.post("callback-faults")
    twice = [who for who, n in Counter(_to(story, "welcome_delivered")).items() if n > 1]
    expect("customers welcomed twice", twice, [])

    def counted() -> bool:
        detail = story.api.get(f"/api/v1/live-codes/{story.found['code']['id']}")
        return bool(detail["figures"]["total"] == scans + 1)

    wait_until("the live code counts every add once", counted, timeout=_patience(story, 30))
    story.note(scanned=[*story.found["scanned"], *scanned])
    return f"{scans} scans, each welcomed once and counted once, callbacks doubled and reordered"


def _to(story: Story, kind: str) -> list[str]:
    return [one["external_userid"] for one in story.simulator.ledger(kind)]


def lose_a_friend(story: Story) -> str:
    """A customer deletes the member: the platform's own figures follow, nobody asks WeCom for a list."""
    gone = story.found["scanned"][-1]
    story.simulator.post("customer-delete", userid=gone["userid"], external_userid=gone["external_userid"])

    def lost() -> bool:
        found = story.api.get("/api/v1/customers", q=gone["external_userid"])["items"]
        page = story.api.get(f"/api/v1/customers/{found[0]['id']}")
        return any(one["status"] == "lost" for one in page["relationships"])

    wait_until("the loss is on the customer's page", lost, timeout=30)
    return "on the customer's page and in the timeline"


def _today(story: Story) -> datetime:
    return datetime.fromtimestamp(story.simulator.get("clock")["now"], UTC)


def count_segment(story: Story) -> str:
    """Friends who bought in the last 90 days, counted from the file and the simulator without the product."""
    days = 90
    brand.wait_for_warehouse(story.api)
    since = brand.window_start(_today(story), days)
    bought = story.account.buyers_since(since)
    wanted = sum(1 for _, buyer in story.found["pairs"] if buyer in bought)
    segment = brand.ensure_segment(story.api, f"近 {days} 天买过的好友", brand.friends_who_bought(days))
    definition = story.api.get(f"/api/v1/segments/{segment['id']}")["definition"]
    preview = story.api.post("/api/v1/segments/preview", {"definition": definition})
    expect("people in the segment", preview["count"], wanted)
    story.note(segment=segment)
    return f"{preview['count']:,} of {preview['total']:,} in {preview['took_ms']} ms, as counted from the file"


STEPS: list[tuple[str, Step]] = [
    ("A simulated brand, a fresh Wellspring", start),
    ("Connect the company", connect),
    ("First full sync", sync),
    ("Import a year of orders", import_orders),
    ("Buyers become known customers", link),
    ("A live code with welcome and poster", make_code),
    ("Scan: friend, welcome, tags, channel", scan),
    ("Thirty scans in disorder", scan_in_disorder),
    ("A friend is lost", lose_a_friend),
    ("A segment", count_segment),
]
