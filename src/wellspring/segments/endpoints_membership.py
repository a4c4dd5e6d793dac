"""Who is in a watched segment, who entered and left it, how large it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import select

from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.http import DbSession, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.segments import service
from wellspring.segments.membership import watching
from wellspring.segments.membership.models import SegmentMove, SegmentSize, SegmentWatch
from wellspring.segments.permissions import EXPORT, READ, WRITE
from wellspring.segments.schemas import Body

router = make_router(tags=["segments"])
Reader = Annotated[Actor, Depends(READ)]
MOST = 10_000


class SegmentWatchInput(Body):
    """continuous: within seconds of a change; scheduled: every `every_minutes`."""

    mode: Literal["continuous", "scheduled"]
    every_minutes: Annotated[int, Field(ge=5, le=10_080)] = 60


class SegmentSizeView(BaseModel):
    """`rebased`: the definition had changed, so nobody counts as having entered or left."""

    at: datetime
    size: int
    entered: int
    left: int
    rebased: bool


class SegmentMembership(BaseModel):
    """`as_of`: what was committed before it counts; `history`: newest first, refreshes that changed something."""

    mode: str
    every_minutes: int
    size: int
    refreshed_at: datetime | None
    as_of: datetime | None
    behind_seconds: float | None
    error: str | None
    history: list[SegmentSizeView]


class SegmentMoveView(BaseModel):
    """`seq`: the refresh that found it; with segment and customer it names the move for good."""

    id: int
    customer_id: int
    entered: bool
    at: datetime
    seq: int


class SegmentMoves(BaseModel):
    """`next_after`: ask with it for what comes next; moves come in the order in which they were found."""

    items: list[SegmentMoveView]
    next_after: int


class SegmentMemberIds(BaseModel):
    """Ids ascending; `next_after` is null on the last page."""

    ids: list[int]
    next_after: int | None
    size: int
    as_of: datetime | None


@router.get("/segments/{segment_id}/membership")
def read_segment_membership(
    session: DbSession, platform: PlatformDep, segment_id: int, actor: Reader
) -> SegmentMembership:
    watch = watching.watch_of(session, segment_id)
    history = session.scalars(
        select(SegmentSize).where(SegmentSize.segment_id == segment_id).order_by(SegmentSize.id.desc()).limit(400)
    )
    behind = None if watch.as_of is None else platform.clock.now() - watch.as_of
    return SegmentMembership(
        mode=watch.mode,
        every_minutes=watch.every_minutes,
        size=watch.size,
        refreshed_at=watch.refreshed_at,
        as_of=watch.as_of,
        behind_seconds=None if behind is None else max(behind, timedelta()).total_seconds(),
        error=watch.error,
        history=[SegmentSizeView.model_validate(row, from_attributes=True) for row in history],
    )


@router.put("/segments/{segment_id}/membership")
def watch_segment(
    session: DbSession,
    platform: PlatformDep,
    segment_id: int,
    body: SegmentWatchInput,
    actor: Annotated[Actor, Depends(WRITE)],
) -> SegmentMembership:
    """Keep who is in it; the first refresh comes within seconds. Safe to repeat; another mode takes effect at once."""
    service.segment(session, segment_id)
    watching.watch(session, segment_id, mode=body.mode, every_minutes=body.every_minutes)
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="segments.membership.watch",
        object_type="segment",
        object_id=segment_id,
        mode=body.mode,
    )
    return read_segment_membership(session, platform, segment_id, actor)


@router.delete("/segments/{segment_id}/membership", status_code=204)
def unwatch_segment(
    session: DbSession, platform: PlatformDep, segment_id: int, actor: Annotated[Actor, Depends(WRITE)]
) -> None:
    """Stop; history and moves stay. Safe to repeat."""
    if watching.unwatch(session, segment_id):
        audit.record(
            session,
            actor=actor,
            at=platform.clock.now(),
            action="segments.membership.unwatch",
            object_type="segment",
            object_id=segment_id,
        )


@router.get("/segments/{segment_id}/moves")
def list_segment_moves(
    session: DbSession,
    segment_id: int,
    actor: Annotated[Actor, Depends(EXPORT)],
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 1_000,
) -> SegmentMoves:
    """Who entered and left, in the order in which it was found."""
    watching.watch_of(session, segment_id)
    watching.need_everybody(actor)
    rows = session.scalars(
        select(SegmentMove)
        .where(SegmentMove.segment_id == segment_id, SegmentMove.id > after)
        .order_by(SegmentMove.id)
        .limit(limit)
    ).all()
    items = [SegmentMoveView.model_validate(row, from_attributes=True) for row in rows]
    return SegmentMoves(items=items, next_after=items[-1].id if items else after)


@router.get("/segments/{segment_id}/members")
def list_segment_members(
    session: DbSession,
    platform: PlatformDep,
    segment_id: int,
    actor: Annotated[Actor, Depends(EXPORT)],
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 1_000,
) -> SegmentMemberIds:
    """Everybody who was in it at the last refresh, by id; the first page leaves an entry in the audit log."""
    watch: SegmentWatch = watching.watch_of(session, segment_id)
    watching.need_everybody(actor)
    ids = watching.member_ids(platform, watch, after=after, limit=limit)
    if after == 0:
        audit.record(
            session,
            actor=actor,
            at=platform.clock.now(),
            action="segments.people.export",
            object_type="segment",
            object_id=segment_id,
            size=watch.size,
        )
    full = len(ids) == limit
    return SegmentMemberIds(ids=ids, next_after=ids[-1] if full else None, size=watch.size, as_of=watch.as_of)
