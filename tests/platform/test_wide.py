"""The wide table follows what changes, and what only time brings."""

from __future__ import annotations

from datetime import timedelta

from segments_world import NOW, World
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import kept_day, load_all, wide


def kept(platform: Platform, column: str) -> dict[int, int]:
    rows = platform.warehouse.query(f"select id, {column} as kept from customer_wide order by id")
    return {row["id"]: row["kept"] for row in rows}


def test_an_order_counts_when_its_time_has_come(platform: Platform, clock: FixedClock) -> None:
    with platform.database.unit_of_work() as session:
        world = World(session)
        first, second = world.customer("甲"), world.customer("乙")
        world.order(first, at=NOW + timedelta(minutes=5))
    load_all(platform)
    assert kept(platform, "orders_ever") == {first.id: 0, second.id: 0}
    with platform.database.unit_of_work() as session:
        world.session = session
        world.order(second, at=NOW + timedelta(minutes=9))
    load_all(platform)
    clock.advance(timedelta(minutes=6))
    load_all(platform)
    assert kept(platform, "orders_ever") == {first.id: 1, second.id: 0}
    clock.advance(timedelta(minutes=6))
    load_all(platform)
    assert kept(platform, "orders_ever") == {first.id: 1, second.id: 1}


def test_a_new_day_is_built_beside_the_loader(platform: Platform, clock: FixedClock) -> None:
    with platform.database.unit_of_work() as session:
        world = World(session)
        buyer = world.customer("甲")
        world.order(buyer, at=NOW - timedelta(days=30))
    load_all(platform)
    day = kept_day(platform.warehouse)
    assert (day, kept(platform, "orders_30d")) == (NOW.date(), {buyer.id: 1})
    assert not wide.rebuild_when_due(platform), "the day is the same"
    clock.advance(timedelta(days=1))
    assert wide.rebuild_when_due(platform)
    assert kept_day(platform.warehouse) == NOW.date() + timedelta(days=1)
    assert (kept(platform, "orders_30d"), kept(platform, "orders_90d")) == ({buyer.id: 0}, {buyer.id: 1})


def test_both_customers_of_a_move_are_computed_anew(platform: Platform) -> None:
    with platform.database.unit_of_work() as session:
        world = World(session)
        giver, taker = world.customer("甲"), world.customer("乙")
        order = world.order(giver)
    load_all(platform)
    with platform.database.unit_of_work() as session:
        session.get_one(type(order), order.id).customer_id = taker.id
    load_all(platform)
    assert kept(platform, "orders_ever") == {giver.id: 0, taker.id: 1}
