"""The fixed suite: 24 segments as their JSON trees, from one attribute to a win-back tree of six leaves.

Days and amounts suit the synthetic brand (`brand.py`): its present is Thursday, 5 March 2026.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Tree = dict[str, Any]

EVER: Tree = {"kind": "ever"}


def rolling(days: int) -> Tree:
    return {"kind": "rolling", "days": days}


def between(start: str, end: str) -> Tree:
    return {"kind": "between", "start": start, "end": end}


YEAR = between("2024-05-20", "2025-05-19")
"""A year that no kept window knows."""


def least(value: int) -> Tree:
    return {"operator": ">=", "value": value}


def most(value: int) -> Tree:
    return {"operator": "<=", "value": value}


def within(low: int, high: int) -> Tree:
    return {"operator": "between", "low": low, "high": high}


def group(kind: str, *children: Tree, **more: int) -> Tree:
    return {"kind": kind, "children": list(children), **more}


def profile(**asked: Any) -> Tree:
    return {"kind": "profile", "genders": [], **asked}


def tag(match: str, *tag_ids: int, **more: Any) -> Tree:
    return {"kind": "tag", "match": match, "tag_ids": list(tag_ids), **more}


def relationship(*statuses: str, **asked: Any) -> Tree:
    return {
        "kind": "relationship", "statuses": list(statuses or ("friend",)),
        "staff_ids": [], "store_ids": [], "add_ways": [], "states": [], "added": EVER, **asked,
    }  # fmt: skip


def orders(measure: str, comparison: Tree, window: Tree = EVER) -> Tree:
    return {"kind": "orders", "measure": measure, "window": window, "comparison": comparison}


def bought(measure: str, comparison: Tree, window: Tree, categories: Sequence[str]) -> Tree:
    return {
        "kind": "bought", "measure": measure, "comparison": comparison, "window": window,
        "categories": list(categories), "product_ids": [], "store_ids": [],
    }  # fmt: skip


def events(kinds: Sequence[str], comparison: Tree, window: Tree, filters: Sequence[Tree] = ()) -> Tree:
    return {
        "kind": "events", "kinds": list(kinds), "filters": list(filters), "measure": "count",
        "window": window, "comparison": comparison,
    }  # fmt: skip


def number(path: str, comparison: Tree) -> Tree:
    return {"path": [path], "texts": [], "comparison": comparison}


def event_step(*kinds: str) -> Tree:
    return {"what": "event", "kinds": list(kinds), "filters": [], "store_ids": []}


ORDER_STEP: Tree = {"what": "order", "kinds": [], "filters": [], "store_ids": []}


def sequence(first: Tree, then: Tree, happened: bool, days: int, window: Tree) -> Tree:
    return {
        "kind": "sequence", "first": first, "then": then, "happened": happened, "within": days, "unit": "days",
        "window": window,
    }  # fmt: skip


CLICKED, VIEWED = event_step("message_clicked"), event_step("page_viewed")

SUITE: Mapping[str, Tree] = {
    "women": profile(genders=[2]),
    "reachable newcomers": group("all", profile(has_mobile=True), profile(first_added=rolling(90))),
    "one large tag": tag("any", 1),
    "one of five tags": tag("any", 10, 20, 30, 40, 50),
    "all of three tags": tag("all", 1, 2, 3),
    "mobile, none of two tags": group("all", profile(has_mobile=True), tag("none", 1, 5)),
    "tagged by hand this quarter": tag("any", 1, 2, 3, 4, 5, sources=["manual"], since=rolling(90)),
    "friends of one servicer": relationship(staff_ids=[7]),
    "new friends of three stores": relationship(store_ids=[1, 2, 3], added=rolling(180)),
    "lost, came by link": relationship("lost", add_ways=[16], states=["link_video"]),
    "bought in 30 days": orders("count", least(1), rolling(30)),
    "spent 5,000 in a year": orders("sum", least(500_000), rolling(365)),
    "three orders, none for 180 days": group(
        "all", orders("count", least(3)), orders("count", most(0), rolling(180))
    ),
    "last order 60 to 120 days ago": orders("days_since_last", within(60, 120)),
    "average order in 45 days": orders("average_order", within(30_000, 120_000), rolling(45)),
    "twice in some year": orders("count", least(2), YEAR),
    "spent 2,000 in some year": orders("sum", least(200_000), YEAR),
    "bought skin care in 90 days": bought("lines", least(1), rolling(90), ["护肤"]),
    "three views in 30 days": events(["page_viewed"], least(3), rolling(30)),
    "long views in 14 days": events(["page_viewed"], least(1), rolling(14), [number("seconds", least(120))]),
    "clicked, then ordered": sequence(CLICKED, ORDER_STEP, True, 30, rolling(90)),
    "viewed, then not ordered": sequence(VIEWED, ORDER_STEP, False, 7, rolling(30)),
    "two of four signs": group(
        "at_least",
        tag("any", 4),
        orders("count", least(1), rolling(90)),
        events(["message_clicked"], least(1), rolling(30)),
        profile(genders=[1]),
        n=2,
    ),
    "win back": group(
        "all",
        orders("sum", least(100_000), rolling(365)),
        orders("count", most(0), rolling(90)),
        relationship("friend"),
        group("any", tag("any", 1, 2, 3, 4), bought("lines", least(1), between("2025-01-01", "2025-12-31"), ["彩妆", "香水"])),
        group("none", sequence(CLICKED, ORDER_STEP, True, 30, rolling(180))),
    ),
}  # fmt: skip
"""Name -> tree, from one attribute to six leaves with a sequence and an exclusion."""


def definition(tree: Tree) -> Tree:
    root = tree if "children" in tree else group("all", tree)
    return {"version": 1, "root": root}
