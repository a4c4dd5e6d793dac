"""A synthetic brand, written straight into the warehouse's settled tables: the same rows for the same size.

Everything is a hash of a row number, so nothing is kept in memory and nothing is random. What makes it like a brand:

- a third never bought; of the others few buy much (the top hundredth has about an eighth of the orders),
- people come and go: each buys in a stretch of months of their own,
- tags from one that every tenth has down to some that hardly anybody has,
- ids of orders and events follow time, those of customers when they were added,
- one in five hundred was merged into the customer before, who has the facts of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from wellspring.platform.warehouse.client import Warehouse

NOW = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
"""Thursday noon in Shanghai: the brand stands still at this moment."""
MONTHS = 36
TAGS = 200
BROADCASTS = 300
PRODUCTS = 500
CATEGORIES = ("护肤", "彩妆", "香水", "洗护", "母婴", "食品", "保健", "家居", "女装", "男装", "鞋包", "数码")
STATES = ("lc_shelf", "lc_till", "lc_parcel", "link_video", "")

TABLES = (
    "customers", "relationships", "relationship_tags", "orders", "order_lines", "refunds", "events", "touches",
)  # fmt: skip

_SPREAD = 2_654_435_761
"""A prime above every size: multiplying by it modulo N deals out the heavy buyers over all ids."""


@dataclass(frozen=True)
class Size:
    """Rows of each kind for so many members."""

    members: int
    line_share: float = 1.0

    @property
    def orders(self) -> int:
        return 5 * self.members

    @property
    def events(self) -> int:
        return 10 * self.members

    @property
    def staff(self) -> int:
        return max(20, self.members // 3_000)

    @property
    def stores(self) -> int:
        return max(4, self.staff // 5)

    def store_of(self, staff_id: int) -> int:
        return (staff_id - 1) % self.stores + 1

    def staff_of(self, store_id: int) -> list[int]:
        return [staff_id for staff_id in range(1, self.staff + 1) if self.store_of(staff_id) == store_id]


@dataclass(frozen=True)
class Month:
    """A calendar month of UTC, as the partitions are; milliseconds. The last one ends now."""

    number: int
    start: int
    end: int


def months() -> list[Month]:
    """The newest last."""
    first = NOW.year * 12 + NOW.month - 1 - (MONTHS - 1)
    starts = [datetime(index // 12, index % 12 + 1, 1, tzinfo=UTC) for index in range(first, first + MONTHS)]
    bounds = [_ms(start) for start in starts] + [_ms(NOW)]
    return [Month(number, bounds[number], bounds[number + 1]) for number in range(MONTHS)]


def _ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def shares(total: int) -> Iterator[tuple[Month, int, int]]:
    """(month, first row, rows): `total` rows spread over the months by their length; rows are counted from 1."""
    all_months = months()
    whole, done = all_months[-1].end - all_months[0].start, 0
    for month in all_months:
        upto = round(total * (month.end - all_months[0].start) / whole)
        yield month, done + 1, upto - done
        done = upto


def hashed(salt: int, of: str = "i") -> str:
    return f"cityHash64({of}, {salt})"


def unit(salt: int, of: str = "i") -> str:
    """Between 0 and 1, evenly."""
    return f"(bitShiftRight({hashed(salt, of)}, 11) / 9007199254740992.)"


def owner(expression: str) -> str:
    """Whoever was merged away has no facts: the customer before has them."""
    return f"toInt64({expression}) - (({expression}) % 500 = 0)"


def instant(milliseconds: str) -> str:
    return f"fromUnixTimestamp64Milli(toInt64({milliseconds}), 'UTC')"


GROUPS = 64
"""Members are dealt into this many groups; each buys in months of its own."""


def active(group: int) -> range:
    """The months in which members of a group buy: every third group always, the others for a stretch."""
    if group % 3 == 0:
        return range(MONTHS)
    start = (group * 7) % MONTHS - 6
    return range(max(0, start), min(MONTHS, max(0, start) + 5 + (group * 5) % 19))


def buyer(size: Size, month: int) -> str:
    """Who placed order `i` of this month: skewed, and only those who are buying then."""
    there = [group for group in range(GROUPS) if month in active(group)]
    u = unit(11)
    rank = f"toUInt64((0.02 * {u} + 0.98 * {u} * {u} * {u}) * {max(1, int(size.members * 0.67 / GROUPS))})"
    group = f"{there}[1 + {hashed(12)} % {len(there)}]"
    return owner(f"(({rank} * {GROUPS} + {group}) * {_SPREAD}) % {size.members} + 1")


def visitor(size: Size) -> str:
    """Who did event `i`: everybody may, some do much more."""
    u = unit(21)
    return owner(f"(toUInt64((0.2 * {u} + 0.8 * {u} * {u}) * {size.members}) * {_SPREAD}) % {size.members} + 1")


def during(month: Month, salt: int) -> str:
    return f"{month.start} + {hashed(salt)} % {month.end - month.start}"


TOTAL_FEN = f"10 * (200 + toInt64(40000 * pow({unit(14)}, 3)))"


def tag_share(tag: int) -> float:
    """10 % of all have the first tag, 0.02 % the last."""
    return 0.1 * 0.97 ** (tag - 1)


def fill(warehouse: Warehouse, size: Size) -> dict[str, int]:
    """Write every table, merge it as background merges would in time; rows by table."""
    from bench.insight import brand_tables

    for statement in brand_tables.statements(size):
        warehouse.command(statement + brand_tables.WRITING)
    for table in TABLES:
        warehouse.command(f"optimize table {table}_settled final")
    return {table: int(warehouse.scalar(f"select count() from {table}_settled")) for table in TABLES}
