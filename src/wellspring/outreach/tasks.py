"""Tasks per staff member as they are shown: of one broadcast, or of everybody in scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from wellspring.outreach.errors import TaskNotFound
from wellspring.outreach.models import Broadcast, BroadcastTask, Touch
from wellspring.outreach.reading import order_by
from wellspring.outreach.rules import OPEN_STATUSES, reminder_possible_after
from wellspring.outreach.schemas import TaskRow, TaskStatus
from wellspring.outreach.scopes import tasks_in_scope
from wellspring.people.facade import StaffMember, staff
from wellspring.platform.auth.actor import Actor
from wellspring.platform.http import Page, Paging

SORTS: Mapping[str, Any] = {
    "created_at": BroadcastTask.created_at,
    "confirmed_at": BroadcastTask.confirmed_at,
    "customers": BroadcastTask.customers,
    "status": BroadcastTask.status,
    "staff_name": StaffMember.name,
}


def get_task(session: Session, actor: Actor, task_id: int) -> BroadcastTask:
    """Raises TaskNotFound, also for staff outside the actor's scope."""
    found = session.scalar(select(BroadcastTask).where(BroadcastTask.id == task_id, tasks_in_scope(actor.scope)))
    if found is None:
        raise TaskNotFound(what="")
    return found


def list_tasks(
    session: Session,
    actor: Actor,
    paging: Paging,
    *,
    now: datetime,
    broadcast_id: int | None,
    status: Sequence[str],
    staff_id: int | None,
) -> Page[TaskRow]:
    where: list[ColumnElement[bool]] = [tasks_in_scope(actor.scope)]
    if broadcast_id is not None:
        where.append(BroadcastTask.broadcast_id == broadcast_id)
    if status:
        where.append(BroadcastTask.status.in_(status))
    if staff_id is not None:
        where.append(BroadcastTask.staff_id == staff_id)
    if paging.q:
        where.append(
            or_(
                StaffMember.name.icontains(paging.q, autoescape=True),
                Broadcast.name.icontains(paging.q, autoescape=True),
            )
        )
    base = (
        select(BroadcastTask, Broadcast.name)
        .join(Broadcast, Broadcast.id == BroadcastTask.broadcast_id)
        .join(StaffMember, StaffMember.id == BroadcastTask.staff_id)
        .where(*where)
    )
    total = session.scalar(select(func.count()).select_from(base.subquery())) or 0
    found = session.execute(
        base.order_by(*order_by(paging.sort, SORTS, "-created_at", BroadcastTask.id))
        .offset(paging.offset)
        .limit(paging.page_size)
    ).all()
    return Page(
        items=_rows(session, [(task, name) for task, name in found], now),
        total=total,
        page=paging.page,
        page_size=paging.page_size,
    )


def one_task(session: Session, task: BroadcastTask, now: datetime) -> TaskRow:
    session.flush()
    name = session.scalar(select(Broadcast.name).where(Broadcast.id == task.broadcast_id)) or ""
    return _rows(session, [(task, name)], now)[0]


def _rows(session: Session, found: Sequence[tuple[BroadcastTask, str]], now: datetime) -> list[TaskRow]:
    members = staff(session, [task.staff_id for task, _ in found])
    touches = _touch_counts(session, [task.id for task, _ in found])
    return [
        TaskRow(
            id=task.id,
            broadcast_id=task.broadcast_id,
            broadcast_name=name,
            staff_id=task.staff_id,
            staff_name=members[task.staff_id].name,
            store_name=members[task.staff_id].store_name,
            part=task.part,
            status=cast(TaskStatus, task.status),
            customers=task.customers,
            waiting=sum(touches[task.id, status] for status in OPEN_STATUSES),
            delivered=touches[task.id, "delivered"],
            refused=touches[task.id, "refused"],
            created_at=task.created_at,
            confirmed_at=task.confirmed_at,
            settled_at=task.settled_at,
            reminders=[datetime.fromisoformat(one) for one in task.reminders],
            reminder_possible_after=reminder_possible_after(task.reminders, now),
            error=task.error,
        )
        for task, name in found
    ]


def _touch_counts(session: Session, task_ids: Sequence[int]) -> Counter[tuple[int, str]]:
    rows = session.execute(
        select(Touch.task_id, Touch.status, func.count())
        .where(Touch.task_id.in_(task_ids))
        .group_by(Touch.task_id, Touch.status)
    )
    return Counter({(task_id, status): number for task_id, status, number in rows if task_id is not None})
