"""The life of a broadcast once it is submitted: what the outbox and WeCom report, cancelling, reminding."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from wellspring.care.facade import reasons
from wellspring.outreach import ledger
from wellspring.outreach.errors import NotRunning, NotWaiting, TooManyReminders
from wellspring.outreach.ledger import Outcome, lock_broadcast
from wellspring.outreach.models import Broadcast, BroadcastTask
from wellspring.outreach.rules import REMINDERS_PER_DAY, reminder_possible_after
from wellspring.platform import audit, company_settings
from wellspring.platform.auth.actor import Actor
from wellspring.platform.runtime import Platform
from wellspring.wecom.facade import WecomOutbox, plan_call

NOBODY_LEFT = "nobody_to_send_to"
"""WeCom's refusal when no customer of a call can be sent to (41048)."""
TAKEN_BACK_ALREADY = "already_cancelled"


def finish_when_settled(session: Session, broadcast: Broadcast, *, now: datetime) -> None:
    """Once every task is settled the broadcast is over."""
    if broadcast.status not in ("sending", "cancelling"):
        return
    session.flush()
    still_open = exists().where(BroadcastTask.broadcast_id == broadcast.id, BroadcastTask.settled_at.is_(None))
    if session.scalar(select(still_open)):
        return
    broadcast.status = "cancelled" if broadcast.status == "cancelling" else "finished"
    broadcast.finished_at = now


def mass_message_settled(session: Session, platform: Platform, row: WecomOutbox) -> None:
    """The call that creates a task has ended: it waits for the staff member, or WeCom refused it."""
    task = _task_of_outbox(session, row.id)
    if task is None:
        return
    now = platform.clock.now()
    broadcast = lock_broadcast(session, task.broadcast_id)
    if row.status == "done":
        _task_created(session, platform, broadcast, task, row, now)
    else:
        why = reasons.UNSENDABLE if row.error == NOBODY_LEFT else reasons.TASK_REFUSED
        ledger.finish_rest(session, broadcast, Outcome(why, now), task_id=task.id)
        task.status, task.error, task.settled_at = "refused", row.error, now
    finish_when_settled(session, broadcast, now=now)


def _task_created(
    session: Session, platform: Platform, broadcast: Broadcast, task: BroadcastTask, row: WecomOutbox, now: datetime
) -> None:
    task.msgid = str(row.result["msgid"])
    task.status = "created"
    unsendable = {str(one): Outcome(reasons.UNSENDABLE, now) for one in row.result.get("fail_list") or []}
    ledger.finish(session, broadcast, task.id, unsendable)
    if not ledger.advance(session, broadcast, task_id=task.id, to="tasked"):
        task.settled_at = now
    elif broadcast.status == "cancelling":
        _take_back(session, platform, task)


def cancel_settled(session: Session, platform: Platform, row: WecomOutbox) -> None:
    """WeCom took a task back, or it had been taken back: the last results are read, the rest is not sent."""
    task = _task_of_message(session, row)
    if task is None or task.settled_at is not None:
        return
    if row.status == "done" or row.error == TAKEN_BACK_ALREADY:
        task.status = "cancelling"
        ask_soon(task)
    else:
        task.error = row.error


def remind_settled(session: Session, platform: Platform, row: WecomOutbox) -> None:
    """A reminder that WeCom refused is told beside its task."""
    task = _task_of_message(session, row)
    if task is not None and task.settled_at is None:
        task.error = row.error if row.status == "refused" else None


def cancel(session: Session, platform: Platform, actor: Actor, broadcast: Broadcast) -> None:
    """Take back what no staff member has confirmed yet. What was sent can't be recalled, and a cancelled
    broadcast can't be taken up again. Repeating it changes nothing."""
    if broadcast.status in ("cancelling", "cancelled"):
        return
    broadcast = lock_broadcast(session, broadcast.id)
    if broadcast.status not in ("planning", "sending"):
        raise NotRunning()
    now = platform.clock.now()
    broadcast.status = "cancelling"
    ledger.finish_rest(session, broadcast, Outcome(reasons.TASK_CANCELLED, now), task_id=None)
    for task in session.scalars(
        select(BroadcastTask).where(BroadcastTask.broadcast_id == broadcast.id, BroadcastTask.status == "created")
    ):
        _take_back(session, platform, task)
    audit.record(
        session, actor=actor, at=now, action="outreach.broadcast.cancel", object_type="broadcast",
        object_id=broadcast.id, name=broadcast.name,
    )  # fmt: skip
    finish_when_settled(session, broadcast, now=now)


def _take_back(session: Session, platform: Platform, task: BroadcastTask) -> None:
    plan_call(
        session,
        platform,
        kind="mass_message_cancel",
        idempotency_key=f"broadcast_task:{task.id}:cancel",
        payload={"msgid": task.msgid, "task_id": task.id},
    )


def remind(session: Session, platform: Platform, actor: Actor, task: BroadcastTask) -> None:
    """WeCom tells the staff member once more; at most three times in 24 hours."""
    session.refresh(task, with_for_update=True)
    if task.status != "created" or task.msgid is None:
        raise NotWaiting()
    now = platform.clock.now()
    if (after := reminder_possible_after(task.reminders, now)) is not None:
        zone = company_settings.read(session).zone
        raise TooManyReminders(limit=REMINDERS_PER_DAY, after=f"{after.astimezone(zone):%m-%d %H:%M}")
    task.reminders = [*task.reminders, now.isoformat()]
    plan_call(
        session,
        platform,
        kind="mass_message_remind",
        idempotency_key=f"broadcast_task:{task.id}:remind:{len(task.reminders)}",
        payload={"msgid": task.msgid, "task_id": task.id},
    )
    ask_soon(task)
    audit.record(
        session, actor=actor, at=now, action="outreach.task.remind", object_type="broadcast_task", object_id=task.id
    )


def ask_soon(task: BroadcastTask) -> None:
    """WeCom is asked about the task at the next tick."""
    task.reconciled_at, task.checks = None, 0


def _task_of_outbox(session: Session, outbox_id: int) -> BroadcastTask | None:
    return session.scalar(select(BroadcastTask).where(BroadcastTask.outbox_id == outbox_id))


def _task_of_message(session: Session, row: WecomOutbox) -> BroadcastTask | None:
    return session.scalar(
        select(BroadcastTask).where(BroadcastTask.msgid == str(row.payload["msgid"])).with_for_update()
    )
