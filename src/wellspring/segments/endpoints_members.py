"""Lists for the page of a segment: its people of now, who entered and left, how large it was."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wellspring.people import facade as people
from wellspring.platform import audit, company_settings
from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import Invalid
from wellspring.platform.export import ExportFormatParam, export_file
from wellspring.platform.export_limits import check_size
from wellspring.platform.http import DbSession, LanguageDep, Page, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.platform.runtime import Platform
from wellspring.segments import service
from wellspring.segments.asking import page_of
from wellspring.segments.definition import parse
from wellspring.segments.lists import person_views
from wellspring.segments.membership import reading
from wellspring.segments.membership.models import SegmentMove, SegmentWatch
from wellspring.segments.membership.reading import MovesFilter, Span
from wellspring.segments.permissions import EXPORT, READ
from wellspring.segments.schemas import SegmentPerson

router = make_router(tags=["segments"])
Reader = Annotated[Actor, Depends(READ)]
MOST_FOUND = 10_000
"""Customers that a search looks at: who types a name means a few."""
EXPORTED_AT_ONCE = 5_000
MOVE_HEADS = {
    "zh": ["时间", "进出", "客户编号", "名字", "门店", "同事"],
    "en": ["At", "Entered or left", "Customer id", "Name", "Store", "Staff"],
}
MOVED = {"zh": ("离开", "进来"), "en": ("Left", "Entered")}


class SegmentPeoplePage(Page[SegmentPerson]):
    """`as_of`: what was committed before it counts."""

    as_of: datetime | None


class SegmentMoveRow(BaseModel):
    """The staff member and store are those of who can reach the customer, empty for nobody."""

    id: int
    customer_id: int
    name: str
    staff_name: str
    store_name: str
    entered: bool
    at: datetime


class SegmentSizePoint(BaseModel):
    """An hour or a day that begins at `at`; `size` at its end, null: not kept yet. `rebased`: a new definition."""

    at: datetime
    size: int | None
    entered: int
    left: int
    rebased: bool


class SegmentSizes(BaseModel):
    """Oldest first; the last point is still running. `kept`: somebody keeps the segment up to date now."""

    span: Span
    kept: bool
    points: list[SegmentSizePoint]


def found_by(session: Session, platform: Platform, actor: Actor, q: str | None) -> list[int] | None:
    """Customers that a search finds; None: nothing was searched for."""
    if not q:
        return None
    return list(session.scalars(people.customers_matching(q, actor.scope, platform.secrets).limit(MOST_FOUND)))


@router.get("/segments/{segment_id}/people")
def list_segment_people(
    session: DbSession, platform: PlatformDep, segment_id: int, paging: PagingDep, actor: Reader
) -> SegmentPeoplePage:
    """Everybody who is in it now, in the caller's scope, by id. `q` finds names and numbers as the list of customers does."""
    definition = parse(service.segment(session, segment_id).definition)
    only = found_by(session, platform, actor, paging.q)
    found = page_of(
        session, platform, definition, actor.scope, offset=paging.offset, limit=paging.page_size, only=only
    )  # fmt: skip
    return SegmentPeoplePage(
        items=person_views(session, found.ids),
        total=found.total,
        page=paging.page,
        page_size=paging.page_size,
        as_of=found.as_of,
    )


def moves_filter(
    paging: PagingDep,
    entered: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> MovesFilter:
    return MovesFilter(entered, since, until, paging.q)


MovesFilterDep = Annotated[MovesFilter, Depends(moves_filter)]


@router.get("/segments/{segment_id}/membership/moves")
def list_membership_moves(
    session: DbSession,
    platform: PlatformDep,
    segment_id: int,
    paging: PagingDep,
    wanted: MovesFilterDep,
    actor: Reader,
) -> Page[SegmentMoveRow]:
    """Who entered and left, in the caller's scope; `sort`: at, newest first by default. They stay when the segment is no longer kept."""
    service.segment(session, segment_id)
    query = reading.moves_query(segment_id, wanted, actor.scope, platform.secrets)
    if paging.sort not in (None, "at", "-at"):
        raise Invalid(field="sort", zh="不能按这一列排序。", en="This column can't be sorted by.")
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = SegmentMove.id.asc() if paging.sort == "at" else SegmentMove.id.desc()
    rows = session.scalars(query.order_by(order).limit(paging.page_size).offset(paging.offset)).all()
    items = [SegmentMoveRow.model_validate(asdict(row)) for row in reading.move_rows(session, rows)]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get("/segments/{segment_id}/membership/moves/export", response_class=StreamingResponse)
def export_membership_moves(
    session: DbSession,
    platform: PlatformDep,
    segment_id: int,
    language: LanguageDep,
    wanted: MovesFilterDep,
    actor: Annotated[Actor, Depends(EXPORT)],
    form: ExportFormatParam = "csv",
) -> StreamingResponse:
    """The same as a file, newest first; written to the audit log."""
    found = service.segment(session, segment_id)
    query = reading.moves_query(segment_id, wanted, actor.scope, platform.secrets)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    check_size(session, total, form)
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="segments.moves.export",
        object_type="segment",
        object_id=segment_id,
        moves=total,
    )
    rows = session.scalars(query.order_by(SegmentMove.id.desc())).all()
    lines = [
        (row.at, MOVED[language][row.entered], row.customer_id, row.name, row.store_name, row.staff_name)
        for start in range(0, len(rows), EXPORTED_AT_ONCE)
        for row in reading.move_rows(session, rows[start : start + EXPORTED_AT_ONCE])
    ]
    zone = company_settings.read(session).zone
    name = f"{found.name} {'进出' if language == 'zh' else 'moves'}"
    return export_file(name, MOVE_HEADS[language], lines, form, zone=zone)


@router.get("/segments/{segment_id}/membership/sizes")
def list_membership_sizes(
    session: DbSession,
    platform: PlatformDep,
    segment_id: int,
    actor: Reader,
    span: Annotated[Span, Query(description="day: by hour; month, year: by day.")] = "month",
) -> SegmentSizes:
    """How large it was, hour by hour or day by day. Of everybody, whoever asks."""
    service.segment(session, segment_id)
    zone = company_settings.read(session).zone
    points = reading.sizes(session, segment_id, span, now=platform.clock.now(), zone=zone)
    kept = session.get(SegmentWatch, segment_id) is not None
    return SegmentSizes(
        span=span, kept=kept, points=[SegmentSizePoint.model_validate(asdict(point)) for point in points]
    )
