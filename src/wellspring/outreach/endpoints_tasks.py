"""The HTTP interface of what a broadcast has become: tasks of staff, touches of customers."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse

from wellspring.outreach import lifecycle, tasks, touches
from wellspring.outreach.permissions import READ, TASK_READ, TASK_REMIND, TOUCHES_EXPORT
from wellspring.outreach.schemas import TaskRow, TouchRow
from wellspring.outreach.service import get_broadcast
from wellspring.outreach.touches import TouchFilter
from wellspring.platform import audit, company_settings
from wellspring.platform.auth.actor import Actor
from wellspring.platform.export import ExportFormatParam, export_file
from wellspring.platform.export_limits import check_size
from wellspring.platform.http import DbSession, LanguageDep, Page, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router

router = make_router(prefix="/api/v1", tags=["outreach"])


def touch_filter(
    arm: Annotated[str | None, Query(max_length=20)] = None,
    status: Annotated[str | None, Query(max_length=20)] = None,
    reason: Annotated[str | None, Query(max_length=40)] = None,
    staff_id: Annotated[int | None, Query()] = None,
    task_id: Annotated[int | None, Query()] = None,
) -> TouchFilter:
    return TouchFilter(arm=arm, status=status, reason=reason, staff_id=staff_id, task_id=task_id)


TouchFilterDep = Annotated[TouchFilter, Depends(touch_filter)]
StatusQuery = Annotated[list[str] | None, Query(max_length=10)]


@router.get("/outreach/tasks")
def list_outreach_tasks(
    session: DbSession,
    platform: PlatformDep,
    paging: PagingDep,
    actor: Annotated[Actor, Depends(TASK_READ)],
    status: StatusQuery = None,
    staff_id: Annotated[int | None, Query()] = None,
    broadcast_id: Annotated[int | None, Query()] = None,
) -> Page[TaskRow]:
    """Tasks of the staff in scope, over all broadcasts; `status=created` are those that wait for the staff member."""
    return tasks.list_tasks(
        session, actor, paging, now=platform.clock.now(), broadcast_id=broadcast_id, status=status or (),
        staff_id=staff_id,
    )  # fmt: skip


@router.post("/outreach/tasks/{task_id}/remind", status_code=202)
def remind_outreach_task(
    task_id: int, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(TASK_REMIND)]
) -> TaskRow:
    """WeCom tells the staff member once more; three times in 24 hours at most."""
    task = tasks.get_task(session, actor, task_id)
    lifecycle.remind(session, platform, actor, task)
    return tasks.one_task(session, task, platform.clock.now())


@router.get("/broadcasts/{broadcast_id}/tasks")
def list_broadcast_tasks(
    broadcast_id: int,
    session: DbSession,
    platform: PlatformDep,
    paging: PagingDep,
    actor: Annotated[Actor, Depends(READ)],
    status: StatusQuery = None,
) -> Page[TaskRow]:
    """Progress per staff member."""
    broadcast = get_broadcast(session, actor, broadcast_id)
    return tasks.list_tasks(
        session, actor, paging, now=platform.clock.now(), broadcast_id=broadcast.id, status=status or (), staff_id=None
    )


@router.get("/broadcasts/{broadcast_id}/touches")
def list_broadcast_touches(
    broadcast_id: int,
    session: DbSession,
    paging: PagingDep,
    wanted: TouchFilterDep,
    language: LanguageDep,
    actor: Annotated[Actor, Depends(READ)],
) -> Page[TouchRow]:
    """Customer by customer: which arm, what happened, why not; `q` finds in the customer's name."""
    broadcast = get_broadcast(session, actor, broadcast_id)
    return touches.list_touches(session, broadcast.id, paging, wanted, language)


@router.get("/broadcasts/{broadcast_id}/touches/export")
def export_broadcast_touches(
    broadcast_id: int,
    session: DbSession,
    platform: PlatformDep,
    paging: PagingDep,
    wanted: TouchFilterDep,
    language: LanguageDep,
    format: ExportFormatParam,
    actor: Annotated[Actor, Depends(TOUCHES_EXPORT)],
) -> StreamingResponse:
    """The same rows as a file; audited."""
    broadcast = get_broadcast(session, actor, broadcast_id)
    check_size(session, touches.count_touches(session, broadcast.id, wanted, paging.q), format)
    audit.record(
        session, actor=actor, at=platform.clock.now(), action="outreach.touches.export", object_type="broadcast",
        object_id=broadcast.id, name=broadcast.name,
    )  # fmt: skip
    rows = touches.export_rows(platform.database, broadcast.id, wanted, paging.q, language)
    zone = company_settings.read(session).zone
    return export_file(f"touches-{broadcast.id}", touches.EXPORT_HEADER[language], rows, format, zone=zone)
