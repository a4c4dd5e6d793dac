"""A day of a brand, acted out from a seed while its processes are killed and its calls and callbacks go wrong.

Customers scan, leave, come back; staff delete, write remarks, put tags, confirm; an operator sends mass messages. What
really happened stands in the simulator's ledger: `trouble_judge.py` holds the product's view against it.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from trouble_world import NAMES, World

from wellspring.app.demo import brand
from wellspring.app.demo.client import Broken, Json, wait_until

MORNING = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
FRIENDS: Json = {"kind": "all", "children": [{"kind": "relationship", "statuses": ["friend"]}]}
RATE = 0.02
BLOCKED = 45009
FAULTS: list[Json] = [
    {"kind": "latency", "latency_ms": 1500},
    {"kind": "errcode", "code": -1},
    {"kind": "errcode", "code": BLOCKED},
    {"kind": "http", "code": 502},
    {"kind": "cut_before"},
    {"kind": "cut_after"},
    {"kind": "token_revoked"},
]
CALLBACK_FAULTS: Json = {"drop": 0.01, "duplicate": 0.05, "reorder": 0.2, "delay_seconds": 3}
DRAIN_SECONDS = 300.0


@dataclass(frozen=True)
class Plan:
    """`seconds`: of real time, in which everything is acted out. `speed`: of the brand's clock; below 1 a restart eats
    less of WeCom's twenty seconds. `blocked_until`: the share of the day in which 45009 comes, since each closes its
    path for a minute. `retry_gap`: real seconds between WeCom's deliveries of one callback, which nobody publishes. `sample`: how
    many of those who had no part in the day are looked at one by one too."""

    seed: int
    customers: int
    adds: int
    messages: int
    kills: int
    seconds: float
    speed: float = 1.0
    blocked_until: float = 1.0
    retry_gap: float = 5.0
    sample: int = 300


@dataclass
class Day:
    world: World
    plan: Plan
    say: Callable[[str], None]
    codes: list[Json] = field(default_factory=list)
    broadcasts: list[Json] = field(default_factory=list)
    sync: Json = field(default_factory=dict)
    clock: Json = field(default_factory=dict)
    """The brand's clock as it was at `clock_read_at`; it has run evenly since."""
    clock_read_at: float = 0.0
    blocks: list[tuple[str, float]] = field(default_factory=list)
    """Path and real second of every 45009."""

    def __post_init__(self) -> None:
        self.dice = random.Random(self.plan.seed)
        self._faulty = False
        self._blocking = False
        self._began = 0.0

    # -- before ------------------------------------------------------------------------------------------------------
    def prepare(self) -> None:
        world, plan = self.world, self.plan
        world.start()
        brand.seed(world.simulator, now=MORNING, customers=plan.customers, random_seed=plan.seed)
        world.simulator.post("settings", callback_retry_gap_seconds=plan.retry_gap)
        brand.connect(world.api, world.simulator)
        brand.start_sync(world.console)
        brand.finish_sync(world.console)
        channel = brand.ensure_channel(world.console, "橱窗")
        stores = world.console.get("/api/v1/stores")["items"]
        tags = world.console.get("/api/v1/tags")["items"]
        self.codes = [
            brand.ensure_live_code(world.console, f"门店橱窗{number}", channel, store, tags[number]["id"])
            for number, store in enumerate(stores[:2])
        ]
        segment = brand.ensure_segment(world.console, "好友", FRIENDS)
        self.broadcasts = [self._draft(number, segment) for number in range(plan.messages)]
        brand.wait_for_warehouse(world.console)
        self.clock = world.simulator.post("clock", speed=plan.speed)
        self.clock_read_at = time.time()

    def _draft(self, number: int, segment: Json) -> Json:
        made: Json = self.world.console.post(
            "/api/v1/broadcasts",
            {
                "name": f"第{number + 1}封",
                "segment_id": segment["id"],
                "purpose": "marketing" if number < 2 else "service",
                "control_percent": 10,
                "result_days": 7,
                "content": {
                    "text": f"第 {number + 1} 封：天凉了，给你留了一支冬天的香。",
                    "attachments": [{"kind": "link", "title": "到店礼", "url": f"https://example.com/{number + 1}"}],
                },
            },
        )
        return made

    # -- the trouble -------------------------------------------------------------------------------------------------
    def trouble(self) -> None:
        """Everything of the day, at its moment; what is down when its moment comes is waited for."""
        self._faulty = self._blocking = True
        self._set_faults()
        watcher = threading.Thread(target=self._watch_blocks)
        watcher.start()
        acts = sorted(self._acts(), key=lambda act: act[0])
        self._began = time.monotonic()
        for moment, act in acts:
            time.sleep(max(0.0, moment - (time.monotonic() - self._began)))
            act()
        self.world.all_up()
        self._faulty = False
        self._set_faults()
        watcher.join()

    def _watch_blocks(self) -> None:
        """The simulator's trace is short and dies with it, so it is read all along."""
        seen = 0
        while self._faulty:
            page = self.world.simulator.get("trace", after=seen, limit=500)
            if page["last"] < seen:
                seen = 0
                continue
            seen = page["last"]
            self.blocks += [(row["title"], row["real"]) for row in page["rows"] if row["errcode"] == BLOCKED]
            time.sleep(0.5)

    def _set_faults(self) -> None:
        """Wire faults live in the simulator's memory: after each of its deaths they are set anew, with other dice."""
        wanted = [one for one in FAULTS if self._blocking or one.get("code") != BLOCKED] if self._faulty else []
        faults = [{**one, "path": "/cgi-bin/*", "rate": RATE, "seed": self.dice.randrange(1 << 30)} for one in wanted]
        self.world.simulator._checked("POST", "faults", json=faults)
        callbacks = {**CALLBACK_FAULTS, "seed": self.dice.randrange(1 << 30)} if self._faulty else {}
        self.world.simulator.post("callback-faults", **callbacks)

    def _acts(self) -> list[tuple[float, Callable[[], None]]]:
        plan, dice = self.plan, self.dice
        acts: list[tuple[float, Callable[[], None]]] = []

        def at(share_from: float, share_to: float, act: Callable[[], None]) -> None:
            acts.append((dice.uniform(share_from, share_to) * plan.seconds, act))

        for number in range(plan.adds):
            at(0, 1, lambda number=number: self._scan(number))
        few = max(4, plan.adds // 10)
        for _ in range(few):
            at(0, 1, self._customer_leaves)
            at(0, 1, self._staff_deletes)
            at(0, 1, self._somebody_returns)
        for number in range(2 * few):
            at(0, 1, lambda number=number: self._staff_edits(number))
        for number in range(plan.messages):
            first = 0.05 + 0.7 * number / plan.messages
            at(first, first + 0.1, lambda number=number: self._submit(number))
        for _ in range(3 * plan.messages):
            at(0.2, 1, self._some_confirm)
        order = [NAMES[n % len(NAMES)] for n in range(plan.kills)]
        dice.shuffle(order)
        for number, name in enumerate(order):
            at(number / plan.kills, (number + 0.8) / plan.kills, lambda name=name: self._kill(name))
        acts.append((plan.blocked_until * plan.seconds, self._no_more_blocks))
        return acts

    def _kill(self, name: str) -> None:
        then = self._set_faults if name == "simulator" else lambda: None
        self.world.strike(name, down_seconds=self.dice.uniform(0, 2), then=then)

    def _no_more_blocks(self) -> None:
        self._blocking = False
        self._set_faults()

    # -- people --------------------------------------------------------------------------------------------------------
    def _scan(self, number: int, **who: Any) -> None:
        code = self.dice.choice(self.codes)
        way = next(one for one in self.world.simulator.get("qr") if one["state"] == code["state"])
        person = who or {"customer": {"name": f"路过的人{number}"}}
        self.world.simulator.post("scan", config_id=way["config_id"], **person)

    def _relation(self, *statuses: str) -> Json | None:
        """Somebody at random; None when there is nobody."""
        total = self.world.simulator.get("export", limit=1)["total"]
        page = self.world.simulator.get("export", cursor=self.dice.randrange(max(1, total - 200)), limit=200)
        fitting = [one for one in page["relations"] if one["status"] in statuses]
        return self.dice.choice(fitting) if fitting else None

    def _act_on(self, path: str, one: Json | None, **more: Any) -> None:
        if one is None:
            return
        try:
            self.world.simulator.post(path, userid=one["userid"], external_userid=one["external_userid"], **more)
        except Broken as refused:  # the act was cut off after its effect and is made a second time
            if "already" not in str(refused):
                raise

    def _customer_leaves(self) -> None:
        self._act_on("customer-delete", self._relation("friend"))

    def _staff_deletes(self) -> None:
        self._act_on("staff-delete", self._relation("friend"))

    def _somebody_returns(self) -> None:
        gone = self._relation("customer_deleted", "staff_deleted", "both_deleted")
        if gone is not None:
            self._scan(0, external_userid=gone["external_userid"])

    def _staff_edits(self, number: int) -> None:
        tags = [tag["id"] for group in self.world.simulator.get("tags") for tag in group["tags"] if not tag["deleted"]]
        change: Json = {"add_tag": [self.dice.choice(tags)]} if number % 2 else {"remark": f"常客{number}"}
        self._act_on("staff-edit", self._relation("friend"), **change)

    def _some_confirm(self) -> None:
        members = [member["userid"] for member in self.world.simulator.get("staff")]
        for userid in self.dice.sample(members, max(1, len(members) // 3)):
            self.world.simulator.post("confirm", userid=userid, msgid="all")

    def _submit(self, number: int) -> None:
        """As an operator does who clicks again where no answer comes. Waits for an audience that is not stale."""
        path = f"/api/v1/broadcasts/{self.broadcasts[number]['id']}/submit"

        def submitted() -> bool:
            try:
                self.world.console.post(path)
            except Broken as refused:
                if "stale" not in str(refused).lower():
                    raise
                return False
            return True

        wait_until("an audience that is fresh enough", submitted, timeout=90, every=1)

    # -- after -----------------------------------------------------------------------------------------------------------
    def settle(self) -> None:
        """No more faults: what is on its way arrives, everybody confirms, one reconciliation runs."""
        began = time.monotonic()
        wait_until("WeCom has delivered its callbacks", self._nothing_pending, timeout=DRAIN_SECONDS, every=0.3)
        wait_until("every mass message has its results", self._all_finished, timeout=DRAIN_SECONDS, every=0.5)
        wait_until("inbox and outbox are empty", self._all_handled, timeout=DRAIN_SECONDS, every=0.3)
        drained = time.monotonic() - began
        self.world.console.post("/api/v1/wecom/sync")
        self.sync = brand.finish_sync(self.world.console)
        wait_until("what the reconciliation planned is done", self._all_handled, timeout=DRAIN_SECONDS, every=0.3)
        self.say(f"settled: drained in {drained:.0f} s, reconciled, corrections {self.sync['corrections'] or 'none'}")

    def _nothing_pending(self) -> bool:
        return bool(self.world.simulator.get("callbacks", limit=1)["pending"] == 0)

    def _all_finished(self) -> bool:
        brand.confirm_all(self.world.simulator)
        views = [self.world.console.get(f"/api/v1/broadcasts/{one['id']}") for one in self.broadcasts]
        if failed := [view for view in views if view["status"] in ("failed", "cancelled")]:
            raise Broken(f"a broadcast {failed[0]['status']}: {failed[0]['error']}")
        return all(view["status"] == "finished" for view in views)

    def _all_handled(self) -> bool:
        """What can't be known is not waited for."""
        status = self.world.console.get("/api/v1/wecom/status")
        return bool(status["inbox_pending"] == 0 and status["outbox_open"] == status["outbox_unknown"])
