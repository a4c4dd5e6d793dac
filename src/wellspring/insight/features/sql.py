"""Pieces of ClickHouse text, and what is aggregated per customer. Nothing here holds a value: those are parameters."""

from __future__ import annotations

from wellspring.platform.warehouse.wide_columns import KEPT_DAYS, WideColumn, WideSource


def instant(parameter: str) -> str:
    return f"fromUnixTimestamp64Milli({{{parameter}:Int64}}, 'UTC')"


def day(expression: str) -> str:
    """The calendar day in the company's time zone, in days since 1970."""
    return f"toInt32(toDate({expression}, {{zone:String}}))"


NOW = instant("now")
TODAY = day(instant("today"))

_DELIVERED_AT = "ifNull(settled_at, assigned_at)"


def mode(array: str) -> str:
    """The most frequent element; of equally frequent ones the smallest. The type's default for an empty array. In sorted
    order each element's occurrences are numbered; the first to reach the highest number is the answer."""
    numbered = f"arrayEnumerateUniq(arraySort({array}))"
    return f"arraySort({array})[indexOf({numbered}, arrayMax({numbered}))]"


def _since(days: int, array: str) -> str:
    return f"{array} >= {day(instant(f'd{days}'))}"


# Each customer's orders and refunds as small arrays, one element each: days of the company's time zone and amounts, in the
# same order. Whatever is asked over days is asked of these, without grouping facts again; and they beat a counter
# for each window, as well as maps of counts by four to six times: most people have few orders.
ORDER_DAYS = f"groupArray(toUInt16({day('placed_at')}))"
REFUND_DAYS = f"groupArray(toUInt16({day('refunded_at')}))"
FENS = "groupArray(total_fen)"

BOUGHT = WideSource(
    "bought",
    "orders",
    {
        "orders": "count()",
        "total": "sum(total_fen)",
        "order_days": ORDER_DAYS,
        "order_fens": FENS,
        **{f"orders_{days}d": f"arrayCount(one -> {_since(days, 'one')}, {ORDER_DAYS})" for days in KEPT_DAYS},
        **{
            f"total_{days}d": f"arraySum((one, fen) -> if({_since(days, 'one')}, fen, 0), {ORDER_DAYS}, {FENS})"
            for days in KEPT_DAYS
        },
        "first_at": "min(placed_at)",
        "last_at": "max(placed_at)",
        "days": f"arrayMap(one -> toInt32(one), arraySort(arrayDistinct({ORDER_DAYS})))",
        "favourite_store": mode("groupArrayIf(store_id, store_id > 0)"),
        "favourite_hour": mode("groupArray(toUInt8(toHour(placed_at, {zone:String})))"),
    },
    where=f"placed_at <= {NOW}",
)
GIVEN_BACK = WideSource(
    "given_back",
    "refunds",
    {
        "total": "sum(total_fen)",
        "refund_days": REFUND_DAYS,
        "refund_fens": FENS,
        **{
            f"total_{days}d": f"arraySum((one, fen) -> if({_since(days, 'one')}, fen, 0), {REFUND_DAYS}, {FENS})"
            for days in KEPT_DAYS
        },
    },
    where=f"refunded_at <= {NOW}",
)
CHOSEN = WideSource(
    "chosen",
    "order_lines",
    {"favourite_category": mode("groupArray(toString(category))")},
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

HISTORY = (
    WideColumn("order_days", "Array(UInt16)", "bought.order_days"),
    WideColumn("order_fens", "Array(Int64)", "bought.order_fens"),
    WideColumn("refund_days", "Array(UInt16)", "given_back.refund_days"),
    WideColumn("refund_fens", "Array(Int64)", "given_back.refund_fens"),
)
"""What no day makes old: segments count any window of days from these, lifetime value is fitted on them."""
