"""Telling others who entered and left a segment: journeys, webhooks. A handler is called in a job, in batches, and may be
called again with the same batch after a crash: it has to be idempotent by (segment, seq, customer)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.platform.jobs import JobContext, job
from wellspring.platform.runtime import Platform
from wellspring.segments.membership.models import SegmentMove

TELL = "segments.tell_moves"
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Move:
    """`entered` false: left. `seq`: the refresh that found it; with segment and customer it names the move for good."""

    segment_id: int
    customer_id: int
    entered: bool
    at: datetime
    seq: int


Handler = Callable[[Session, Platform, Sequence[Move]], None]
_handlers: list[Handler] = []


def on_segment_moves(handler: Handler) -> None:
    """Register at start; the handler writes in the session it is given."""
    if handler not in _handlers:
        _handlers.append(handler)


def announce(session: Session, platform: Platform, segment_id: int, seq: int) -> None:
    if _handlers:
        platform.jobs.defer(session, TELL, segment_id=segment_id, seq=seq, after=0)


@job(TELL)
def tell_moves(context: JobContext, segment_id: int, seq: int, after: int) -> None:
    """One batch, and a job for the next one in the same transaction."""
    rows = context.session.scalars(
        select(SegmentMove)
        .where(SegmentMove.segment_id == segment_id, SegmentMove.seq == seq, SegmentMove.id > after)
        .order_by(SegmentMove.id)
        .limit(BATCH)
    ).all()
    moves = [Move(row.segment_id, row.customer_id, row.entered, row.at, row.seq) for row in rows]
    for handler in _handlers:
        handler(context.session, context.platform, moves)
    if len(rows) == BATCH:
        context.platform.jobs.defer(context.session, TELL, segment_id=segment_id, seq=seq, after=rows[-1].id)
