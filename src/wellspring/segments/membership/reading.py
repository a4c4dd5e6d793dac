"""A watched segment as pages show it: how large it was, who moved, with names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wellspring.people import facade as people
from wellspring.platform.auth.actor import Scope
from wellspring.platform.secrets import SecretBox
from wellspring.segments.membership.models import SegmentMove, SegmentSize

Span = Literal["day", "month", "year"]
DAYS: dict[Span, int] = {"day": 1, "month": 30, "year": 365}


@dataclass(frozen=True)
class Point:
    """An hour, or a day of the company's calendar, that begins at `at`. `size` at its end, None: not kept yet."""

    at: datetime
    size: int | None
    entered: int
    left: int
    rebased: bool


def sizes(session: Session, segment_id: int, span: Span, *, now: datetime, zone: ZoneInfo) -> list[Point]:
    """Oldest first; the last one is still running. Where nothing changed the size goes on."""
    starts = _starts(span, now, zone)
    rows = session.scalars(
        select(SegmentSize)
        .where(SegmentSize.segment_id == segment_id, SegmentSize.at >= starts[0])
        .order_by(SegmentSize.id)
    ).all()
    size = session.scalar(
        select(SegmentSize.size)
        .where(SegmentSize.segment_id == segment_id, SegmentSize.at < starts[0])
        .order_by(SegmentSize.at.desc(), SegmentSize.id.desc())
        .limit(1)
    )
    points, next_row = [], 0
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        within: list[SegmentSize] = []
        while next_row < len(rows) and (end is None or rows[next_row].at < end):
            within.append(rows[next_row])
            next_row += 1
        size = within[-1].size if within else size
        moved = sum(row.entered for row in within), sum(row.left for row in within)
        points.append(Point(start, size, *moved, any(row.rebased for row in within)))
    return points


def _starts(span: Span, now: datetime, zone: ZoneInfo) -> list[datetime]:
    if span == "day":
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return [hour - timedelta(hours=ago) for ago in reversed(range(24))]
    today = now.astimezone(zone).date()
    days = (today - timedelta(days=ago) for ago in reversed(range(DAYS[span])))
    return [datetime.combine(day, time.min, zone).astimezone(UTC) for day in days]


@dataclass(frozen=True)
class MovesFilter:
    """`until` is not included."""

    entered: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    q: str | None = None


def moves_query(segment_id: int, wanted: MovesFilter, scope: Scope, secrets: SecretBox) -> Select[Any]:
    """Moves of people in scope, unordered."""
    query = select(SegmentMove).where(SegmentMove.segment_id == segment_id)
    if wanted.entered is not None:
        query = query.where(SegmentMove.entered == wanted.entered)
    if wanted.since is not None:
        query = query.where(SegmentMove.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(SegmentMove.at < wanted.until)
    if wanted.q:
        query = query.where(SegmentMove.customer_id.in_(people.customers_matching(wanted.q, scope, secrets)))
    else:
        inside = people.customers_in_scope(scope)
        query = query if inside is None else query.where(SegmentMove.customer_id.in_(inside))
    return query


@dataclass(frozen=True)
class MoveRow:
    id: int
    customer_id: int
    name: str
    staff_name: str
    store_name: str
    entered: bool
    at: datetime


def move_rows(session: Session, rows: Sequence[SegmentMove]) -> list[MoveRow]:
    """With the staff member who can reach the customer, empty for nobody."""
    ids = [row.customer_id for row in rows]
    names, senders = people.customer_names(session, ids), people.senders_for(session, ids)
    staff = people.staff(session, {sender.staff_id for sender in senders.values()})

    def found(row: SegmentMove) -> MoveRow:
        sender = senders.get(row.customer_id)
        member = staff.get(sender.staff_id) if sender else None
        return MoveRow(
            row.id, row.customer_id, names.get(row.customer_id, ""), member.name if member else "",
            (member.store_name or "") if member else "", row.entered, row.at,
        )  # fmt: skip

    return [found(row) for row in rows]
