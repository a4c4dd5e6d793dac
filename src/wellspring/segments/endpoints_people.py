"""Who is in a segment: preview while building, explain, snapshots, files of people."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse
from sqlalchemy import select

from wellspring.people import facade as people
from wellspring.platform import audit, company_settings
from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import Language
from wellspring.platform.export import ExportFormatParam, export_file
from wellspring.platform.export_limits import check_size
from wellspring.platform.http import DbSession, LanguageDep, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.segments import service
from wellspring.segments.asking import Freshness, count_people, load_names, people_of, sample_people
from wellspring.segments.definition import Definition, parse
from wellspring.segments.evaluate import Verdict
from wellspring.segments.lists import export_rows, person_views
from wellspring.segments.models import SegmentSnapshot
from wellspring.segments.permissions import EXPORT, READ, WRITE
from wellspring.segments.schemas import (
    SegmentExplainInput,
    SegmentExplanation,
    SegmentFreshness,
    SegmentPiece,
    SegmentPreview,
    SegmentPreviewInput,
    SegmentSnapshotView,
    SegmentVerdict,
)
from wellspring.segments.sentence import sentence_pieces
from wellspring.segments.snapshots import snapshot_people

router = make_router(tags=["segments"])
Reader = Annotated[Actor, Depends(READ)]
PEOPLE_HEADS = {"zh": ["客户编号", "名字", "门店", "同事"], "en": ["Customer id", "Name", "Store", "Staff"]}


@router.post("/segments/preview")
def preview_segment(
    session: DbSession, platform: PlatformDep, body: SegmentPreviewInput, language: LanguageDep, actor: Reader
) -> SegmentPreview:
    """Count, counts of each leaf and a few people, in the caller's scope; nothing is saved. The answer is as
    fresh as the warehouse and says so."""
    tree = parse(body.definition)
    count = count_people(session, platform, tree, actor.scope)
    ids = (
        sample_people(session, platform, tree, actor.scope, size=body.sample_size, seed=body.seed)
        if body.sample_size and count.matched
        else []
    )
    pieces = sentence_pieces(tree, load_names(session, [tree]), language)
    return SegmentPreview(
        count=count.matched,
        total=count.total,
        by_leaf=dict(count.by_leaf),
        took_ms=count.took_ms,
        freshness=_freshness(count.freshness),
        sentence=[SegmentPiece(text=piece.text, path=piece.path) for piece in pieces],
        sample=person_views(session, ids),
    )


@router.post("/segments/explain/{customer_id}")
def explain_definition(
    session: DbSession,
    platform: PlatformDep,
    customer_id: int,
    body: SegmentExplainInput,
    language: LanguageDep,
    actor: Reader,
) -> SegmentExplanation:
    """Why this customer is inside or outside of a definition that need not be saved."""
    return _explain(session, platform, actor, parse(body.definition), customer_id, language)


@router.post("/segments/{segment_id}/explain/{customer_id}")
def explain_segment(
    session: DbSession,
    platform: PlatformDep,
    segment_id: int,
    customer_id: int,
    language: LanguageDep,
    actor: Reader,
) -> SegmentExplanation:
    """Why this customer is inside or outside, read from PostgreSQL at this moment."""
    tree = parse(service.segment(session, segment_id).definition)
    return _explain(session, platform, actor, tree, customer_id, language)


@router.post("/segments/{segment_id}/snapshots", status_code=201)
def take_segment_snapshot(
    session: DbSession, platform: PlatformDep, segment_id: int, actor: Annotated[Actor, Depends(WRITE)]
) -> SegmentSnapshotView:
    """Who is in it now, within the caller's scope. Refuses when the warehouse is too far behind."""
    definition = service.segment(session, segment_id).definition
    made = snapshot_people(session, platform, actor, definition=definition, scope=actor.scope, segment_id=segment_id)
    return _snapshot(made)


@router.get("/segments/{segment_id}/snapshots")
def list_segment_snapshots(session: DbSession, segment_id: int, actor: Reader) -> list[SegmentSnapshotView]:
    """The last hundred, newest first."""
    service.segment(session, segment_id)
    rows = session.scalars(
        select(SegmentSnapshot)
        .where(SegmentSnapshot.segment_id == segment_id)
        .order_by(SegmentSnapshot.id.desc())
        .limit(100)
    )
    return [_snapshot(row) for row in rows]


@router.get("/segments/{segment_id}/people/export", response_class=StreamingResponse)
def export_segment_people(
    session: DbSession,
    platform: PlatformDep,
    segment_id: int,
    language: LanguageDep,
    actor: Annotated[Actor, Depends(EXPORT)],
    form: ExportFormatParam = "csv",
    q: Annotated[str | None, Query(max_length=200)] = None,
) -> StreamingResponse:
    """The people of now, within the caller's scope, or those that a search finds among them; written to the audit log."""
    found = service.segment(session, segment_id)
    ids, as_of = people_of(session, platform, parse(found.definition), actor.scope)
    if q and q.strip():
        named = set(session.scalars(people.customers_matching(q.strip(), actor.scope, platform.secrets)))
        ids = [one for one in ids if one in named]
    check_size(session, len(ids), form)
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="segments.people.export",
        object_type="segment",
        object_id=segment_id,
        people=len(ids),
        as_of=as_of.isoformat(),
    )
    zone = company_settings.read(session).zone
    return export_file(found.name, PEOPLE_HEADS[language], export_rows(session, ids), form, zone=zone)


def _explain(
    session: DbSession,
    platform: PlatformDep,
    actor: Actor,
    tree: Definition,
    customer_id: int,
    language: Language,
) -> SegmentExplanation:
    name, verdict = service.explain_customer(session, platform, actor, tree, customer_id, language)
    return SegmentExplanation(customer_id=customer_id, name=name, inside=verdict.holds, root=_verdict(verdict))


def _verdict(verdict: Verdict) -> SegmentVerdict:
    return SegmentVerdict(
        path=verdict.path,
        kind=verdict.kind,
        holds=verdict.holds,
        clause=verdict.clause,
        text=verdict.text,
        children=[_verdict(child) for child in verdict.children],
    )


def _freshness(known: Freshness) -> SegmentFreshness:
    behind = known.behind.total_seconds() if known.behind is not None else None
    return SegmentFreshness(
        as_of=known.as_of, behind_seconds=behind, limit_minutes=known.limit_minutes, stale=known.stale
    )


def _snapshot(row: SegmentSnapshot) -> SegmentSnapshotView:
    return SegmentSnapshotView(
        id=row.id,
        segment_id=row.segment_id,
        size=row.size,
        taken_at=row.taken_at,
        taken_by=row.taken_by,
        as_of=row.as_of,
    )
