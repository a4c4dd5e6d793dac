"""A tag on everybody of a segment, over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import BaseModel
from sqlalchemy.orm import Session

from wellspring.people import facade as people
from wellspring.platform.auth.actor import Actor
from wellspring.platform.http import DbSession, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.segments import service as segments
from wellspring.segments.permissions import READ, TAG
from wellspring.segments.schemas import Body
from wellspring.segments.tagging import service
from wellspring.segments.tagging.models import SegmentTagging

router = make_router(tags=["segments"])
Reader = Annotated[Actor, Depends(READ)]
Tagger = Annotated[Actor, Depends(TAG)]


class SegmentTaggingInput(Body):
    tag_id: int


class SegmentTaggingPreview(BaseModel):
    """`friendships` with active staff would get the tag; `carrying` have it already; `unreachable` people are nobody's friend."""

    people: int
    friendships: int
    carrying: int
    unreachable: int


class SegmentTaggingView(BaseModel):
    """`seen` of `total` people; `tagged`: friendships that got the tag by it."""

    id: int
    tag_id: int
    tag_name: str
    status: Literal["running", "done", "cancelled", "failed"]
    total: int
    seen: int
    tagged: int
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    error: str | None


def views(session: Session, rows: list[SegmentTagging]) -> list[SegmentTaggingView]:
    names = people.tag_names(session, {row.tag_id for row in rows})
    return [
        SegmentTaggingView.model_validate(
            {**{name: getattr(row, name) for name in SegmentTaggingView.model_fields if name != "tag_name"}, "tag_name": names[row.tag_id]}
        )
        for row in rows
    ]  # fmt: skip


@router.get("/segments/{segment_id}/taggings/preview")
def preview_segment_tagging(
    session: DbSession, platform: PlatformDep, segment_id: int, tag_id: Annotated[int, Query(ge=1)], actor: Tagger
) -> SegmentTaggingPreview:
    """How many friendships would get the tag; nothing is changed. Refuses when the warehouse is too far behind."""
    return SegmentTaggingPreview.model_validate(asdict(service.preview(session, platform, actor, segment_id, tag_id)))


@router.post("/segments/{segment_id}/taggings", status_code=202)
def start_segment_tagging(
    session: DbSession, platform: PlatformDep, segment_id: int, body: SegmentTaggingInput, actor: Tagger
) -> SegmentTaggingView:
    """Put the tag on every friendship with active staff of everybody who is in the segment now, in the background; WeCom
    follows by the outbox. While the same runs, that run is answered."""
    (view,) = views(session, [service.start(session, platform, actor, segment_id, body.tag_id)])
    return view


@router.get("/segments/{segment_id}/taggings")
def list_segment_taggings(session: DbSession, segment_id: int, actor: Reader) -> list[SegmentTaggingView]:
    """The last fifty, newest first."""
    segments.segment(session, segment_id)
    return views(session, service.newest(session, segment_id))


@router.get("/segments/{segment_id}/taggings/{tagging_id}")
def read_segment_tagging(session: DbSession, segment_id: int, tagging_id: int, actor: Reader) -> SegmentTaggingView:
    (view,) = views(session, [service.one(session, segment_id, tagging_id)])
    return view


@router.post("/segments/{segment_id}/taggings/{tagging_id}/cancel")
def cancel_segment_tagging(
    session: DbSession, platform: PlatformDep, segment_id: int, tagging_id: int, actor: Tagger
) -> SegmentTaggingView:
    """Stop; what is tagged stays tagged."""
    (view,) = views(session, [service.stop(session, platform, actor, segment_id, tagging_id)])
    return view
