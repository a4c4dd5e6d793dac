"""Orders as lists and one by one, within the actor's data scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from wellspring.commerce.errors import OrderNotFound
from wellspring.commerce.models import Order, OrderLine, Product, Refund, RefundLine
from wellspring.commerce.orders.schemas import (
    CustomerOrders,
    CustomerRef,
    LineOut,
    OrderRow,
    OrderView,
    RefundLineOut,
    RefundOut,
)
from wellspring.commerce.rules import plain
from wellspring.people.facade import customer_names, customers_in_scope, store_ids_in_scope, stores
from wellspring.platform.auth.actor import Scope
from wellspring.platform.http import Paging
from wellspring.platform.runtime import Platform

SORTS = {
    "placed_at": Order.placed_at,
    "total_fen": Order.total_fen,
    "number": Order.number,
    "recorded_at": Order.recorded_at,
}


@dataclass(frozen=True)
class OrderFilter:
    """`since` inclusive, `until` exclusive. `nobody`: orders without a customer (true) or with one (false)."""

    sources: tuple[str, ...] = ()
    store_ids: tuple[int, ...] = ()
    customer_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    nobody: bool | None = None
    q: str | None = None


def in_scope(scope: Scope) -> list[ColumnElement[bool]]:
    """An order is in scope when its customer is, or when it was placed in a store that is. Orders of nobody and
    of no store belong to headquarters."""
    customers = customers_in_scope(scope)
    if customers is None:
        return []
    reached: list[ColumnElement[bool]] = [Order.customer_id.in_(customers)]
    if scope.kind in ("store", "region") and (store_ids := store_ids_in_scope(scope)) is not None:
        reached.append(Order.store_id.in_(store_ids))
    if scope.kind == "own" and scope.staff_id is not None:
        reached.append(Order.staff_id == scope.staff_id)
    return [or_(*reached)]


def conditions(chosen: OrderFilter, scope: Scope) -> list[ColumnElement[bool]]:
    where = in_scope(scope)
    if chosen.sources:
        where.append(Order.source.in_(chosen.sources))
    if chosen.store_ids:
        where.append(Order.store_id.in_(chosen.store_ids))
    if chosen.customer_id is not None:
        where.append(Order.customer_id == chosen.customer_id)
    if chosen.since is not None:
        where.append(Order.placed_at >= chosen.since)
    if chosen.until is not None:
        where.append(Order.placed_at < chosen.until)
    if chosen.nobody is not None:
        where.append(Order.customer_id.is_(None) if chosen.nobody else Order.customer_id.is_not(None))
    if chosen.q:
        where.append(Order.number.istartswith(chosen.q, autoescape=True))
    return where


def count_orders(session: Session, chosen: OrderFilter, scope: Scope) -> int:
    return session.scalar(select(func.count()).select_from(Order).where(*conditions(chosen, scope))) or 0


def list_orders(session: Session, chosen: OrderFilter, scope: Scope, paging: Paging) -> tuple[list[OrderRow], int]:
    """(one page, how many there are in all)."""
    total = count_orders(session, chosen, scope)
    statement = (
        _sorted(_rows().where(*conditions(chosen, scope)), paging.sort).offset(paging.offset).limit(paging.page_size)
    )
    return _named(session, session.execute(statement).all()), total


def export_rows(platform: Platform, chosen: OrderFilter, scope: Scope, sort: str | None) -> Iterator[list[Any]]:
    """Every order of the list, streamed in a transaction of its own."""
    with platform.database.unit_of_work() as session:
        zones = {store.id: store.name for store in stores(session)}
        statement = _sorted(_rows().where(*conditions(chosen, scope)), sort)
        options = {"stream_results": True, "yield_per": 1000}
        for part in session.execute(statement, execution_options=options).partitions():
            names = customer_names(session, {row.Order.customer_id for row in part if row.Order.customer_id})
            for order, lines, refunded in part:
                yield [
                    order.source,
                    order.number,
                    order.placed_at,
                    order.customer_id or "",
                    names.get(order.customer_id, ""),
                    zones.get(order.store_id, ""),
                    lines,
                    *(
                        f"{fen / 100:.2f}"
                        for fen in (order.goods_fen, order.postage_fen, order.adjustment_fen, order.total_fen, refunded)
                    ),
                ]


EXPORT_HEADERS = {
    "zh": ["来源", "订单号", "下单时间", "客户编号", "客户", "门店", "行数", "商品", "邮费", "调整", "合计", "已退"],
    "en": [
        "source", "number", "placed at", "customer id", "customer", "store", "lines", "goods", "postage",
        "adjustment", "total", "refunded",
    ],
}  # fmt: skip


def read_order(session: Session, order_id: int, scope: Scope) -> OrderView:
    """One order with its lines and what was given back of it. Raises OrderNotFound."""
    row = session.execute(_rows().where(Order.id == order_id, *in_scope(scope))).one_or_none()
    if row is None:
        raise OrderNotFound(what="order")
    refunds = _refunds_of(session, order_id)
    given: dict[int | None, tuple[int, int]] = {}
    for refund in refunds:
        for line in refund.lines:
            quantity, fen = given.get(line.order_line_id, (0, 0))
            given[line.order_line_id] = (quantity + line.quantity, fen + line.amount_fen)
    lines = session.execute(
        select(OrderLine, Product.code)
        .join(Product, Product.id == OrderLine.product_id)
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.id)
    )
    return OrderView(
        **_named(session, [row])[0].model_dump(),
        recorded_at=row.Order.recorded_at,
        order_lines=[_line_out(line, code, given.get(line.id, (0, 0))) for line, code in lines],
        refunds=refunds,
    )


def _line_out(line: OrderLine, code: str, given: tuple[int, int]) -> LineOut:
    return LineOut(
        id=line.id,
        product_id=line.product_id,
        code=code,
        description=line.description,
        kind=line.kind,
        quantity=line.quantity,
        unit_price=plain(line.unit_price),
        amount_fen=line.amount_fen,
        refunded_quantity=given[0],
        refunded_fen=given[1],
    )


def _refunds_of(session: Session, order_id: int) -> list[RefundOut]:
    """Refunds that name the order, and those of whose lines some undo lines of it."""
    line_ids = select(OrderLine.id).where(OrderLine.order_id == order_id)
    rows = session.execute(
        select(Refund, RefundLine, Product.code)
        .join(RefundLine, RefundLine.refund_id == Refund.id)
        .join(Product, Product.id == RefundLine.product_id)
        .where(or_(Refund.order_id == order_id, RefundLine.order_line_id.in_(line_ids)))
        .order_by(Refund.refunded_at, Refund.id, RefundLine.id)
    )
    found: dict[int, RefundOut] = {}
    for refund, line, code in rows:
        out = found.setdefault(
            refund.id,
            RefundOut(
                id=refund.id,
                number=refund.number,
                refunded_at=refund.refunded_at,
                total_fen=refund.total_fen,
                lines=[],
            ),
        )
        out.lines.append(
            RefundLineOut(
                id=line.id,
                order_line_id=line.order_line_id,
                code=code,
                description=line.description,
                kind=line.kind,
                quantity=line.quantity,
                amount_fen=line.amount_fen,
            )
        )
    return list(found.values())


def customer_orders(session: Session, customer_id: int, scope: Scope) -> CustomerOrders:
    """Totals of one customer over the orders in scope; refunds with and without a known order count alike."""
    where = [Order.customer_id == customer_id, *in_scope(scope)]
    orders, total, first, last = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Order.total_fen), 0),
            func.min(Order.placed_at),
            func.max(Order.placed_at),
        ).where(*where)
    ).one()
    refunded = 0
    if orders or not in_scope(scope):
        refunded = session.scalar(select(func.sum(Refund.total_fen)).where(Refund.customer_id == customer_id)) or 0
    return CustomerOrders(
        orders=orders,
        total_fen=int(total),
        refunded_fen=int(refunded),
        net_fen=int(total) - int(refunded),
        first_at=first,
        last_at=last,
    )


def _rows() -> Select[Any]:
    lines = select(func.count()).where(OrderLine.order_id == Order.id).scalar_subquery()
    refunded = (
        select(func.coalesce(func.sum(RefundLine.amount_fen), 0))
        .join(OrderLine, OrderLine.id == RefundLine.order_line_id)
        .where(OrderLine.order_id == Order.id)
        .scalar_subquery()
    )
    return select(Order, lines.label("lines"), refunded.label("refunded"))


def _sorted(statement: Select[Any], sort: str | None) -> Select[Any]:
    wanted = sort or "-placed_at"
    column = SORTS.get(wanted.lstrip("-"), Order.placed_at)
    return statement.order_by(column.desc() if wanted.startswith("-") else column.asc(), Order.id.desc())


def _named(session: Session, rows: Sequence[Any]) -> list[OrderRow]:
    names = customer_names(session, {row.Order.customer_id for row in rows if row.Order.customer_id})
    store_names = {store.id: store.name for store in stores(session)} if any(r.Order.store_id for r in rows) else {}
    return [
        OrderRow(
            id=order.id,
            source=order.source,
            number=order.number,
            placed_at=order.placed_at,
            customer=CustomerRef(id=order.customer_id, name=names.get(order.customer_id, ""))
            if order.customer_id
            else None,
            store_id=order.store_id,
            store_name=store_names.get(order.store_id),
            lines=lines,
            goods_fen=order.goods_fen,
            postage_fen=order.postage_fen,
            adjustment_fen=order.adjustment_fen,
            total_fen=order.total_fen,
            refunded_fen=int(refunded),
        )
        for order, lines, refunded in rows
    ]
