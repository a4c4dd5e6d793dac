"""All that other domains may use of commerce. Windows over many customers are read from the warehouse (tables
orders, order_lines, refunds); here is what one customer's page and the home page need from the truth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wellspring.commerce.models import Order, Product, Refund
from wellspring.platform.auth.actor import Scope


@dataclass(frozen=True)
class OrderTotals:
    """Over one customer's orders; amounts in fen. net = total - refunded."""

    orders: int
    total_fen: int
    refunded_fen: int
    first_at: datetime | None
    last_at: datetime | None

    @property
    def net_fen(self) -> int:
        return self.total_fen - self.refunded_fen


@dataclass(frozen=True)
class OrderFact:
    """An order as other domains see it."""

    id: int
    source: str
    number: str
    placed_at: datetime
    store_id: int | None
    goods_fen: int
    total_fen: int


def orders_of_customer(session: Session, customer_id: int, *, limit: int = 50) -> list[OrderFact]:
    """Newest first."""
    rows = session.execute(
        select(Order.id, Order.source, Order.number, Order.placed_at, Order.store_id, Order.goods_fen, Order.total_fen)
        .where(Order.customer_id == customer_id)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(limit)
    )
    return [OrderFact(*row) for row in rows]


def order_totals(session: Session, customer_ids: Iterable[int]) -> dict[int, OrderTotals]:
    """customer -> totals; customers without an order and a refund are not in the answer."""
    wanted = list(set(customer_ids))
    if not wanted:
        return {}
    bought = {
        row[0]: row
        for row in session.execute(
            select(
                Order.customer_id,
                func.count(),
                func.sum(Order.total_fen),
                func.min(Order.placed_at),
                func.max(Order.placed_at),
            )
            .where(Order.customer_id.in_(wanted))
            .group_by(Order.customer_id)
        )
    }
    refunds = session.execute(
        select(Refund.customer_id, func.sum(Refund.total_fen))
        .where(Refund.customer_id.in_(wanted))
        .group_by(Refund.customer_id)
    )
    given = {customer_id: int(fen) for customer_id, fen in refunds}
    totals: dict[int, OrderTotals] = {}
    for customer_id in wanted:
        if customer_id not in bought and customer_id not in given:
            continue
        _, orders, fen, first, last = bought.get(customer_id, (customer_id, 0, 0, None, None))
        totals[customer_id] = OrderTotals(orders, int(fen), given.get(customer_id, 0), first, last)
    return totals


def has_orders(session: Session, scope: Scope | None = None) -> bool:
    """Whether any order is there (in the scope, when one is given)."""
    from wellspring.commerce.orders.queries import in_scope

    where = in_scope(scope) if scope is not None else []
    return session.scalar(select(Order.id).where(*where).limit(1)) is not None


def product_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    wanted = list(set(ids))
    if not wanted:
        return {}
    return {
        i: name or code
        for i, name, code in session.execute(
            select(Product.id, Product.name, Product.code).where(Product.id.in_(wanted))
        )
    }
