"""Members kept up to date: by what changed, by time, by a new definition; killed in the middle, nothing counts twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from segments_world import NOW, World, orders, tree
from wellspring.platform.auth.actor import SYSTEM, Scope
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import load_all
from wellspring.segments import facade, service
from wellspring.segments.membership import moves, refresh, watching
from wellspring.segments.membership.models import SegmentMove, SegmentSize

BOUGHT = tree(orders("count", ">=", 1, {"kind": "rolling", "days": 30}))
WAITED = tree(
    {
        "kind": "sequence", "first": {"what": "order"}, "then": {"what": "order"}, "happened": False, "within": 2, "unit": "hours",
    }
)  # fmt: skip


class Watched:
    """Customers in PostgreSQL and one watched segment over them."""

    def __init__(self, platform: Platform, definition: dict[str, Any]) -> None:
        self.platform = platform
        with platform.database.unit_of_work() as session:
            self.world = World(session)
            self.people = [self.world.customer(f"客户 {i}").id for i in range(12)]
            made = service.create_segment(session, platform, SYSTEM, name="买过的", definition=definition)
            self.segment = made.id
            watching.watch(session, made.id, mode="continuous", every_minutes=60)
        self.load()

    def load(self) -> None:
        load_all(self.platform)

    def refresh(self, *, full: bool = False) -> bool:
        return refresh.refresh_one(self.platform, self.segment, full=full)

    def buy(self, person: int, **facts: Any) -> None:
        with self.platform.database.unit_of_work() as session:
            self.world.session = session
            self.world.order(session.get_one(self.world_customer, self.people[person]), **facts)
        self.load()

    @property
    def world_customer(self) -> Any:
        from wellspring.people.models import Customer

        return Customer

    def members(self) -> list[int]:
        with self.platform.database.unit_of_work() as session:
            watch = watching.watch_of(session, self.segment)
            return watching.member_ids(self.platform, watch, after=0, limit=10_000)

    def found_by_asking(self) -> list[int]:
        with self.platform.database.unit_of_work() as session:
            return [int(i) for i in facade.members(session, self.platform, self.segment, Scope())[0]]

    def moves(self) -> list[tuple[int, bool]]:
        with self.platform.database.unit_of_work() as session:
            rows = session.scalars(select(SegmentMove).order_by(SegmentMove.id))
            return [(row.customer_id, row.entered) for row in rows]


def test_who_comes_in_after_the_first_refresh_has_entered(platform: Platform) -> None:
    kept = Watched(platform, BOUGHT)
    kept.buy(0)
    assert kept.refresh()
    assert (kept.members(), kept.moves()) == ([kept.people[0]], []), "a first refresh moves nobody"
    kept.buy(1)
    kept.buy(0)
    assert kept.refresh()
    assert kept.moves() == [(kept.people[1], True)]
    assert not kept.refresh(), "nothing has changed since"
    assert kept.members() == kept.found_by_asking()


def test_time_alone_moves_people_out_at_midnight(platform: Platform, clock: FixedClock) -> None:
    kept = Watched(platform, BOUGHT)
    kept.buy(0, at=NOW - timedelta(days=30))
    kept.buy(1, at=NOW - timedelta(days=3))
    kept.refresh()
    clock.advance(timedelta(days=1))
    assert kept.refresh()
    assert kept.moves() == [(kept.people[0], False)]


def test_a_condition_that_runs_out_is_looked_at_every_minute(platform: Platform, clock: FixedClock) -> None:
    kept = Watched(platform, WAITED)
    kept.buy(0, at=NOW - timedelta(minutes=90))
    kept.refresh()
    assert kept.members() == []
    clock.advance(timedelta(minutes=31))
    assert kept.refresh()
    assert kept.moves() == [(kept.people[0], True)]


def test_a_new_definition_is_a_new_beginning(platform: Platform) -> None:
    kept = Watched(platform, BOUGHT)
    kept.buy(0)
    kept.refresh()
    with platform.database.unit_of_work() as session:
        everybody = tree(orders("count", ">=", 0))
        service.update_segment(session, platform, SYSTEM, kept.segment, version=1, name="所有人", definition=everybody)
    assert kept.refresh()
    assert (len(kept.members()), kept.moves()) == (12, [])
    with platform.database.unit_of_work() as session:
        assert [row.rebased for row in session.scalars(select(SegmentSize).order_by(SegmentSize.id))] == [True, True]


class Killed(Exception):
    pass


@pytest.mark.parametrize("moment", ["after the bitmap", "after the moves"])
def test_killed_in_the_middle_nobody_moves_twice(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    kept = Watched(platform, BOUGHT)
    kept.refresh()
    kept.buy(3)
    real = refresh._moved

    def dies(*arguments: Any) -> tuple[int, int]:
        if moment == "after the moves":
            real(*arguments)
        raise Killed

    monkeypatch.setattr(refresh, "_moved", dies)
    with pytest.raises(Killed):
        kept.refresh()
    assert kept.members() == [], "the older bitmap is still the one in force"
    monkeypatch.setattr(refresh, "_moved", real)
    assert kept.refresh()
    assert (kept.members(), kept.moves()) == ([kept.people[3]], [(kept.people[3], True)])


def test_following_changes_is_the_same_as_looking_at_everybody(platform: Platform, clock: FixedClock) -> None:
    """Random histories: after each change the kept members are those that a new question finds, and the moves lead there."""
    kept, random = Watched(platform, BOUGHT), Random(5)
    kept.refresh()
    walked: set[int] = set()
    for _ in range(25):
        match random.randrange(4):
            case 0:
                clock.advance(timedelta(days=random.randrange(20), hours=random.randrange(24)))
            case _:
                late = timedelta(days=random.choice((0, 0, 1, 29, 30, 31, 60)))
                kept.buy(random.randrange(12), at=clock.now() - late - timedelta(seconds=1))
        kept.refresh()
        assert kept.members() == kept.found_by_asking()
    for customer, entered in kept.moves():
        assert (customer not in walked) == entered
        walked ^= {customer}
    assert sorted(walked) == kept.members()


def test_others_are_told_in_batches_and_can_tell_repeats(
    platform: Platform, run_jobs: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[moves.Move] = []

    def hear(session: Session, platform: Platform, batch: Sequence[moves.Move]) -> None:
        heard.extend(batch)

    monkeypatch.setattr(moves, "_handlers", [hear])
    monkeypatch.setattr(moves, "BATCH", 2)
    kept = Watched(platform, BOUGHT)
    kept.refresh()
    for person in range(5):
        kept.buy(person)
    kept.refresh()
    run_jobs()
    assert [(move.customer_id, move.entered, move.seq) for move in heard] == [(i, True, 2) for i in kept.people[:5]]


def test_over_http(platform: Platform, app_client: Callable[..., TestClient]) -> None:
    kept = Watched(platform, BOUGHT)
    client, path = app_client(), f"/api/v1/segments/{kept.segment}"
    assert client.delete(f"{path}/membership").status_code == 204
    refused = client.get(f"{path}/membership")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "SEGMENT_NOT_WATCHED")
    assert client.put(f"{path}/membership", json={"mode": "scheduled", "every_minutes": 5}).json()["size"] == 0
    assert client.put(f"{path}/membership", json={"mode": "scheduled", "every_minutes": 1}).status_code == 422
    kept.refresh()
    for person in (4, 2):
        kept.buy(person)
    kept.refresh(full=True)
    found = client.get(f"{path}/membership").json()
    assert (found["size"], found["history"][0]["entered"]) == (2, 2)
    first = client.get(f"{path}/members", params={"limit": 1}).json()
    assert (first["ids"], first["size"]) == ([kept.people[2]], 2)
    rest = client.get(f"{path}/members", params={"limit": 10, "after": first["next_after"]}).json()
    assert (rest["ids"], rest["next_after"]) == ([kept.people[4]], None)
    moved = client.get(f"{path}/moves").json()
    assert sorted(move["customer_id"] for move in moved["items"]) == [kept.people[2], kept.people[4]]
    assert client.get(f"{path}/moves", params={"after": moved["next_after"]}).json()["items"] == []
