"""What a broadcast really added: everybody assigned to treatment, delivered or not, against the control group.

Asked of the warehouse: touches x orders, joined by customer, so that it can be computed per shard. A customer
whom a merge has put into both arms after the draw is left out of both, and counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wellspring.insight.facade import Sums
from wellspring.outreach.models import Broadcast
from wellspring.platform.warehouse import Warehouse

DAY = timedelta(days=1)

_PEOPLE = """
    select customer_id, any(arm) as side from touches
    where broadcast_id = {broadcast:Int64} and arm in ('treated', 'control')
    group by customer_id having uniqExact(arm) = 1
"""
_WINDOW = "fromUnixTimestamp64Milli({start:Int64}, 'UTC') and {at} < fromUnixTimestamp64Milli({end:Int64}, 'UTC')"


def _within(column: str) -> str:
    return f"{column} >= {_WINDOW.replace('{at}', column)}"


_ORDERS = f"""
    select customer_id, count() as orders, sum(goods_fen) as goods, min(placed_at) as first_at from orders
    where customer_id in (select customer_id from people) and {_within("placed_at")} group by customer_id
"""  # noqa: S608
_REFUNDS = f"""
    select customer_id, sum(goods_fen) as goods from refunds
    where customer_id in (select customer_id from people) and {_within("refunded_at")} and order_id in (
      select id from orders
      where customer_id in (select customer_id from people) and {_within("placed_at")})
    group by customer_id
"""  # noqa: S608

ARMS_SQL = f"""
with people as ({_PEOPLE}), o as ({_ORDERS}), r as ({_REFUNDS})
select side as arm, count() as customers, countIf(o.orders > 0) as buyers, sum(o.orders) as order_count,
  sum(o.goods - r.goods) as sales, sum(pow(toFloat64(o.goods - r.goods), 2)) as squares
from people left join o on o.customer_id = people.customer_id left join r on r.customer_id = people.customer_id
group by side
"""  # noqa: S608
DELETIONS_SQL = f"""
with people as ({_PEOPLE})
select people.side as arm, uniqExact(x.customer_id) as deleters from people inner join (
  select customer_id from relationships where status = 'lost' and ended_at is not null
  and {_within("assumeNotNull(ended_at)")}
) x on x.customer_id = people.customer_id group by people.side
"""  # noqa: S608
DAYS_SQL = f"""
with people as ({_PEOPLE}), o as ({_ORDERS})
select people.side as arm, intDiv(toUnixTimestamp64Milli(o.first_at) - {{start:Int64}}, 86400000) as day,
  count() as buyers
from people inner join o on o.customer_id = people.customer_id group by people.side, day
"""  # noqa: S608
IN_BOTH_SQL = """
select count() as people from (
  select customer_id from touches where broadcast_id = {broadcast:Int64} and arm in ('treated', 'control')
  group by customer_id having uniqExact(arm) > 1
)
"""
BASE_RATE_SQL = f"""
with people as (select toInt64(arrayJoin({{ids:Array(Int64)}})) as customer_id), o as ({_ORDERS})
select count() as buyers from o
"""  # noqa: S608


@dataclass(frozen=True)
class ArmFigures:
    """`buyers`: customers with at least one order in the window. `sales`: goods of the window's orders minus goods
    of their refunds in it, in fen per customer of the arm. `deleters`: customers who deleted a staff member in it."""

    customers: int
    buyers: int
    orders: int
    sales: Sums
    deleters: int

    @property
    def rate(self) -> float:
        return self.buyers / self.customers if self.customers else 0.0

    @property
    def sales_per_customer(self) -> float:
        return self.sales.total / self.customers if self.customers else 0.0


@dataclass(frozen=True)
class Figures:
    """`cumulative`: per whole or begun day since submission, buyers so far in (treated, control).
    `in_both`: people left out because a merge put them into both arms. `until`: the end of what is counted."""

    treated: ArmFigures
    control: ArmFigures
    cumulative: list[tuple[int, int]]
    in_both: int
    start: datetime
    until: datetime
    window_end: datetime


def figures(warehouse: Warehouse, broadcast: Broadcast, *, now: datetime) -> Figures:
    """Of the window from submission on, as far as it has passed at `now`."""
    start = broadcast.submitted_at
    assert start is not None
    window_end = start + timedelta(days=broadcast.result_days)
    until = min(now, window_end)
    asked = {"broadcast": broadcast.id, "start": _milliseconds(start), "end": _milliseconds(until)}
    arms = {row["arm"]: row for row in warehouse.query(ARMS_SQL, asked)}
    deleters = {row["arm"]: int(row["deleters"]) for row in warehouse.query(DELETIONS_SQL, asked)}
    days = {(row["arm"], int(row["day"])): int(row["buyers"]) for row in warehouse.query(DAYS_SQL, asked)}
    return Figures(
        treated=_arm(arms.get("treated"), deleters.get("treated", 0)),
        control=_arm(arms.get("control"), deleters.get("control", 0)),
        cumulative=_cumulate(days, begun_days(start, until)),
        in_both=int(warehouse.scalar(IN_BOTH_SQL, {"broadcast": broadcast.id}) or 0),
        start=start,
        until=until,
        window_end=window_end,
    )


def buyers_before(warehouse: Warehouse, ids: list[int], *, now: datetime, days: int) -> int:
    """How many of these customers ordered in the last `days` days."""
    asked = {"ids": ids, "start": _milliseconds(now - timedelta(days=days)), "end": _milliseconds(now)}
    return int(warehouse.scalar(BASE_RATE_SQL, asked) or 0)


def begun_days(start: datetime, until: datetime) -> int:
    """Days of 24 hours since the start, a begun one counts."""
    return max(0, -((start - until) // DAY))


def _arm(row: dict[str, Any] | None, deleters: int) -> ArmFigures:
    if row is None:
        return ArmFigures(0, 0, 0, Sums(0, 0.0, 0.0), 0)
    customers = int(row["customers"])
    sales = Sums(customers, float(row["sales"]), float(row["squares"]))
    return ArmFigures(customers, int(row["buyers"]), int(row["order_count"]), sales, deleters)


def _cumulate(days: dict[tuple[str, int], int], length: int) -> list[tuple[int, int]]:
    treated = control = 0
    lines = []
    for day in range(length):
        treated += days.get(("treated", day), 0)
        control += days.get(("control", day), 0)
        lines.append((treated, control))
    return lines


def _milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)
