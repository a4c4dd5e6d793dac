"""The HTTP interface of segments: the list, one segment, its versions."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse

from wellspring.platform import audit, company_settings
from wellspring.platform.auth.actor import Actor
from wellspring.platform.export import ExportFormatParam, export_file
from wellspring.platform.http import DbSession, LanguageDep, Page, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.segments import pickers, service
from wellspring.segments.asking import load_names
from wellspring.segments.definition import MAX_DEPTH, MAX_LEAVES, VERSION
from wellspring.segments.endpoints_members import router as members_router
from wellspring.segments.endpoints_membership import router as membership_router
from wellspring.segments.endpoints_people import router as people_router
from wellspring.segments.endpoints_tagging import router as tagging_router
from wellspring.segments.leaves import leaf_kinds
from wellspring.segments.leaves.happenings import EventKind
from wellspring.segments.leaves.relationship import ADD_WAYS
from wellspring.segments.lists import Status, list_rows, readable, segments_query, version_views, views
from wellspring.segments.models import Segment
from wellspring.segments.permissions import CONFIGURE, READ, WRITE
from wellspring.segments.schemas import (
    SegmentCatalogue,
    SegmentChange,
    SegmentDetail,
    SegmentEventKind,
    SegmentEventProperties,
    SegmentInput,
    SegmentLeafKind,
    SegmentVersionView,
    SegmentView,
)
from wellspring.segments.settings import SegmentSettings, read_settings, write_settings

router = make_router(prefix="/api/v1", tags=["segments"])
Reader = Annotated[Actor, Depends(READ)]
Writer = Annotated[Actor, Depends(WRITE)]
StatusParam = Annotated[Status, Query()]
EXPORT_HEADS = {
    "zh": ["编号", "名字", "条件", "说明", "人数", "数过的时间", "版本", "改动的人", "改动时间"],
    "en": ["Id", "Name", "Conditions", "Note", "People", "Counted at", "Version", "Changed by", "Changed at"],
}


@router.get("/segments")
def list_segments(
    session: DbSession,
    paging: PagingDep,
    language: LanguageDep,
    actor: Reader,
    status: StatusParam = "live",
    ids: Annotated[list[int] | None, Query(max_length=500)] = None,
) -> Page[SegmentView]:
    """`sort`: name, last_count, updated_at (default, newest first). `q` finds in name and note."""
    items, total = list_rows(session, paging, status, language, ids)
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get("/segments/export", response_class=StreamingResponse)
def export_segments(
    session: DbSession,
    paging: PagingDep,
    language: LanguageDep,
    actor: Reader,
    form: ExportFormatParam = "csv",
    status: StatusParam = "live",
) -> StreamingResponse:
    rows = views(session, session.scalars(segments_query(paging, status)).all(), language)
    lines = [
        (
            r.id,
            r.name,
            r.sentence,
            r.description,
            r.last_count,
            r.last_counted_at,
            r.version,
            r.updated_by,
            r.updated_at,
        )
        for r in rows
    ]
    zone = company_settings.read(session).zone
    return export_file("人群" if language == "zh" else "segments", EXPORT_HEADS[language], lines, form, zone=zone)


@router.get("/segments/catalogue")
def read_segment_catalogue(language: LanguageDep, actor: Reader) -> SegmentCatalogue:
    """The kinds of conditions that this installation knows, and the limits of a tree."""
    zh = language == "zh"
    return SegmentCatalogue(
        version=VERSION,
        max_depth=MAX_DEPTH,
        max_leaves=MAX_LEAVES,
        leaves=[
            SegmentLeafKind(kind=kind, name=leaf.zh if zh else leaf.en, json_schema=leaf.model.model_json_schema())
            for kind, leaf in leaf_kinds().items()
        ],
        add_ways={code: words[0 if zh else 1] for code, words in ADD_WAYS.items()},
        features=pickers.features(language),
    )


@router.get("/segments/event-kinds")
def list_event_kinds(
    session: DbSession, platform: PlatformDep, language: LanguageDep, actor: Reader
) -> list[SegmentEventKind]:
    """Kinds of events that have happened to customers in the caller's scope, the most frequent first."""
    return pickers.event_kinds(session, platform, actor.scope, language)


@router.get("/segments/event-kinds/properties")
def list_event_properties(
    session: DbSession,
    platform: PlatformDep,
    actor: Reader,
    kind: Annotated[list[EventKind], Query(min_length=1, max_length=50)],
) -> SegmentEventProperties:
    """What events of these kinds carry: paths, types, and the commonest texts."""
    return pickers.event_properties(session, platform, actor.scope, kind)


@router.get("/segments/settings")
def read_segment_settings(session: DbSession, actor: Reader) -> SegmentSettings:
    return read_settings(session)


@router.put("/segments/settings")
def write_segment_settings(
    session: DbSession, platform: PlatformDep, body: SegmentSettings, actor: Annotated[Actor, Depends(CONFIGURE)]
) -> SegmentSettings:
    write_settings(session, body)
    audit.record(session, actor=actor, at=platform.clock.now(), action="segments.settings.change", **body.model_dump())
    return body


@router.post("/segments", status_code=201)
def create_segment(
    session: DbSession, platform: PlatformDep, body: SegmentInput, language: LanguageDep, actor: Writer
) -> SegmentDetail:
    made = service.create_segment(
        session, platform, actor, name=body.name, definition=body.definition, description=body.description
    )
    return _detail(session, made, language)


@router.get("/segments/{segment_id}")
def read_segment(session: DbSession, segment_id: int, language: LanguageDep, actor: Reader) -> SegmentDetail:
    return _detail(session, service.segment(session, segment_id), language)


@router.put("/segments/{segment_id}")
def update_segment(
    session: DbSession,
    platform: PlatformDep,
    segment_id: int,
    body: SegmentChange,
    language: LanguageDep,
    actor: Writer,
) -> SegmentDetail:
    changed = service.update_segment(
        session,
        platform,
        actor,
        segment_id,
        version=body.version,
        name=body.name,
        definition=body.definition,
        description=body.description,
    )
    return _detail(session, changed, language)


@router.get("/segments/{segment_id}/versions")
def list_segment_versions(
    session: DbSession, segment_id: int, language: LanguageDep, actor: Reader
) -> list[SegmentVersionView]:
    """Newest first."""
    service.segment(session, segment_id)
    return version_views(session, segment_id, language)


@router.post("/segments/{segment_id}/duplicate", status_code=201)
def duplicate_segment(
    session: DbSession, platform: PlatformDep, segment_id: int, language: LanguageDep, actor: Writer
) -> SegmentDetail:
    return _detail(session, service.duplicate_segment(session, platform, actor, segment_id, language), language)


@router.post("/segments/{segment_id}/archive")
def archive_segment(
    session: DbSession, platform: PlatformDep, segment_id: int, language: LanguageDep, actor: Writer
) -> SegmentDetail:
    """Undone by restore."""
    found = service.archive_segment(session, actor, segment_id, now=platform.clock.now())
    return _detail(session, found, language)


@router.post("/segments/{segment_id}/restore")
def restore_segment(
    session: DbSession, platform: PlatformDep, segment_id: int, language: LanguageDep, actor: Writer
) -> SegmentDetail:
    found = service.restore_segment(session, actor, segment_id, now=platform.clock.now())
    return _detail(session, found, language)


@router.post("/segments/{segment_id}/count")
def count_segment(
    session: DbSession, platform: PlatformDep, segment_id: int, language: LanguageDep, actor: Reader
) -> SegmentDetail:
    """Count everybody again; the list shows the count and when it was made."""
    found = service.segment(session, segment_id)
    service.refresh_count(session, platform, found)
    return _detail(session, found, language)


def _detail(session: DbSession, found: Segment, language: LanguageDep) -> SegmentDetail:
    session.flush()
    (view,) = views(session, [found], language)
    tree = readable(found.definition)
    names = load_names(session, [tree]).by_kind if tree else {}
    return SegmentDetail(
        **view.model_dump(),
        definition=found.definition,
        names={kind: dict(by_id) for kind, by_id in names.items()},
    )


router.include_router(people_router)
router.include_router(members_router)
router.include_router(membership_router)
router.include_router(tagging_router)
