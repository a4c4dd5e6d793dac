"""A batch of orders and refunds under an idempotency key: the same key and body answer alike and do nothing."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from wellspring.commerce.errors import IdempotencyKeyReused
from wellspring.commerce.orders.documents import People
from wellspring.commerce.orders.intake import take_orders
from wellspring.commerce.orders.refund_intake import take_refunds
from wellspring.commerce.orders.schemas import BatchIn, BatchOut
from wellspring.platform.auth.actor import Actor
from wellspring.platform.auth.models import IdempotencyRecord
from wellspring.platform.db import advisory_lock
from wellspring.platform.runtime import Platform

AREA = "commerce.orders"
KEPT = timedelta(days=30)


def take_batch(
    session: Session, platform: Platform, actor: Actor, batch: BatchIn, *, key: str | None, now: datetime
) -> BatchOut:
    """Raises IdempotencyKeyReused. Keys are the caller's own: two integrators may use the same one."""
    if not key:
        return _take(session, platform, batch, now)
    area = f"{AREA}:{actor.kind}:{actor.id}"
    request_hash = hashlib.sha256(batch.model_dump_json().encode()).hexdigest()
    # Two requests with one key at the same time: the second waits here, and then finds the answer of the first.
    advisory_lock(session, f"{area}:{key}")
    record = session.scalar(
        select(IdempotencyRecord).where(IdempotencyRecord.area == area, IdempotencyRecord.key == key)
    )
    if record is not None:
        if record.request_hash != request_hash:
            raise IdempotencyKeyReused()
        return BatchOut.model_validate(record.answer)
    answer = _take(session, platform, batch, now)
    session.add(
        IdempotencyRecord(
            area=area, key=key, request_hash=request_hash, answer=answer.model_dump(mode="json"), created_at=now
        )
    )
    return answer


def _take(session: Session, platform: Platform, batch: BatchIn, now: datetime) -> BatchOut:
    buyers = [order.buyer for order in batch.orders] + [refund.buyer for refund in batch.refunds]
    people = People(session, platform, batch.source, buyers, now)
    results = take_orders(session, platform, batch, people, now)
    return BatchOut(results=results + take_refunds(session, batch, people, now))


def forget_old_keys(session: Session, now: datetime) -> None:
    session.execute(
        delete(IdempotencyRecord).where(
            IdempotencyRecord.area.like(f"{AREA}:%"), IdempotencyRecord.created_at < now - KEPT
        )
    )
