"""The same figures by store, for the table under them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wellspring.insight.metrics.base import Ask
from wellspring.insight.metrics.friends import WINDOW_MS


@dataclass(frozen=True)
class StoreFigures:
    """Of one store: customers that are friends of its staff now; pairs begun and lost today; pairs lost per 1,000
    in 30 days (None without friends); orders placed and net goods sold today, in fen."""

    store_id: int
    friends: int
    new_friends: int
    losses: int
    loss_rate: float | None
    orders: int
    sales_fen: int


def by_store(ask: Ask, store_of_staff: Mapping[int, int]) -> dict[int, StoreFigures]:
    """`store_of_staff`: of the staff in scope as it is now. The warehouse keeps the store a member had when the
    friendship was last written, which a move does not change."""
    calendar = ask.calendar
    parameters: dict[str, Any] = {
        "staff_list": list(store_of_staff),
        "store_list": list(store_of_staff.values()),
        "today": calendar.edges()[-1],
        "month": calendar.milliseconds(calendar.now) - WINDOW_MS,
        "now": calendar.milliseconds(calendar.now),
    }
    store = "transform(staff_id, {staff_list:Array(Int64)}, {store_list:Array(Int64)}, toInt64(0))"
    pairs = ask.warehouse.query(
        f"select {store} as store, uniqExactIf(customer_id, status = 'friend') as friends,"  # noqa: S608
        " countIf(status = 'lost' and ended > {month:Int64} and ended <= {now:Int64}) as lost,"
        " countIf(ended = 0 or ended > {month:Int64}) as there from (select staff_id, customer_id, status,"
        " if(isNull(ended_at), 0, toUnixTimestamp64Milli(assumeNotNull(ended_at))) as ended from relationships"
        " where customer_id != 0 and status != 'half') group by store",
        parameters,
    )
    events = ask.warehouse.query(
        f"select {store} as store, countIf(kind = 'friend_added') as added, countIf(kind = 'friend_lost') as lost"  # noqa: S608
        " from events where kind in ('friend_added', 'friend_lost')"
        " and toUnixTimestamp64Milli(occurred_at) >= {today:Int64}"
        " and toUnixTimestamp64Milli(occurred_at) <= {now:Int64} group by store",
        parameters,
    )
    trade = ask.warehouse.query(
        "select store, sum(orders) as orders, sum(fen) as fen from ("
        "select store_id as store, toInt64(1) as orders, goods_fen as fen from orders"
        " where toUnixTimestamp64Milli(placed_at) >= {today:Int64} and toUnixTimestamp64Milli(placed_at) <= {now:Int64}"
        " union all select o.store_id, toInt64(0), -r.goods_fen from refunds as r"
        " inner join (select id, store_id from orders) as o on o.id = r.order_id"
        " where toUnixTimestamp64Milli(r.refunded_at) >= {today:Int64}"
        " and toUnixTimestamp64Milli(r.refunded_at) <= {now:Int64}) group by store",
        parameters,
    )
    known = [{int(row["store"]): row for row in rows} for rows in (pairs, events, trade)]
    return {
        store_id: _figures(store_id, *(rows.get(store_id, {}) for rows in known))
        for store_id in set().union(*known) | set(store_of_staff.values())
        if store_id
    }


def _figures(
    store_id: int, pair: Mapping[str, Any], event: Mapping[str, Any], trade: Mapping[str, Any]
) -> StoreFigures:
    there = int(pair.get("there", 0))
    return StoreFigures(
        store_id=store_id,
        friends=int(pair.get("friends", 0)),
        new_friends=int(event.get("added", 0)),
        losses=int(event.get("lost", 0)),
        loss_rate=round(1000 * int(pair["lost"]) / there, 2) if there else None,
        orders=int(trade.get("orders", 0)),
        sales_fen=int(trade.get("fen", 0)),
    )
