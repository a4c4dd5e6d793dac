"""Orders from other systems, a batch at a time: each is created, updated, unchanged or refused by itself.

An order is known by (source, number). Sent again it becomes what was sent: lines are changed, added and removed
to match. What was refunded already can't be taken away. A batch is one transaction, at the edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wellspring.commerce.models import Order, OrderLine
from wellspring.commerce.orders.documents import People, PricedLine, Sums, price_lines, product_ids, sum_up
from wellspring.commerce.orders.refusals import Refused
from wellspring.commerce.orders.schemas import BatchIn, ItemResult, OrderIn, Outcome
from wellspring.commerce.orders.timeline import Told, tell_orders
from wellspring.platform.runtime import Platform


@dataclass
class _Wanted:
    """An order as it should stand. `position` is its place in the batch."""

    position: int
    number: str
    placed_at: datetime
    customer_id: int | None
    store_id: int | None
    lines: list[PricedLine]
    sums: Sums = field(init=False)

    def __post_init__(self) -> None:
        self.sums = sum_up(self.lines)


def take_orders(
    session: Session, platform: Platform, batch: BatchIn, people: People, now: datetime
) -> list[ItemResult]:
    """Results in the order of the batch."""
    results: dict[int, ItemResult] = {}
    wanted: dict[str, _Wanted] = {}
    for position, order in enumerate(batch.orders):
        try:
            if order.number in wanted:
                raise Refused("number_repeated")
            wanted[order.number] = _want(position, order, people)
        except Refused as refused:
            results[position] = _refused(order.number, refused)
    products = product_ids(session, [line for order in wanted.values() for line in order.lines])
    created = _create(session, batch.source, wanted, products, now)
    for number, order_id in created.items():
        results[wanted[number].position] = ItemResult(type="order", number=number, outcome="created", id=order_id)
    known = [order for number, order in wanted.items() if number not in created]
    results |= _update_known(session, batch.source, known, products)
    _tell(session, batch.source, [results[order.position].id for order in wanted.values()])
    return [results[position] for position in range(len(batch.orders))]


def _want(position: int, order: OrderIn, people: People) -> _Wanted:
    return _Wanted(
        position,
        order.number,
        order.placed_at,
        people.customer(order.buyer),
        people.store(order.store),
        price_lines(order.lines),
    )


def _refused(number: str, refused: Refused) -> ItemResult:
    return ItemResult(type="order", number=number, outcome="refused", reason=refused.reason)


def _create(
    session: Session, source: str, wanted: dict[str, _Wanted], products: dict[str, int], now: datetime
) -> dict[str, int]:
    """number -> id of those that were new; in the order of their numbers, as every writer does."""
    if not wanted:
        return {}
    rows = [
        {
            "source": source,
            "number": number,
            "customer_id": order.customer_id,
            "placed_at": order.placed_at,
            "store_id": order.store_id,
            "recorded_at": now,
            **_amounts(order.sums),
        }
        for number, order in sorted(wanted.items())
    ]
    statement = insert(Order).values(rows).on_conflict_do_nothing(index_elements=["source", "number"])
    created = {number: int(i) for i, number in session.execute(statement.returning(Order.id, Order.number))}
    lines = [
        _line_values(order_id, wanted[number].customer_id, line, products)
        for number, order_id in created.items()
        for line in wanted[number].lines
    ]
    if lines:
        session.execute(insert(OrderLine), lines)
    return created


def _amounts(sums: Sums) -> dict[str, int]:
    return {
        "goods_fen": sums.goods_fen,
        "postage_fen": sums.postage_fen,
        "adjustment_fen": sums.adjustment_fen,
        "total_fen": sums.total_fen,
    }


def _line_values(
    order_id: int, customer_id: int | None, line: PricedLine, products: dict[str, int]
) -> dict[str, object]:
    return {
        "order_id": order_id,
        "customer_id": customer_id,
        "line_key": line.key,
        "product_id": products[line.code],
        "kind": line.kind,
        "description": line.description,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "amount_fen": line.amount_fen,
    }


def _update_known(
    session: Session, source: str, wanted: Sequence[_Wanted], products: dict[str, int]
) -> dict[int, ItemResult]:
    """Orders that are there already; locked in id order before they are compared."""
    if not wanted:
        return {}
    numbers = [order.number for order in wanted]
    statement = select(Order).where(Order.source == source, Order.number.in_(numbers)).order_by(Order.id)
    orders = {order.number: order for order in session.scalars(statement.with_for_update())}
    lines: dict[int, dict[str, OrderLine]] = {order.id: {} for order in orders.values()}
    for line in session.scalars(select(OrderLine).where(OrderLine.order_id.in_(lines))):
        lines[line.order_id][line.line_key] = line
    given = _given_back(session, [line.id for those in lines.values() for line in those.values()])
    results: dict[int, ItemResult] = {}
    for one in wanted:
        order = orders[one.number]
        try:
            outcome = _bring_to(session, order, lines[order.id], one, products, given)
            results[one.position] = ItemResult(type="order", number=one.number, outcome=outcome, id=order.id)
        except Refused as refused:
            results[one.position] = _refused(one.number, refused)
    return results


def _given_back(session: Session, line_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """order line -> (quantity, fen) refunded."""
    rows = session.execute(
        text(
            "select order_line_id, sum(quantity)::bigint, sum(amount_fen)::bigint from refund_line"
            " where order_line_id = any(:ids) group by 1"
        ),
        {"ids": list(line_ids)},
    )
    return {line: (quantity, fen) for line, quantity, fen in rows}


def _bring_to(
    session: Session,
    order: Order,
    lines: dict[str, OrderLine],
    wanted: _Wanted,
    products: dict[str, int],
    given: dict[int, tuple[int, int]],
) -> Outcome:
    """Make the order what was sent. A batch that names no buyer or store keeps those that are known."""
    customer_id = wanted.customer_id if wanted.customer_id is not None else order.customer_id
    store_id = wanted.store_id if wanted.store_id is not None else order.store_id
    gone = [line for key, line in lines.items() if key not in {line.key for line in wanted.lines}]
    changed = [line for line in wanted.lines if _differs(lines.get(line.key), line, products)]
    header = (order.placed_at, order.customer_id, order.store_id) != (wanted.placed_at, customer_id, store_id)
    if not (gone or changed or header):
        return "unchanged"
    _check_refunded(lines, gone, changed, given)
    for line in gone:
        session.delete(line)
    if changed:
        statement = insert(OrderLine).values([_line_values(order.id, customer_id, line, products) for line in changed])
        columns = ("product_id", "kind", "description", "quantity", "unit_price", "amount_fen")
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["order_id", "line_key"], set_={name: statement.excluded[name] for name in columns}
            )
        )
    # The lines carry the customer and reach the warehouse with the order's time: both follow the order.
    if header:
        session.execute(update(OrderLine).where(OrderLine.order_id == order.id).values(customer_id=customer_id))
    order.placed_at, order.customer_id, order.store_id = wanted.placed_at, customer_id, store_id
    for name, value in _amounts(wanted.sums).items():
        setattr(order, name, value)
    session.flush()
    return "updated"


def _differs(line: OrderLine | None, wanted: PricedLine, products: dict[str, int]) -> bool:
    return line is None or (
        line.product_id,
        line.kind,
        line.description,
        line.quantity,
        line.unit_price,
        line.amount_fen,
    ) != (
        products[wanted.code],
        wanted.kind,
        wanted.description,
        wanted.quantity,
        wanted.unit_price,
        wanted.amount_fen,
    )


def _check_refunded(
    lines: dict[str, OrderLine], gone: list[OrderLine], changed: list[PricedLine], given: dict[int, tuple[int, int]]
) -> None:
    if any(line.id in given for line in gone):
        raise Refused("already_refunded")
    for wanted in changed:
        line = lines.get(wanted.key)
        quantity, fen = given.get(line.id, (0, 0)) if line is not None else (0, 0)
        if wanted.quantity < quantity or wanted.amount_fen < fen:
            raise Refused("already_refunded")


def _tell(session: Session, source: str, order_ids: Sequence[int | None]) -> None:
    """Orders with a customer onto the timeline; one that was told before is not told again."""
    rows = session.execute(
        select(
            Order.id, Order.customer_id, Order.placed_at, Order.source, Order.number, Order.total_fen, Order.staff_id
        )
        .where(Order.id.in_([i for i in order_ids if i is not None]), Order.customer_id.is_not(None))
        .order_by(Order.id)
    )
    tell_orders(
        session,
        [
            Told(i, customer_id, at, origin, number, fen, staff)
            for i, customer_id, at, origin, number, fen, staff in rows
            if customer_id is not None
        ],
    )
