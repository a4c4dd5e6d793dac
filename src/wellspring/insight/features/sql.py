"""Pieces of ClickHouse text, and what is aggregated per customer. Nothing here holds a value: those are parameters."""

from __future__ import annotations

from wellspring.platform.warehouse.wide_columns import KEPT_DAYS, WideSource


def instant(parameter: str) -> str:
    return f"fromUnixTimestamp64Milli({{{parameter}:Int64}}, 'UTC')"


def day(expression: str) -> str:
    """The calendar day in the company's time zone, in days since 1970."""
    return f"toInt32(toDate({expression}, {{zone:String}}))"


NOW = instant("now")
TODAY = day(instant("today"))

_DELIVERED_AT = "ifNull(settled_at, assigned_at)"

BOUGHT = WideSource(
    "bought",
    "orders",
    {
        "orders": "count()",
        "total": "sum(total_fen)",
        **{f"orders_{days}d": f"countIf(placed_at >= {instant(f'd{days}')})" for days in KEPT_DAYS},
        **{f"total_{days}d": f"sumIf(total_fen, placed_at >= {instant(f'd{days}')})" for days in KEPT_DAYS},
        "first_at": "min(placed_at)",
        "last_at": "max(placed_at)",
        # Small arrays per customer beat maps of counts by four to six times: most people have few orders.
        "days": f"arraySort(groupUniqArray({day('placed_at')}))",
        "stores": "groupArrayIf(store_id, store_id > 0)",
        "hours": "groupArray(toUInt8(toHour(placed_at, {zone:String})))",
    },
    where=f"placed_at <= {NOW}",
)
GIVEN_BACK = WideSource(
    "given_back",
    "refunds",
    {
        "total": "sum(total_fen)",
        **{f"total_{days}d": f"sumIf(total_fen, refunded_at >= {instant(f'd{days}')})" for days in KEPT_DAYS},
    },
    where=f"refunded_at <= {NOW}",
)
CHOSEN = WideSource(
    "chosen",
    "order_lines",
    {"categories": "groupArray(toString(category))"},
    where=f"kind = 'goods' and category != '' and placed_at <= {NOW}",
)
FRIENDSHIPS = WideSource(
    "friendships",
    "relationships",
    {
        "reachable": "countIf(status = 'friend' and has({contact_staff:Array(Int64)}, staff_id))",
        "hurt_at": f"maxIf(assumeNotNull(ended_at), status = 'lost' and ended_at is not null and ended_at <= {NOW})",
    },
    where=f"added_at <= {NOW}",
)
ACTS = WideSource(
    "acts",
    "events",
    {"last_at": "max(occurred_at)", "days": f"groupUniqArray({day('occurred_at')})"},
    where=f"has({{own_acts:Array(String)}}, kind) and occurred_at <= {NOW}",
)
TOUCHED = WideSource(
    "touched",
    "touches",
    {"at": f"groupArray(assumeNotNull({_DELIVERED_AT}))"},
    where=f"status = 'delivered' and {_DELIVERED_AT} <= {NOW}",
)
SOURCES = (BOUGHT, GIVEN_BACK, CHOSEN, FRIENDSHIPS, ACTS, TOUCHED)


def mode(array: str) -> str:
    """The most frequent element; of equally frequent ones the smallest. The type's default for an empty array."""
    distinct = f"arraySort(arrayDistinct({array}))"
    counts = f"arrayMap(one -> countEqual({array}, one), {distinct})"
    return f"{distinct}[indexOf({counts}, arrayMax({counts}))]"
