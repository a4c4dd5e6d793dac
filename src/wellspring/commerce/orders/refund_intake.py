"""Refunds from other systems, a batch at a time. A refund is final: sent again alike it is unchanged, sent again
otherwise it is refused. It never gives back more than was bought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wellspring.commerce.matching import MATCHED_KINDS
from wellspring.commerce.models import Order, OrderLine, Refund, RefundLine
from wellspring.commerce.orders.documents import People, PricedLine, price_lines, product_ids, sum_up
from wellspring.commerce.orders.refunding import match_returns
from wellspring.commerce.orders.refusals import Refused
from wellspring.commerce.orders.schemas import BatchIn, ItemResult, RefundIn
from wellspring.commerce.orders.timeline import Told, tell_refunds


def take_refunds(session: Session, batch: BatchIn, people: People, now: datetime) -> list[ItemResult]:
    """Results in the order of the batch. Those that name no order are matched at the end, all together."""
    intake = _Intake(session, batch, people, now)
    results = [intake.take(refund) for refund in batch.refunds]
    session.flush()
    match_returns(session, batch.source, sorted(intake.unmatched_customers))
    tell_refunds(session, intake.told)
    return results


class _Intake:
    def __init__(self, session: Session, batch: BatchIn, people: People, now: datetime) -> None:
        self._session = session
        self._source = batch.source
        self._people = people
        self._now = now
        self._seen: set[str] = set()
        self.unmatched_customers: set[int] = set()
        self.told: list[Told] = []
        numbers = [refund.number for refund in batch.refunds]
        known = session.scalars(select(Refund).where(Refund.source == batch.source, Refund.number.in_(numbers)))
        self._known = {refund.number: refund for refund in known}
        self._orders = self._lock_orders({r.order_number for r in batch.refunds if r.order_number})

    def _lock_orders(self, numbers: set[str]) -> dict[str, Order]:
        statement = select(Order).where(Order.source == self._source, Order.number.in_(numbers)).order_by(Order.id)
        return {order.number: order for order in self._session.scalars(statement.with_for_update())}

    def take(self, refund: RefundIn) -> ItemResult:
        try:
            if refund.number in self._seen:
                raise Refused("number_repeated")
            self._seen.add(refund.number)
            lines = price_lines(refund.lines)
            if any(line.amount_fen < 0 for line in lines):
                raise Refused("price_negative")
            known = self._known.get(refund.number)
            if known is not None:
                self._must_be_alike(known, refund, lines)
                return ItemResult(type="refund", number=refund.number, outcome="unchanged", id=known.id)
            created = self._create(refund, lines)
            return ItemResult(type="refund", number=refund.number, outcome="created", id=created.id)
        except Refused as refused:
            return ItemResult(type="refund", number=refund.number, outcome="refused", reason=refused.reason)

    def _must_be_alike(self, known: Refund, refund: RefundIn, lines: Sequence[PricedLine]) -> None:
        rows = self._session.execute(
            select(RefundLine.line_key, RefundLine.quantity, RefundLine.amount_fen).where(
                RefundLine.refund_id == known.id
            )
        )
        there = {(key, quantity, fen) for key, quantity, fen in rows}
        if known.refunded_at != refund.refunded_at or there != {(x.key, x.quantity, x.amount_fen) for x in lines}:
            raise Refused("refund_differs")

    def _create(self, refund: RefundIn, lines: Sequence[PricedLine]) -> Refund:
        order = self._order_of(refund)
        undone = self._undone_lines(order, lines) if order is not None else {}
        sums = sum_up(lines)
        if order is not None and self._refunded_of(order) + sums.total_fen > order.total_fen:
            raise Refused("more_than_bought")
        customer_id = order.customer_id if order is not None else self._people.customer(refund.buyer)
        made = Refund(
            source=self._source,
            number=refund.number,
            order_id=order.id if order is not None else None,
            customer_id=customer_id,
            refunded_at=refund.refunded_at,
            goods_fen=sums.goods_fen,
            postage_fen=sums.postage_fen,
            adjustment_fen=sums.adjustment_fen,
            total_fen=sums.total_fen,
            recorded_at=self._now,
        )
        self._session.add(made)
        self._session.flush()
        products = product_ids(self._session, lines)
        self._session.add_all(
            RefundLine(
                refund_id=made.id,
                line_key=line.key,
                order_line_id=undone.get(line.key),
                product_id=products[line.code],
                kind=line.kind,
                description=line.description,
                quantity=line.quantity,
                unit_price=line.unit_price,
                amount_fen=line.amount_fen,
            )
            for line in lines
        )
        self._session.flush()
        if customer_id is not None:
            if order is None:
                self.unmatched_customers.add(customer_id)
            self.told.append(Told(made.id, customer_id, made.refunded_at, made.source, made.number, made.total_fen))
        return made

    def _order_of(self, refund: RefundIn) -> Order | None:
        if refund.order_number is None:
            return None
        order = self._orders.get(refund.order_number)
        if order is None:
            raise Refused("order_unknown")
        if refund.refunded_at < order.placed_at:
            raise Refused("before_the_order")
        return order

    def _refunded_of(self, order: Order) -> int:
        found = self._session.scalar(select(func.sum(Refund.total_fen)).where(Refund.order_id == order.id))
        return int(found or 0)

    def _undone_lines(self, order: Order, lines: Sequence[PricedLine]) -> dict[str, int]:
        """line key of the refund -> line of the order with enough left, for what can be returned at all."""
        rows = self._session.execute(
            select(
                OrderLine.id,
                OrderLine.product_id,
                OrderLine.quantity - func.coalesce(func.sum(RefundLine.quantity), 0),
                OrderLine.amount_fen - func.coalesce(func.sum(RefundLine.amount_fen), 0),
            )
            .outerjoin(RefundLine, RefundLine.order_line_id == OrderLine.id)
            .where(OrderLine.order_id == order.id)
            .group_by(OrderLine.id)
            .order_by(OrderLine.id)
        ).all()
        left = {line: [product, int(quantity), int(fen)] for line, product, quantity, fen in rows}
        products = product_ids(self._session, lines)
        undone: dict[str, int] = {}
        for line in lines:
            if line.kind not in MATCHED_KINDS:
                continue
            for candidate, (product, quantity, fen) in left.items():
                if product == products[line.code] and quantity >= line.quantity and fen >= line.amount_fen:
                    undone[line.key] = candidate
                    left[candidate][1] -= line.quantity
                    left[candidate][2] -= line.amount_fen
                    break
            else:
                raise Refused("more_than_bought")
        return undone
