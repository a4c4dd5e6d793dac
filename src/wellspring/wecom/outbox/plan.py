"""Write a call down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wellspring.platform.runtime import Platform
from wellspring.wecom.models import WecomOutbox
from wellspring.wecom.outbox.registry import executor_of

SEND_JOB = "wecom.outbox.send"
SEND_NOW_JOB = "wecom.outbox.send_now"
URGENT_CALLS = "wecom_urgent_calls"


def plan_call(
    session: Session,
    platform: Platform,
    *,
    kind: str,
    idempotency_key: str,
    payload: dict[str, Any],
    not_after: datetime | None = None,
) -> int:
    """Plan a call to WeCom inside the caller's transaction; answers the outbox row's id.

    The same `idempotency_key` again answers the first row and plans nothing. `not_after` (the platform's clock):
    a call not made by then is refused with reason "too_late". Kinds and payloads: see the outbox's README.
    """
    executor = executor_of(kind)
    row_id: int | None = session.scalar(
        insert(WecomOutbox)
        .values(
            kind=kind,
            idempotency_key=idempotency_key,
            payload=payload,
            created_at=platform.clock.now(),
            not_after=not_after,
        )
        .on_conflict_do_nothing(index_elements=["idempotency_key"])
        .returning(WecomOutbox.id)
    )
    if row_id is None:
        known = session.scalar(select(WecomOutbox.id).where(WecomOutbox.idempotency_key == idempotency_key))
        assert known is not None
        return known
    urgent = executor.patience is not None
    platform.jobs.defer(session, SEND_NOW_JOB if urgent else SEND_JOB, outbox_id=row_id)
    if urgent:
        session.info.setdefault(URGENT_CALLS, []).append(row_id)
    return row_id


def urgent_calls(session: Session) -> list[int]:
    """The urgent calls planned in this session. Whoever planned them may make them as soon as it is committed, without
    waiting for the turn of their jobs, which then find them made."""
    return list(session.info.get(URGENT_CALLS, ()))
