"""The same questions by hand: several ways each of writing the best SQL over the same tables.

The bench runs all of them, asserts that they agree, and compares the product with the fastest. They may take for
granted what holds for the brand and the product can't: nothing lies in the future, no row is fresh, whoever was merged
away has no facts. `needs` names columns of the wide table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bench.insight.brand import NOW, Size

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = NOW.astimezone(ZONE).date()
WIDE, ORDERS, REFUNDS, LINES, EVENTS = (
    "customer_wide_settled", "orders_settled", "refunds_settled", "order_lines_settled", "events_settled",
)  # fmt: skip
TAGS, FRIENDS = "relationship_tags_settled", "relationships_settled"


@dataclass(frozen=True)
class Form:
    way: str
    sql: str
    needs: tuple[str, ...] = ()


def day(start: date) -> str:
    """Midnight in the brand's time zone."""
    at = datetime.combine(start, time.min, ZONE)
    return f"fromUnixTimestamp64Milli(toInt64({round(at.timestamp() * 1000)}), 'UTC')"


def ago(days: int) -> str:
    return day(TODAY - timedelta(days=days))


def wide(condition: str, *needs: str) -> Form:
    return Form("wide", f"select count() from {WIDE} where {condition}", needs)


def people(table: str, condition: str) -> list[Form]:
    """Somebody with at least one such row."""
    return [
        Form("bitmap", f"select groupBitmap(customer_id) from {table} where {condition}"),
        Form("uniq", f"select uniqExact(customer_id) from {table} where {condition}"),
        Form("in", f"select count() from {WIDE} where id in (select customer_id from {table} where {condition})"),
        Form("in order", f"select count() from (select customer_id from {table} where {condition} group by customer_id)"
             " settings optimize_aggregation_in_order = 1"),
    ]  # fmt: skip


def having(rows: str, condition: str) -> list[Form]:
    """People whose rows, taken together, fulfil a condition."""
    grouped = f"select count() from (select customer_id {rows} group by customer_id having {condition})"
    return [
        Form("group", grouped),
        Form("group 32", grouped.replace("select customer_id ", "select toUInt32(customer_id) as c ", 1).replace(
            "group by customer_id", "group by c")),
        Form("in order", grouped + " settings optimize_aggregation_in_order = 1"),
    ]  # fmt: skip


def bitmap(table: str, condition: str, column: str = "customer_id") -> str:
    return f"(select groupBitmapState({column}) from {table} where {condition})"


YEAR = f">= {day(date(2024, 5, 20))} and {{0}} < {day(date(2025, 5, 20))}"
PLACED_IN_YEAR = f"placed_at {YEAR.format('placed_at')}"
REFUNDED_IN_YEAR = f"refunded_at {YEAR.format('refunded_at')}"


def net(placed: str, refunded: str) -> str:
    """Orders and refunds as rows of `fen`, and `n` 1 for an order."""
    return (
        f"from (select customer_id, total_fen as fen, toUInt8(1) as n from {ORDERS} where {placed}"
        f" union all select customer_id, -total_fen, toUInt8(0) from {REFUNDS} where {refunded})"
    )


def joined(placed: str, refunded: str, condition: str) -> Form:
    """Orders grouped, with the few refunds taken off by a join."""
    return Form(
        "join",
        f"select count() from (select customer_id, sum(total_fen) as fen, count() as n from {ORDERS} where {placed}"
        f" group by customer_id) as o any left join (select customer_id, sum(total_fen) as back from {REFUNDS}"
        f" where {refunded} group by customer_id) as r using (customer_id) where {condition}",
    )


def steps(first: str, then: str) -> str:
    """Rows (customer_id, at, step) of both steps."""
    return (
        f"from (select customer_id, toUnixTimestamp64Milli(at) as at, toUInt8(1) as step from ({first}) union all"
        f" select customer_id, toUnixTimestamp64Milli(at), toUInt8(2) from ({then}))"
    )


def clicks(since: int) -> str:
    return f"select customer_id, occurred_at as at from {EVENTS} where kind = 'message_clicked' and occurred_at >= {ago(since)}"


def placed(since: int) -> str:
    return f"select customer_id, placed_at as at from {ORDERS} where placed_at >= {ago(since)}"


DAY_MS = 86_400_000
FOLLOWED = f"select count() from (select customer_id {{}} group by customer_id having windowFunnel({30 * DAY_MS}, 'strict_increase')(toUInt64(at), step = 1, step = 2) = 2)"


def followed(since: int) -> list[Form]:
    """Clicked, then ordered within 30 days."""
    first, then = clicks(since), placed(since)
    only = f"{then} and customer_id in (select customer_id from ({first}))"
    asof = (
        f"from ({then}) as b asof join ({first}) as a on a.customer_id = b.customer_id and a.at < b.at"
        " where b.at <= a.at + toIntervalDay(30)"
    )
    return [
        Form("funnel", FOLLOWED.format(steps(first, then))),
        Form("funnel of both", FOLLOWED.format(steps(first, only))),
        Form("asof", f"select uniqExact(customer_id) {asof}"),
        Form("asof of both", f"select uniqExact(customer_id) {asof.replace(then, only)}"),
    ]


def unfollowed() -> list[Form]:
    """Viewed in 30 days; a week has passed since without an order."""
    view = (
        f"select customer_id, occurred_at as at from {EVENTS} where kind = 'page_viewed' and occurred_at >= {ago(30)}"
    )
    over = f"{view} and occurred_at + toIntervalDay(7) <= fromUnixTimestamp64Milli(toInt64({round(NOW.timestamp() * 1000)}), 'UTC')"
    span = 7 * DAY_MS
    arrays = f"arrayExists(x -> not arrayExists(y -> y > x and y <= x + {span}, thens), firsts)"
    gathered = f"select customer_id, groupArrayIf(at, step = 1) as firsts, groupArrayIf(at, step = 2) as thens {steps(over, placed(30))} group by customer_id"
    asof = (
        f"from ({over}) as a asof left join ({placed(30)}) as b on a.customer_id = b.customer_id and a.at < b.at"
        " where b.customer_id = 0 or b.at > a.at + toIntervalDay(7)"
    )
    buyers = f"select customer_id from ({placed(30)})"
    split = (
        f"select (select groupBitmap(customer_id) from ({over}) where customer_id not in ({buyers})) + (select uniqExact(customer_id)"
        f" {asof.replace('where b.', f'where a.customer_id in ({buyers}) and (b.', 1)}))"
    )
    return [
        Form("arrays", f"select count() from ({gathered}) where {arrays}"),
        Form("asof", f"select uniqExact(customer_id) {asof}"),
        Form("split", split),
    ]


def signs() -> list[Form]:
    tagged, clicked = (
        bitmap(TAGS, "tag_id = 4"),
        bitmap(EVENTS, f"kind = 'message_clicked' and occurred_at >= {ago(30)}"),
    )
    bought = bitmap(ORDERS, f"placed_at >= {ago(90)}")
    men = bitmap(WIDE, "gender = 1", "id")
    ins = (
        f"(id in (select customer_id from {TAGS} where tag_id = 4)) + ({{}}) + (gender = 1)"
        f" + (id in (select customer_id from {EVENTS} where kind = 'message_clicked' and occurred_at >= {ago(30)})) >= 2"
    )
    pairs = ["bitmapAnd(a, b)", "bitmapAnd(c, d)", "bitmapAnd(bitmapOr(a, b), bitmapOr(c, d))"]
    return [
        Form("bitmaps", f"with {tagged} as a, {bought} as b, {clicked} as c, {men} as d select bitmapOrCardinality({pairs[2]},"
             f" bitmapOr({pairs[0]}, {pairs[1]}))"),
        Form("in", f"select count() from {WIDE} where " + ins.format(f"id in (select customer_id from {ORDERS} where placed_at >= {ago(90)})")),
        Form("in, wide", f"select count() from {WIDE} where " + ins.format("orders_90d >= 1"), ("orders_90d",)),
    ]  # fmt: skip


def win_back() -> list[Form]:
    lines = (
        f"category in ('彩妆', '香水') and placed_at >= {day(date(2025, 1, 1))} and placed_at < {day(date(2026, 1, 1))}"
    )
    then = f"select toUInt64(customer_id) as customer_id {steps(clicks(180), placed(180))} group by customer_id having"
    funnel = f"windowFunnel({30 * DAY_MS}, 'strict_increase')(toUInt64(at), step = 1, step = 2) = 2"
    asof = (
        f"select b.customer_id from ({placed(180)}) as b asof join ({clicks(180)}) as a on a.customer_id = b.customer_id and a.at < b.at"
        " where b.at <= a.at + toIntervalDay(30)"
    )
    friends, tagged, with_lines = (
        f"{FRIENDS} where status = 'friend'",
        f"{TAGS} where tag_id in (1, 2, 3, 4)",
        f"{LINES} where {lines}",
    )
    rows = net(f"placed_at >= {ago(365)}", f"refunded_at >= {ago(365)}")
    spent = f"select customer_id {rows} group by customer_id having sum(fen) >= 100000"
    recent = f"select customer_id from {ORDERS} where placed_at >= {ago(90)}"
    ins = (
        f" and id in (select customer_id from {friends}) and (id in (select customer_id from {tagged}) or id in"
        f" (select customer_id from {with_lines})) and id not in ({{}})"
    )
    kept = "spent_365d >= 100000 and orders_90d = 0"
    facts = f"id in ({spent}) and id not in ({recent})"
    bitmaps = (
        f"bitmapAndnotCardinality(bitmapAnd(bitmapAnd({{}}, {bitmap(*friends.split(' where '))}), bitmapOr("
        f"{bitmap(*tagged.split(' where '))}, {bitmap(*with_lines.split(' where '))})),"
        f" (select groupBitmapState(customer_id) from ({asof})))"
    )
    of_facts = f"bitmapAndnot((select groupBitmapState(customer_id) from ({spent})), {bitmap(ORDERS, f'placed_at >= {ago(90)}')})"
    return [
        Form("in, funnel", f"select count() from {WIDE} where {facts}" + ins.format(f"{then} {funnel}")),
        Form("in, asof", f"select count() from {WIDE} where {facts}" + ins.format(asof)),
        Form("bitmaps", "select " + bitmaps.format(of_facts)),
        Form("wide, in", f"select count() from {WIDE} where {kept}" + ins.format(asof), ("spent_365d", "orders_90d")),
        Form("wide, bitmaps", "select " + bitmaps.format(bitmap(WIDE, kept, "id")), ("spent_365d", "orders_90d")),
    ]


def forms(size: Size) -> Mapping[str, list[Form]]:
    """Name of a segment of the suite -> ways of asking."""
    staff = ", ".join(str(one) for store in (1, 2, 3) for one in size.staff_of(store))
    three = [bitmap(TAGS, f"tag_id = {one}") for one in (1, 2, 3)]
    last_since, last_until = f"placed_at >= {ago(120)}", f"placed_at >= {ago(59)}"
    mean = "sum(n) > 0 and sum(fen) >= 30000 * sum(n) and sum(fen) <= 120000 * sum(n)"
    viewed = f"kind = 'page_viewed' and occurred_at >= {ago(30)}"
    return {
        "women": [wide("gender = 2"), Form("bitmap", f"select groupBitmap(id) from {WIDE} where gender = 2")],
        "reachable newcomers": [
            wide(f"has_mobile = 1 and was_added = 1 and first_added_at >= {ago(90)}"),
            Form("facts", f"select count() from customers_settled where has_mobile = 1 and first_added_at >= {ago(90)} and merged_into_id = 0"),
        ],
        "one large tag": people(TAGS, "tag_id = 1"),
        "one of five tags": people(TAGS, "tag_id in (10, 20, 30, 40, 50)"),
        "all of three tags": [
            Form("bitmaps", f"select bitmapAndCardinality(bitmapAnd({three[0]}, {three[1]}), {three[2]})"),
            Form("group", f"select count() from (select customer_id from {TAGS} where tag_id in (1, 2, 3) group by customer_id having uniqExact(tag_id) = 3)"),
            Form("in", f"select uniqExact(customer_id) from {TAGS} where tag_id = 3 and customer_id in (select customer_id from {TAGS} where tag_id = 2)"
                 f" and customer_id in (select customer_id from {TAGS} where tag_id = 1)"),
        ],
        "mobile, none of two tags": [
            Form("in", f"select count() from {WIDE} where has_mobile = 1 and id not in (select customer_id from {TAGS} where tag_id in (1, 5))"),
            Form("bitmaps", f"select bitmapAndnotCardinality({bitmap(WIDE, 'has_mobile = 1', 'id')}, {bitmap(TAGS, 'tag_id in (1, 5)')})"),
        ],
        "tagged by hand this quarter": people(TAGS, f"tag_id in (1, 2, 3, 4, 5) and source = 'manual' and created_at >= {ago(90)}"),
        "friends of one servicer": people(FRIENDS, "status = 'friend' and staff_id = 7"),
        "new friends of three stores": people(FRIENDS, f"status = 'friend' and staff_id in ({staff}) and added_at >= {ago(180)}"),
        "lost, came by link": people(FRIENDS, "status = 'lost' and add_way = 16 and state = 'link_video'"),
        "bought in 30 days": [*people(ORDERS, f"placed_at >= {ago(30)}"), wide("orders_30d >= 1", "orders_30d")],
        "spent 5,000 in a year": [
            *having(net(f"placed_at >= {ago(365)}", f"refunded_at >= {ago(365)}"), "sum(fen) >= 500000"),
            joined(f"placed_at >= {ago(365)}", f"refunded_at >= {ago(365)}", "fen - back >= 500000"),
            wide("spent_365d >= 500000", "spent_365d"),
        ],
        "three orders, none for 180 days": [
            *having(f"from {ORDERS}", f"count() >= 3 and max(placed_at) < {ago(180)}"),
            wide("orders_ever >= 3 and orders_180d = 0", "orders_ever", "orders_180d"),
        ],
        "last order 60 to 120 days ago": [
            Form("bitmaps", f"select bitmapAndnotCardinality({bitmap(ORDERS, last_since)}, {bitmap(ORDERS, last_until)})"),
            *having(f"from {ORDERS} where {last_since}", f"max(placed_at) < {ago(59)}"),
            Form("in", f"select uniqExact(customer_id) from {ORDERS} where {last_since} and customer_id not in (select customer_id from {ORDERS} where {last_until})"),
            wide(f"last_order_at >= {ago(120)} and last_order_at < {ago(59)}", "last_order_at"),
        ],
        "average order in 45 days": [
            *having(net(f"placed_at >= {ago(45)}", f"refunded_at >= {ago(45)}"), mean),
            joined(f"placed_at >= {ago(45)}", f"refunded_at >= {ago(45)}", "fen - back >= 30000 * n and fen - back <= 120000 * n"),
        ],
        "twice in some year": having(f"from {ORDERS} where {PLACED_IN_YEAR}", "count() >= 2"),
        "spent 2,000 in some year": [
            *having(net(PLACED_IN_YEAR, REFUNDED_IN_YEAR), "sum(fen) >= 200000"),
            joined(PLACED_IN_YEAR, REFUNDED_IN_YEAR, "fen - back >= 200000"),
        ],
        "bought skin care in 90 days": people(LINES, f"category = '护肤' and placed_at >= {ago(90)}"),
        "three views in 30 days": having(f"from {EVENTS} where {viewed}", "count() >= 3"),
        "long views in 14 days": [
            form
            for extract in ("JSONExtractInt(data, 'seconds')", "simpleJSONExtractInt(data, 'seconds')")
            for form in people(EVENTS, f"kind = 'page_viewed' and occurred_at >= {ago(14)} and {extract} >= 120")
        ],
        "clicked, then ordered": followed(90),
        "viewed, then not ordered": unfollowed(),
        "two of four signs": signs(),
        "win back": win_back(),
    }  # fmt: skip
