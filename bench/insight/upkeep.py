"""What a brand of this size costs day by day: members kept, features rebuilt, a day taken in, profiles looked up meanwhile."""

from __future__ import annotations

import threading
from typing import Any

from bench.insight import brand_tables
from bench.insight.brand import NOW, Month, Size, months
from bench.insight.measuring import percentile, timed
from bench.insight.stores import Asking
from bench.insight.suite import SUITE, definition
from sqlalchemy import text

from wellspring.insight.features.lifetime_value.service import fit_lifetime_value
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import wide
from wellspring.platform.warehouse.feeds import feeds
from wellspring.segments.definition import parse

THIRD = "tagged or long gone"
"""A segment with about a third of all in it, of sets and columns both: ten million of thirty."""
_THIRD_TREE = {
    "kind": "any",
    "children": [SUITE["one of five tags"], {**SUITE["bought in 30 days"], "comparison": {"operator": ">=", "value": 1},
                 "window": {"kind": "between", "start": "2025-09-01", "end": "2026-03-05"}}],
}  # fmt: skip
PROFILE_TABLES = ("relationships", "relationship_tags", "orders", "order_lines", "refunds", "events", "touches")
LEAST_PROFILES = 100


def stand(platform: Platform) -> None:
    """Say in PostgreSQL what the loader would have said: all rows are loaded."""
    with platform.database.unit_of_work() as session:
        for feed in feeds():
            rows = int(platform.warehouse.scalar(f"select count() from {feed.table}_settled") or 0)
            session.execute(
                text(
                    "insert into warehouse_watermark (feed, next_xid, as_of, rows_loaded, max_id)"
                    " values (:feed, '10', :now, :rows, :rows) on conflict (feed) do nothing"
                ),
                {"feed": feed.table, "now": NOW, "rows": rows},
            )


def first_build(platform: Platform) -> float:
    """The wide table for the first time, with lifetime value fitted; seconds."""
    stand(platform)
    seconds, _ = timed(lambda: wide.follow(platform, [1], version=1))
    fitted, _ = timed(lambda: fit_lifetime_value(platform, by="bench"))
    return seconds + fitted


def materialise(asking: Asking) -> tuple[float, int]:
    """Seconds to write down the members of a segment, and how many they are."""
    tree = parse(definition(_THIRD_TREE))
    seconds, people = timed(lambda: asking.keep(tree, "bench_members"))
    return seconds, people


def rebuild(platform: Platform) -> dict[str, float]:
    """Lifetime value fitted anew and every feature of everybody computed anew."""
    fit, _ = timed(lambda: fit_lifetime_value(platform, by="bench"))
    built, done = timed(lambda: wide.rebuild(platform))
    assert done
    return {"features_rebuild_s": fit + built, "lifetime_fit_s": fit, "wide_rebuild_s": built}


def profile(platform: Platform, customer: int) -> int:
    """Everything known of one customer, each fact table once; how many rows that was."""
    asked = {"customer": customer}
    found = platform.warehouse.query("select * from customers where id = {customer:Int64}", asked)
    found += platform.warehouse.query("select * from customer_wide where id = {customer:Int64}", asked)
    for table in PROFILE_TABLES:
        found += platform.warehouse.query(f"select * from {table} where customer_id = {{customer:Int64}}", asked)
    return len(found)


def profiles_meanwhile(platform: Platform, size: Size) -> dict[str, float]:
    """Profiles of one customer after the other while everybody is computed anew in another thread; milliseconds."""
    failures: list[BaseException] = []

    def work() -> None:
        try:
            wide.rebuild(platform)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=work)
    profile(platform, 1)
    thread.start()
    taken: list[float] = []
    while thread.is_alive() or len(taken) < LEAST_PROFILES:
        customer = 1 + (len(taken) * 7_919) % size.members
        taken.append(timed(lambda one=customer: profile(platform, one))[0])  # type: ignore[misc]
    thread.join()
    if failures:
        raise failures[0]
    return {
        "profile_p50_ms": percentile(taken, 50) * 1000,
        "profile_p99_ms": percentile(taken, 99) * 1000,
        "profiles": len(taken),
    }


def day_increment(platform: Platform, size: Size) -> dict[str, Any]:
    """A day's new orders and events appended as the loader appends them, and everybody whom they concern computed anew."""
    warehouse = platform.warehouse
    end = months()[-1].end
    today = Month(months()[-1].number, end - 12 * 3_600_000, end)
    orders, events = max(1, size.members // 75), max(1, size.members // 15)
    statements = [
        brand_tables.orders(size, today, size.orders + 1, orders),
        brand_tables.order_lines(size, today, size.orders + 1, orders),
        brand_tables.events(size, today, size.events + 1, events),
    ]

    def append() -> None:
        for statement in statements:
            warehouse.command(statement + brand_tables.WRITING)

    appended, _ = timed(append)
    both = (
        "select distinct customer_id from (select customer_id from orders_settled where id > {orders:Int64}"
        " union all select customer_id from events_settled where id > {events:Int64})"
    )
    changed = [int(one) for one in warehouse.column(both, {"orders": size.orders, "events": size.events})]
    followed, _ = timed(lambda: wide.follow(platform, changed, version=20))
    return {
        "day_increment_s": appended + followed,
        "day_appended_s": appended,
        "day_followed_s": followed,
        "day_customers": len(changed),
    }
