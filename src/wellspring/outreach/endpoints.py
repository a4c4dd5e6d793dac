"""The HTTP interface of outreach: broadcasts from draft to result. Tasks and touches: endpoints_tasks."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from wellspring.outreach import lifecycle, reading, service
from wellspring.outreach.endpoints_tasks import router as tasks_router
from wellspring.outreach.permissions import READ, SUBMIT, WRITE
from wellspring.outreach.rehearsal_view import rehearsal_of
from wellspring.outreach.result_view import result_of
from wellspring.outreach.schemas import BroadcastDetail, BroadcastRow, BroadcastWish, RehearsalView, ResultView
from wellspring.platform.auth.actor import Actor
from wellspring.platform.http import DbSession, LanguageDep, Page, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router

router = make_router(tags=["outreach"])
api = make_router(prefix="/api/v1", tags=["outreach"])

Reader = Annotated[Actor, Depends(READ)]
Writer = Annotated[Actor, Depends(WRITE)]
Submitter = Annotated[Actor, Depends(SUBMIT)]


@api.get("/broadcasts")
def list_broadcasts(
    session: DbSession,
    paging: PagingDep,
    actor: Reader,
    status: Annotated[list[str], Query(max_length=10)] = [],  # noqa: B006 - FastAPI copies it
    purpose: Annotated[str | None, Query(max_length=30)] = None,
    segment_id: Annotated[int | None, Query()] = None,
) -> Page[BroadcastRow]:
    """Newest first; sort by created_at, submitted_at, name, status; `q` finds in the name."""
    return reading.list_broadcasts(session, actor, paging, status=status, purpose=purpose, segment_id=segment_id)


@api.post("/broadcasts", status_code=201)
def create_broadcast(
    body: BroadcastWish, session: DbSession, platform: PlatformDep, language: LanguageDep, actor: Writer
) -> BroadcastDetail:
    """A draft; it reaches nobody outside the data scope of who made it."""
    made = service.create_broadcast(session, platform, actor, _wish(body))
    return reading.detail(session, made, language)


@api.get("/broadcasts/{broadcast_id}")
def read_broadcast(broadcast_id: int, session: DbSession, language: LanguageDep, actor: Reader) -> BroadcastDetail:
    return reading.detail(session, service.get_broadcast(session, actor, broadcast_id), language)


@api.put("/broadcasts/{broadcast_id}")
def change_broadcast(
    broadcast_id: int,
    body: BroadcastWish,
    session: DbSession,
    platform: PlatformDep,
    language: LanguageDep,
    actor: Writer,
) -> BroadcastDetail:
    """Only while it is a draft."""
    changed = service.change_broadcast(session, platform, actor, broadcast_id, _wish(body))
    return reading.detail(session, changed, language)


@api.delete("/broadcasts/{broadcast_id}", status_code=204)
def delete_broadcast(broadcast_id: int, session: DbSession, platform: PlatformDep, actor: Writer) -> None:
    """Only while it is a draft."""
    service.delete_broadcast(session, platform, actor, broadcast_id)


@api.post("/broadcasts/{broadcast_id}/rehearsal")
def rehearse_broadcast(
    broadcast_id: int, session: DbSession, platform: PlatformDep, language: LanguageDep, actor: Writer
) -> RehearsalView:
    """Who would get it, who would not and why, who would have to send how much. Nothing is written."""
    broadcast = service.get_broadcast(session, actor, broadcast_id)
    return rehearsal_of(session, platform, broadcast, language)


@api.post("/broadcasts/{broadcast_id}/submit", status_code=202)
def submit_broadcast(
    broadcast_id: int, session: DbSession, platform: PlatformDep, language: LanguageDep, actor: Submitter
) -> BroadcastDetail:
    """Take the audience down, draw the control group, reserve attention, make the tasks at WeCom. Nothing is sent
    before the staff member confirms; what was sent can't be recalled. Submitting again changes nothing."""
    broadcast = service.submit_broadcast(session, platform, actor, broadcast_id)
    return reading.detail(session, broadcast, language)


@api.post("/broadcasts/{broadcast_id}/cancel", status_code=202)
def cancel_broadcast(
    broadcast_id: int, session: DbSession, platform: PlatformDep, language: LanguageDep, actor: Submitter
) -> BroadcastDetail:
    """Take back what nobody has confirmed yet; this can't be undone, and what was sent stays sent."""
    broadcast = service.get_broadcast(session, actor, broadcast_id)
    lifecycle.cancel(session, platform, actor, broadcast)
    return reading.detail(session, broadcast, language)


@api.get("/broadcasts/{broadcast_id}/result")
def read_broadcast_result(broadcast_id: int, session: DbSession, platform: PlatformDep, actor: Reader) -> ResultView:
    """Treated against control, everybody assigned counts; only after submission."""
    return result_of(session, platform, service.get_broadcast(session, actor, broadcast_id))


def _wish(body: BroadcastWish) -> service.Wish:
    return service.Wish(
        name=body.name,
        segment_id=body.segment_id,
        purpose=body.purpose,
        content=body.content,
        control_percent=body.control_percent,
        result_days=body.result_days,
    )


router.include_router(api)
router.include_router(tasks_router)
