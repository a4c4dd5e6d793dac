"""The history of one customer, from the warehouse's views."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from wellspring.insight.features.history import (
    Friendship,
    Happening,
    History,
    LineBought,
    OrderMade,
    RefundMade,
    TouchMade,
)
from wellspring.platform.warehouse.client import Row, Warehouse


def read_history(warehouse: Warehouse, customer_id: int, *, own_acts: frozenset[str]) -> History:
    """Events other than `own_acts` are left out: no feature looks at them."""

    def rows(columns: str, table: str, where: str = "1") -> list[Row]:
        return warehouse.query(
            f"select {columns} from {table} where customer_id = {{customer:Int64}} and {where}",  # noqa: S608
            {"customer": customer_id, "acts": sorted(own_acts)},
        )

    known = warehouse.query("select has_mobile from customers where id = {customer:Int64}", {"customer": customer_id})
    orders = rows("placed_at, total_fen, store_id", "orders")
    refunds = rows("refunded_at, total_fen", "refunds")
    lines = rows("placed_at, toString(category) as category, toString(kind) as kind", "order_lines", "kind = 'goods'")
    friendships = rows("staff_id, toString(status) as status, added_at, ended_at", "relationships")
    events = rows("toString(kind) as kind, occurred_at", "events", "has({acts:Array(String)}, kind)")
    touches = rows("toString(status) as status, assigned_at, settled_at", "touches", "status = 'delivered'")
    return History(
        customer_id,
        bool(known and known[0]["has_mobile"]),
        tuple(OrderMade(_at(row["placed_at"]), row["total_fen"], row["store_id"]) for row in orders),
        tuple(RefundMade(_at(row["refunded_at"]), row["total_fen"]) for row in refunds),
        tuple(LineBought(_at(row["placed_at"]), row["category"], row["kind"]) for row in lines),
        tuple(
            Friendship(row["staff_id"], row["status"], _at(row["added_at"]), _maybe(row["ended_at"]))
            for row in friendships
        ),
        tuple(Happening(row["kind"], _at(row["occurred_at"])) for row in events),
        tuple(TouchMade(row["status"], _at(row["assigned_at"]), _maybe(row["settled_at"])) for row in touches),
    )


def _at(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _maybe(value: Any) -> datetime | None:
    return None if value is None else _at(value)
