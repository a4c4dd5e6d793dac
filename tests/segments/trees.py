"""Random people and random trees, dense at the edges: midnights, the present moment, the same few ids."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import wide
from wellspring.platform.warehouse.tables import FRESH, SETTLED
from wellspring.segments.leaves import Facts
from wellspring.segments.windows import Moment, milliseconds

NOW = datetime.fromisoformat("2026-03-05T04:00:00.123+00:00")
MOMENT = Moment(NOW, ZoneInfo("Asia/Shanghai"))
DAYS = (0, 1, 2, 29, 30, 31, 90, 180, 200)
TABLES: dict[str, tuple[str, ...]] = {
    "customers": ("id", "created_at", "first_added_at", "gender", "has_mobile", "merged_into_id"),
    "relationships": ("id", "customer_id", "staff_id", "store_id", "status", "add_way", "state", "added_at", "ended_at"),
    "relationship_tags": ("id", "customer_id", "relationship_id", "tag_id", "source", "created_at"),
    "group_members": ("id", "customer_id", "group_id", "scene", "state", "joined_at", "left_at"),
    "orders": (
        "id", "customer_id", "placed_at", "store_id", "staff_id", "source",
        "goods_fen", "postage_fen", "adjustment_fen", "total_fen",
    ),
    "refunds": ("id", "customer_id", "order_id", "refunded_at", "goods_fen", "total_fen"),
    "order_lines": (
        "id", "customer_id", "order_id", "product_id", "category", "store_id", "kind", "quantity", "amount_fen", "placed_at",
    ),
    "events": ("id", "customer_id", "kind", "occurred_at", "staff_id", "data"),
    "touches": ("id", "customer_id", "broadcast_id", "arm", "status", "reason", "assigned_at", "settled_at"),
}  # fmt: skip
KINDS = ("clicked", "viewed", "friend_added", "it's {p0:String}")
DATA: tuple[Any, ...] = (
    {}, {"page": "a"}, {"page": "b", "seconds": 3}, {"seconds": 2.5}, {"seconds": -1.0005}, {"page": 5, "seconds": "x"},
    {"deep": {"er": "a"}, "page": "it's {p0:String}"}, {"deep": {"er": 7}}, {"seconds": 1e15, "page": None}, {"seconds": True},
    {"deep": [1, 2], "seconds": 0},
)  # fmt: skip
"""Data of events: texts, whole and broken numbers, too large ones, and things that are neither."""
Rows = dict[str, list[dict[str, Any]]]


def _instant(random: Random) -> datetime:
    day = MOMENT.today - timedelta(days=random.choice(DAYS) + random.choice((-1, 0, 0, 1)))
    midnight = MOMENT.start_of(day)
    offset = random.choice((0, 0, -1, 1, 999, 43_200_000, random.randrange(86_400_000)))
    instant = midnight + timedelta(milliseconds=offset, microseconds=random.choice((0, 1, 999)))
    return random.choice((instant, instant, instant, NOW, NOW + timedelta(milliseconds=1)))


def people(count: int, seed: int) -> Rows:
    """Facts of `count` customers, some merged away, some with nothing at all, and facts that belong to nobody."""
    random = Random(seed)
    rows: Rows = {table: [] for table in TABLES}
    fen = (0, 1, 99, 100, 10_000, 10_001, 25_000, 1_000_000)

    def add(table: str, **values: Any) -> None:
        rows[table].append({"id": len(rows[table]) + 1, **values})

    for customer in range(1, count + 1):
        add(
            "customers", created_at=NOW, first_added_at=random.choice((None, _instant(random))),
            gender=random.randrange(3), has_mobile=random.randrange(2), merged_into_id=random.choice((0, 0, 0, 0, 0, 1)),
        )  # fmt: skip
        if random.random() < 0.15:
            continue
        for _ in range(random.randrange(3)):
            staff = random.randrange(1, 5)
            add(
                "relationships", customer_id=customer, staff_id=staff, store_id=(staff + 1) // 2,
                status=random.choice(("half", "friend", "friend", "lost", "removed")), add_way=random.choice((1, 16, 202)),
                state=random.choice(("", "lc_a", "it's {p0:String}")), added_at=_instant(random), ended_at=None,
            )  # fmt: skip
        for _ in range(random.randrange(4)):
            add(
                "relationship_tags", customer_id=customer, relationship_id=1,
                tag_id=random.randrange(1, 6), source=random.choice(("wecom", "manual")), created_at=_instant(random),
            )  # fmt: skip
        for group in random.sample(range(1, 5), random.choice((0, 1, 1, 2, 3))):
            add(
                "group_members", customer_id=customer, group_id=group, scene=random.choice(("invited", "link", "qr", "unknown")),
                state="", joined_at=_instant(random), left_at=random.choice((None, None, None, _instant(random))),
            )  # fmt: skip
    for customer in [0, 0, *range(1, count + 1)]:
        for _ in range(random.choice((0, 0, 1, 1, 2, 5))):
            total = random.choice(fen)
            add(
                "orders", customer_id=customer, placed_at=_instant(random), store_id=1, staff_id=0, source="pos",
                goods_fen=total, postage_fen=0, adjustment_fen=0, total_fen=total,
            )  # fmt: skip
        for _ in range(random.choice((0, 0, 0, 1))):
            total = random.choice(fen)
            add(
                "refunds", customer_id=customer, order_id=0, refunded_at=_instant(random),
                goods_fen=total, total_fen=total,
            )  # fmt: skip
        for _ in range(random.choice((0, 0, 1, 3))):
            add(
                "order_lines", customer_id=customer, order_id=random.randrange(1, 4), product_id=random.randrange(1, 4),
                category=random.choice(("茶", "香氛", "it's {p0:String}")), store_id=random.randrange(1, 3),
                kind=random.choice(("goods", "goods", "goods", "postage")), quantity=random.randrange(1, 4),
                amount_fen=random.choice(fen), placed_at=_instant(random),
            )  # fmt: skip
        for _ in range(random.choice((0, 0, 2, 4)) if customer else 0):
            add(
                "events", customer_id=customer, kind=random.choice(KINDS), occurred_at=_instant(random), staff_id=0,
                data=json.dumps(random.choice(DATA)),
            )  # fmt: skip
        for broadcast in random.sample(range(1, 5), random.choice((0, 0, 1, 2, 4))) if customer else ():
            add(
                "touches", customer_id=customer, broadcast_id=broadcast, arm="treated", reason="",
                status=random.choice(("delivered", "delivered", "delivered", "refused", "withheld", "tasked")),
                assigned_at=_instant(random), settled_at=random.choice((None, _instant(random), _instant(random))),
            )  # fmt: skip
    return rows


def load(platform: Platform, rows: Rows, *, disturbed: bool = True) -> None:
    """As the loader leaves it: rows settled, and `disturbed`: some of them out of date with a newer version beside them,
    and some that were deleted; then the wide table."""
    random = Random(3)
    platform.clock = FixedClock(NOW)
    for table, columns in TABLES.items():
        settled, fresh = [], []
        for row in rows[table]:
            values = [row[column] for column in columns]
            if disturbed and random.random() < 0.2:
                settled.append([*_other(row, columns), 1])
                fresh.append([*values, 2, 0])
            else:
                settled.append([*values, 1])
            if disturbed and random.random() < 0.1:
                gone = [len(rows[table]) + row["id"], *values[1:]]
                settled.append([*gone, 1])
                fresh.append([*gone, 2, 1])
        platform.warehouse.insert(table + SETTLED, (*columns, "_version"), settled)
        platform.warehouse.insert(table + FRESH, (*columns, "_version", "_deleted"), fresh)
    wide.follow(platform, [row["id"] for row in rows["customers"]], version=1)


def _other(row: dict[str, Any], columns: Sequence[str]) -> list[Any]:
    """An earlier version of the row: another owner, other figures."""
    changed = {
        "customer_id": 1,
        "gender": 1,
        "total_fen": 77_777,
        "status": "friend",
        "tag_id": 1,
        "merged_into_id": 0,
        "left_at": None,
    }
    return [changed.get(column, row[column]) for column in columns]


def facts_of(rows: Rows, customer: dict[str, Any], inner: Mapping[int, Any]) -> Facts:
    def cut(row: dict[str, Any]) -> dict[str, Any]:
        return {key: milliseconds(value) if isinstance(value, datetime) else value for key, value in row.items()}

    tables = {
        table: [cut(row) for row in rows[table] if row["customer_id"] == customer["id"]]
        for table in TABLES
        if table != "customers"
    }
    return Facts(cut(customer), tables, segments=inner)


# Trees

_days = st.sampled_from([day for day in DAYS if day] + [36_500])
_dates = st.sampled_from([MOMENT.today - timedelta(days=d) for d in (-1, *DAYS)])


def _between(pair: tuple[date, date]) -> dict[str, Any]:
    return {"kind": "between", "start": min(pair).isoformat(), "end": max(pair).isoformat()}


windows = st.one_of(
    st.just({"kind": "ever"}),
    st.builds(lambda days: {"kind": "rolling", "days": days}, _days),
    st.tuples(_dates, _dates).map(_between),
)


def comparisons(values: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        st.builds(lambda op, v: {"operator": op, "value": v}, st.sampled_from((">=", "<=", "=")), values),
        st.tuples(values, values).map(lambda p: {"operator": "between", "low": min(p), "high": max(p)}),
    )


_counts = st.integers(0, 3)
_money = st.sampled_from((-10_000, -1, 0, 1, 50, 100, 5_000, 10_000, 12_500, 25_000, 10**12))
_day_numbers = st.sampled_from((*DAYS, 36_500))


def _orders(measure: str, values: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda window, comparison: {"kind": "orders", "measure": measure, "window": window, "comparison": comparison},
        windows,
        comparisons(values),
    )


def _some(values: list[Any], low: int = 0) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), min_size=low, max_size=3)


_small = st.sampled_from((-2, -1, 0, 1, 2, 3, 6))
filters = st.one_of(
    st.builds(lambda path, texts: {"path": path, "texts": texts}, st.sampled_from((["page"], ["deep", "er"])), _some(["a", "b", "it's {p0:String}"], 1)),
    st.builds(lambda path, c: {"path": path, "comparison": c}, st.sampled_from((["seconds"], ["deep", "er"])), comparisons(_small)),
    st.builds(lambda path: {"path": path, "exists": True}, st.sampled_from((["page"], ["seconds"], ["deep"], ["none", "x"]))),
)  # fmt: skip
steps = st.one_of(
    st.builds(lambda stores: {"what": "order", "store_ids": stores}, _some([1, 2])),
    st.builds(
        lambda kinds, asked: {"what": "event", "kinds": kinds, "filters": asked},
        _some(list(KINDS), 1),
        st.lists(filters, max_size=1),
    ),
)


def _bought(measure: str, values: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "kind": st.just("bought"),
            "measure": st.just(measure),
            "window": windows,
            "comparison": comparisons(values),
            "categories": _some(["茶", "it's {p0:String}", "none"]),
            "product_ids": _some([1, 2]),
            "store_ids": _some([1, 2]),
        }
    )


def _events(measure: str, path: list[str] | None, values: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "kind": st.just("events"),
            "kinds": _some(list(KINDS), 1),
            "filters": st.lists(filters, max_size=2),
            "measure": st.just(measure),
            **({"property": st.just(path)} if path else {}),
            "window": windows,
            "comparison": comparisons(values),
        }
    )


leaves = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("tag"),
            "match": st.sampled_from(("any", "all", "none")),
            "tag_ids": _some([1, 2, 3, 4, 5, 99], 1),
        },
        optional={"sources": _some(["wecom", "manual"]), "since": windows},
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("group"),
            "match": st.sampled_from(("any", "all", "none")),
            "group_ids": _some([1, 2, 3, 4, 99], 1),
        },
        optional={"scenes": _some(["invited", "link", "qr"]), "joined": windows},
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("relationship"),
            "statuses": _some(["friend", "lost", "removed"], 1),
            "staff_ids": _some([1, 2, 3, 4, 9]),
            "store_ids": _some([1, 2]),
            "add_ways": _some([1, 16, 3]),
            "states": _some(["lc_a", "it's {p0:String}", "' or 1=1 --"]),
            "added": windows,
        }
    ),
    st.one_of(
        _orders("count", _counts),
        _orders("sum", _money),
        _orders("average_order", _money),
        _orders("days_since_last", _day_numbers),
        _orders("days_since_first", _day_numbers),
        _orders("refunds", _counts),
        _orders("refunded", _money),
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("touch"),
            "outcome": st.sampled_from(("delivered", "ignored", "ignored", "refused", "withheld")),
            "broadcast_ids": _some([1, 2, 3, 9]),
            "answer_days": st.sampled_from((1, 7, 30, 90)),
            "window": windows,
            "comparison": comparisons(_counts),
        }
    ),
    _bought("orders", _counts),
    _bought("lines", _counts),
    _bought("quantity", _counts),
    _bought("amount", _money),
    _events("count", None, _counts),
    _events("distinct", ["page"], _counts),
    *(_events(measure, ["seconds"], _small) for measure in ("sum", "average", "min", "max", "last")),
    _events("days_since_last", None, _day_numbers),
    _events("days_since_first", None, _day_numbers),
    st.fixed_dictionaries(
        {
            "kind": st.just("sequence"),
            "first": steps,
            "then": steps,
            "happened": st.booleans(),
            "within": st.sampled_from((1, 2, 30)),
            "unit": st.sampled_from(("minutes", "hours", "days")),
            "window": windows,
        }
    ),
    st.builds(
        lambda name, low, width: {
            "kind": "bucket",
            "name": name,
            "from_percent": low,
            "to_percent": min(100, low + width),
        },
        st.sampled_from(("a", "春节")),
        st.sampled_from((0, 10, 50, 99)),
        st.sampled_from((1, 50, 100)),
    ),
    st.builds(
        lambda i, inside: {"kind": "segment", "segment_id": i, "inside": inside}, st.sampled_from((1, 2)), st.booleans()
    ),
    st.fixed_dictionaries(
        {"kind": st.just("profile"), "genders": _some([0, 1, 2], 1)},
        optional={"has_mobile": st.booleans(), "first_added": windows},
    ),
)

nodes = st.recursive(
    leaves,
    lambda children: st.one_of(
        st.builds(
            lambda kind, inside: {"kind": kind, "children": inside},
            st.sampled_from(("all", "any", "none")),
            st.lists(children, min_size=1, max_size=3),
        ),
        st.builds(
            lambda n, inside: {"kind": "at_least", "n": min(n, len(inside)), "children": inside},
            st.integers(1, 3),
            st.lists(children, min_size=1, max_size=4),
        ),
    ),
    max_leaves=6,
)


def _rooted(node: dict[str, Any]) -> dict[str, Any]:
    root = node if "children" in node else {"kind": "all", "children": [node]}
    return {"version": 1, "root": root}


def _depth(node: dict[str, Any]) -> int:
    return 1 + max((_depth(child) for child in node["children"]), default=0) if "children" in node else 0


definitions = nodes.map(_rooted).filter(lambda raw: _depth(raw["root"]) <= 5)
