"""Random histories for tests of features, dense at the edges, and the wide table worked out from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from wellspring.insight.features.history import (
    Friendship,
    Happening,
    History,
    LineBought,
    OrderMade,
    RefundMade,
    TouchMade,
)
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import wide
from wellspring.platform.warehouse.client import Warehouse

NOW = datetime.fromisoformat("2026-03-05T04:00:00.123+00:00")
ZONE = ZoneInfo("Asia/Shanghai")
DAYS = (0, 0, 1, 2, 6, 7, 8, 14, 29, 30, 31, 45, 60, 89, 90, 91, 120, 121, 150, 180, 181, 240, 364, 365, 366, 500, 900)
FEN = (0, 1, 99, 100, 2_500, 10_000, 10_001, 25_000, 1_000_000)
FACTS = ("customers", "orders", "refunds", "order_lines", "relationships", "events", "touches")


def instant(random: Random) -> datetime:
    """Near a midnight of a day at the edge of a window, near now, or anywhere; sometimes later than now."""
    day = NOW.astimezone(ZONE).date() - timedelta(days=random.choice(DAYS))
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(NOW.tzinfo)
    offset = random.choice((0, 0, -1, 1, 43_200_000, random.randrange(86_400_000)))
    return random.choice((*[midnight + timedelta(milliseconds=offset)] * 8, NOW, NOW + timedelta(milliseconds=1)))


def history(random: Random, customer_id: int) -> History:
    def some(*counts: int) -> range:
        return range(random.choice(counts))

    orders = [OrderMade(instant(random), random.choice(FEN), random.randrange(4)) for _ in some(0, 0, 1, 1, 2, 3, 5, 8)]
    if random.random() < 0.3:  # somebody with a rhythm of their own
        gap, last = random.choice((3, 7, 20, 60, 90)), random.choice(DAYS)
        orders += [
            OrderMade(NOW - timedelta(days=last + gap * i, hours=random.randrange(20)), random.choice(FEN), 1)
            for i in range(random.randrange(3, 9))
        ]
    return History(
        customer_id,
        random.random() < 0.4,
        tuple(orders),
        tuple(RefundMade(instant(random), random.choice(FEN)) for _ in some(0, 0, 0, 1, 2)),
        tuple(
            LineBought(instant(random), random.choice(("", "茶", "香", "Tea", "tea")), random.choice(("goods", "goods", "postage")))
            for _ in some(0, 2, 5)
        ),
        tuple(
            Friendship(
                random.randrange(1, 5), random.choice(("half", "friend", "friend", "lost", "removed")),
                instant(random), random.choice((None, instant(random))),
            )
            for _ in some(0, 1, 2)
        ),
        tuple(
            Happening(random.choice(("friend_added", "clicked", "message_delivered")), instant(random))
            for _ in some(0, 0, 1, 3)
        ),
        tuple(
            TouchMade(
                random.choice(("delivered", "delivered", "refused")), instant(random), random.choice((None, instant(random)))
            )
            for _ in some(0, 0, 1, 4, 7)
        ),
    )  # fmt: skip


def histories(count: int, seed: int) -> list[History]:
    random = Random(seed)
    return [history(random, customer_id) for customer_id in range(1, count + 1)]


def load(warehouse: Warehouse, people: Iterable[History]) -> None:
    """Into the settled tables, as one transaction's rows."""
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in FACTS}
    for one in people:
        who = one.customer_id
        rows["customers"].append((who, NOW, None, 0, int(one.has_mobile), 0))
        rows["orders"] += [(who, o.placed_at, o.store_id, o.total_fen) for o in one.orders]
        rows["refunds"] += [(who, r.refunded_at, r.total_fen) for r in one.refunds]
        rows["order_lines"] += [(who, li.placed_at, li.category, li.kind) for li in one.lines]
        rows["relationships"] += [(who, f.staff_id, f.status, f.added_at, f.ended_at) for f in one.friendships]
        rows["events"] += [(who, e.kind, e.occurred_at) for e in one.events]
        rows["touches"] += [(who, t.status, t.assigned_at, t.settled_at) for t in one.touches]
    columns: dict[str, tuple[str, ...]] = {
        "customers": ("id", "created_at", "first_added_at", "gender", "has_mobile", "merged_into_id"),
        "orders": ("customer_id", "placed_at", "store_id", "total_fen"),
        "refunds": ("customer_id", "refunded_at", "total_fen"),
        "order_lines": ("customer_id", "placed_at", "category", "kind"),
        "relationships": ("customer_id", "staff_id", "status", "added_at", "ended_at"),
        "events": ("customer_id", "kind", "occurred_at"),
        "touches": ("customer_id", "status", "assigned_at", "settled_at"),
    }
    for table in FACTS:
        warehouse.command(f"truncate table {table}_settled")
        warehouse.command(f"truncate table {table}_fresh")
        values: list[Sequence[Any]] = [
            row if table == "customers" else (number, *row) for number, row in enumerate(rows[table], start=1)
        ]
        names = columns[table] if table == "customers" else ("id", *columns[table])
        warehouse.insert(f"{table}_settled", (*names, "_version"), [[*row, 1] for row in values])


def wide_rows(platform: Platform) -> dict[int, dict[str, Any]]:
    """Build the wide table from what is loaded; rows by customer."""
    wide.build(platform, wide.NEXT, version=1)
    rows = platform.warehouse.query(f"select * from {wide.NEXT}")
    platform.warehouse.command(f"drop table {wide.NEXT}")
    return {int(row["id"]): row for row in rows}


def as_value(held: Any) -> Any:
    """A value of the warehouse as Python's: instants aware."""
    return held.replace(tzinfo=UTC) if isinstance(held, datetime) and held.tzinfo is None else held
