"""Orders and refunds as events on a customer's timeline: one each, however often a source repeats itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from wellspring.commerce.chunks import chunked
from wellspring.people.facade import EventFact, record_events

SOURCE = "commerce"
EVENTS_AT_ONCE = 5_000


class Told(NamedTuple):
    """An order or a refund with its customer; `at` is when it was placed or given back."""

    id: int
    customer_id: int
    at: datetime
    source: str
    number: str
    total_fen: int
    staff_id: int | None = None


def tell_orders(session: Session, orders: Iterable[Told]) -> int:
    return _tell(session, "order_placed", "order", orders)


def tell_refunds(session: Session, refunds: Iterable[Told]) -> int:
    return _tell(session, "order_refunded", "refund", refunds)


def _tell(session: Session, kind: str, noun: str, documents: Iterable[Told]) -> int:
    """Returns how many events were new."""
    return sum(
        record_events(
            session,
            [
                EventFact(
                    customer_id=told.customer_id,
                    kind=kind,
                    occurred_at=told.at,
                    source=SOURCE,
                    idempotency_key=f"{noun}:{told.id}",
                    staff_id=told.staff_id,
                    data={
                        f"{noun}_id": told.id,
                        "source": told.source,
                        "number": told.number,
                        "total_fen": told.total_fen,
                    },
                )
                for told in chunk
            ],
        )
        for chunk in chunked(documents, EVENTS_AT_ONCE)
    )
