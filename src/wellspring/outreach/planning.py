"""From a submitted broadcast to tasks at WeCom, resumable at any line.

Each step below is one transaction that holds the broadcast's row, and begins by asking the database what is done
already. A process that dies leaves whole steps only; the job is taken up again and goes on behind the last one.

    snapshot -> a batch of touches (as many times as needed) -> the tasks of one staff member (each) -> open
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wellspring.care import facade as care
from wellspring.outreach import audience, ledger, lifecycle
from wellspring.outreach.content import Content, outbox_payload
from wellspring.outreach.drawing import arm_of
from wellspring.outreach.models import Broadcast, BroadcastTask, Touch
from wellspring.outreach.rules import parts, place
from wellspring.outreach.scopes import scope_of
from wellspring.people.facade import staff
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.runtime import Platform
from wellspring.segments.facade import snapshot_customers, take_snapshot
from wellspring.wecom.facade import plan_call

log = structlog.get_logger(__name__)

BATCH = 5_000
"""Customers per transaction: attention stays locked for well under a second."""


def plan(platform: Platform, broadcast_id: int, *, batch: int = BATCH) -> None:
    """Bring a submitted broadcast to `sending`; what is done already is not done again."""
    if not _step(platform, broadcast_id, _snapshot):
        return
    while _step(platform, broadcast_id, partial(_assign_batch, batch=batch)):
        pass
    for staff_id in _staff_without_task(platform, broadcast_id):
        if not _step(platform, broadcast_id, partial(_make_tasks, staff_id=staff_id)):
            return
    _step(platform, broadcast_id, _open)


Step = Callable[[Session, Platform, Broadcast], bool]


def _step(platform: Platform, broadcast_id: int, step: Step) -> bool:
    """One transaction; False when there is nothing (more) to do, as after a cancellation."""
    with platform.database.unit_of_work() as session:
        broadcast = ledger.lock_broadcast(session, broadcast_id)
        return broadcast.status == "planning" and step(session, platform, broadcast)


def _snapshot(session: Session, platform: Platform, broadcast: Broadcast) -> bool:
    if broadcast.snapshot_id is None:
        taken = take_snapshot(session, platform, broadcast.segment_id, scope_of(broadcast), SYSTEM)
        broadcast.snapshot_id = taken.id
        log.info("broadcast_snapshot", broadcast_id=broadcast.id, size=taken.size)
    return True


def _assign_batch(session: Session, platform: Platform, broadcast: Broadcast, batch: int) -> bool:
    """Place the next members of the snapshot; members go in the order of their ids, so the last touch says where."""
    assert broadcast.snapshot_id is not None
    after = session.scalar(select(func.max(Touch.assigned_customer_id)).where(Touch.broadcast_id == broadcast.id)) or 0
    snapshot = snapshot_customers(broadcast.snapshot_id)
    members = session.scalars(snapshot.where(snapshot.selected_columns[0] > after).limit(batch)).all()
    if not members:
        return False
    now = platform.clock.now()
    purpose = care.Purpose(broadcast.purpose)
    people = audience.look_at(session, scope_of(broadcast), members, taken=_taken(session, broadcast, members))
    placements = place(
        people,
        broadcast_id=broadcast.id,
        arm_of=arm_of(broadcast),
        ask_caps=lambda wanted: care.reserve(session, now=now, purpose=purpose, candidates=wanted),
        preview_caps=lambda wanted: care.preview(session, now=now, purpose=purpose, candidates=wanted),
    )
    ledger.assign(session, broadcast, placements, now=now)
    return True


def _taken(session: Session, broadcast: Broadcast, members: Sequence[int]) -> set[int]:
    """Survivors of the batch's members who have a touch of this broadcast from an earlier batch."""
    survivors = audience.survivors(session, members)
    rows = session.scalars(
        select(Touch.customer_id).where(
            Touch.broadcast_id == broadcast.id, Touch.customer_id == func.any(list(set(survivors.values())))
        )
    )
    return set(rows)


def _staff_without_task(platform: Platform, broadcast_id: int) -> list[int]:
    with platform.database.unit_of_work() as session:
        found = session.scalars(
            select(Touch.staff_id)
            .where(Touch.broadcast_id == broadcast_id, Touch.status == "assigned", Touch.task_id.is_(None))
            .distinct()
            .order_by(Touch.staff_id)
        )
        return [staff_id for staff_id in found if staff_id is not None]


def _make_tasks(session: Session, platform: Platform, broadcast: Broadcast, staff_id: int) -> bool:
    """All tasks of one staff member, with the calls that create them at WeCom."""
    rows = session.execute(
        select(Touch.id, Touch.external_userid)
        .where(
            Touch.broadcast_id == broadcast.id,
            Touch.staff_id == staff_id,
            Touch.status == "assigned",
            Touch.task_id.is_(None),
        )
        .order_by(Touch.assigned_customer_id)
    ).all()
    userid = staff(session, [staff_id])[staff_id].userid
    content = Content.model_validate(broadcast.content)
    now = platform.clock.now()
    for number, part in enumerate(parts(rows), start=1):
        task = BroadcastTask(
            broadcast_id=broadcast.id, staff_id=staff_id, part=number, customers=len(part), created_at=now
        )
        session.add(task)
        session.flush()
        ledger.put_in_task(session, task.id, [touch_id for touch_id, _ in part])
        task.outbox_id = plan_call(
            session,
            platform,
            kind="mass_message",
            idempotency_key=f"broadcast:{broadcast.id}:{staff_id}:{number}",
            payload=outbox_payload(content, sender=userid, external_userids=[str(one) for _, one in part]),
        )
    return True


def _open(session: Session, platform: Platform, broadcast: Broadcast) -> bool:
    broadcast.status, broadcast.error = "sending", None
    session.flush()
    lifecycle.finish_when_settled(session, broadcast, now=platform.clock.now())
    log.info("broadcast_opened", broadcast_id=broadcast.id, status=broadcast.status)
    return False
