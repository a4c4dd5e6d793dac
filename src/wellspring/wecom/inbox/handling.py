"""Handles what was taken in: read WeCom outside the transaction, apply inside it, alone with the object."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from wellspring.platform.jobs import give_way_to_urgent
from wellspring.platform.runtime import Platform
from wellspring.wecom.errors import NotThereYet, OutcomeUnknown, RenewToken, RetryLater, SlowDown
from wellspring.wecom.inbox import catching_up
from wellspring.wecom.inbox.intake import HANDLE_JOB, WELCOME_JOB, batched
from wellspring.wecom.inbox.registry import EventContext, EventHandler, Fields, handlers_of
from wellspring.wecom.locks import alone
from wellspring.wecom.models import WecomInbox
from wellspring.wecom.outbox.plan import urgent_calls

log = structlog.get_logger(__name__)

MAX_FAILURES = 6
MAX_WAIT_SECONDS = 60
LOOK_AGAIN_SECONDS = 2
"""When another worker handles a member's edits together."""
LOST_AFTER = timedelta(seconds=30)
KEEP = timedelta(days=30)
"""What was handled is kept so long for people to look at; WeCom sends a callback again for seconds, not days."""
FORGET_AT_ONCE = 5_000
AWAY = (RetryLater, SlowDown, RenewToken, OutcomeUnknown, OperationalError)
"""Not the handler's fault: waits as long as it takes."""


def handle_many(platform: Platform, inbox_ids: Sequence[int]) -> None:
    """Handle callbacks; any failure is recorded with its next attempt, none escapes."""
    elsewhere = _catch_up(platform, inbox_ids)
    if elsewhere:
        with platform.database.unit_of_work() as session:
            platform.jobs.defer(session, HANDLE_JOB, schedule_in_seconds=LOOK_AGAIN_SECONDS, inbox_ids=elsewhere)
    for inbox_id in inbox_ids:
        if inbox_id not in elsewhere:
            give_way_to_urgent()
            handle(platform, inbox_id)


def _catch_up(platform: Platform, inbox_ids: Sequence[int]) -> list[int]:
    """Where many edits wait for one member they are handled together first. Failing that each has its own turn. Answers
    those that another worker is handling together just now."""
    query = select(WecomInbox.id, WecomInbox.fields["UserID"].astext).where(
        WecomInbox.id.in_(inbox_ids),
        WecomInbox.status == "pending",
        WecomInbox.event == catching_up.EVENT,
        WecomInbox.change_type == catching_up.CHANGE,
    )
    with platform.database.unit_of_work() as session:
        member_of = {inbox_id: userid for inbox_id, userid in session.execute(query) if userid}
        members = catching_up.busy_members(session, set(member_of.values()))
    others: set[str] = set()
    for userid in members:
        try:
            if not catching_up.catch_up(platform, userid):
                others.add(userid)
        except Exception as error:
            log.warning("wecom_catching_up_failed", userid=userid, error=repr(error)[:300])
    return sorted(inbox_id for inbox_id, userid in member_of.items() if userid in others)


def handle(platform: Platform, inbox_id: int) -> list[int]:
    """Handle one callback; any failure is recorded with its next attempt, none escapes. Answers the urgent calls that it
    planned."""
    planned: list[int] = []
    with platform.database.unit_of_work() as session:
        row = session.get(WecomInbox, inbox_id)
        if row is None or row.status != "pending":
            return planned
        fields, handlers = dict(row.fields), handlers_of(row.event, row.change_type)
        if not handlers:
            row.status, row.error = "ignored", "no_handler"
            row.handled_at = platform.clock.now()
            return planned
    try:
        with alone(platform, f"wecom.object:{object_of(fields)}"):
            _handle_alone(platform, inbox_id, fields, handlers, planned)
    except Exception as error:
        if isinstance(error, NotThereYet):
            log.info("wecom_event_waits", inbox_id=inbox_id, error=str(error))
        else:
            log.warning("wecom_event_failed", inbox_id=inbox_id, error=repr(error)[:500])
        with platform.database.unit_of_work() as session:
            _record_failure(session, platform, inbox_id, error)
    return planned


def object_of(fields: Fields) -> str:
    """The object whose callbacks are handled one after the other: a customer, a group chat; else the whole kind,
    because tags and directory are re-read as a whole."""
    return fields.get("ExternalUserID") or fields.get("ChatId") or fields.get("Event", "")


def _handle_alone(
    platform: Platform, inbox_id: int, fields: Fields, handlers: list[EventHandler], planned: list[int]
) -> None:
    with platform.database.unit_of_work() as session:
        repeats = session.scalar(
            select(WecomInbox.repeats).where(WecomInbox.id == inbox_id, WecomInbox.status == "pending")
        )
    if repeats is None:
        return
    read_at = platform.clock.now()
    try:
        readings = [handler.read(platform, fields) if handler.read else None for handler in handlers]
    except AWAY:
        planned += _do_what_is_urgent(platform, inbox_id, fields, handlers)
        raise
    with platform.database.unit_of_work() as session:
        row = session.get_one(WecomInbox, inbox_id, with_for_update=True)
        if row.status != "pending":
            return
        context = EventContext(session, platform, fields, row.sent_at, row.received_at, read_at, inbox_id)
        for handler, reading in zip(handlers, readings, strict=True):
            handler.apply(context, reading)
        row.attempts += 1
        row.read_at, row.error = read_at, None
        if row.repeats != repeats:  # came again while the object was being read: it is read once more
            platform.jobs.defer(session, HANDLE_JOB, inbox_ids=[inbox_id])
            return
        row.status, row.handled_at = "done", platform.clock.now()
    planned += urgent_calls(session)


def _do_what_is_urgent(platform: Platform, inbox_id: int, fields: Fields, handlers: list[EventHandler]) -> list[int]:
    """A welcome doesn't wait until WeCom says who the customer is: its code dies after twenty seconds. Answers the
    urgent calls planned."""
    urgent = [handler.unread for handler in handlers if handler.unread and fields.get("WelcomeCode")]
    if not urgent:
        return []
    with platform.database.unit_of_work() as session:
        row = session.get_one(WecomInbox, inbox_id, with_for_update=True)
        if row.status != "pending":
            return []
        context = EventContext(session, platform, fields, row.sent_at, row.received_at, row.sent_at, inbox_id)
        for unread in urgent:
            unread(context, None)
    return urgent_calls(session)


def _record_failure(session: Session, platform: Platform, inbox_id: int, error: Exception) -> None:
    row = session.get_one(WecomInbox, inbox_id, with_for_update=True)
    if row.status != "pending":
        return
    row.attempts += 1
    row.error = f"{type(error).__name__}: {error}"[:500]
    if not isinstance(error, AWAY):
        row.failures += 1
    if row.failures >= MAX_FAILURES:
        row.status, row.handled_at = "failed", platform.clock.now()
        return
    wait = min(2 ** min(row.attempts, 6), MAX_WAIT_SECONDS)
    row.due_at = session.execute(select(func.now())).scalar_one() + timedelta(seconds=wait)
    job = WELCOME_JOB if row.fields.get("WelcomeCode") else HANDLE_JOB
    platform.jobs.defer(session, job, schedule_in_seconds=wait, inbox_ids=[inbox_id])


def retry(session: Session, platform: Platform, row: WecomInbox) -> None:
    """Give a failed or ignored callback another round of attempts."""
    row.status, row.failures, row.error, row.handled_at = "pending", 0, None, None
    row.due_at = session.execute(select(func.now())).scalar_one()
    platform.jobs.defer(session, HANDLE_JOB, inbox_ids=[row.id])


def sweep(platform: Platform) -> int:
    """Defer jobs for callbacks that are overdue: their own were lost. Answers how many."""
    with platform.database.unit_of_work() as session:
        lost = session.scalars(
            update(WecomInbox)
            .where(
                WecomInbox.id.in_(
                    select(WecomInbox.id)
                    .where(WecomInbox.status == "pending", WecomInbox.due_at < func.now() - LOST_AFTER)
                    .order_by(WecomInbox.id)
                    .limit(500)
                    .with_for_update(skip_locked=True)
                )
            )
            .values(due_at=func.now())
            .returning(WecomInbox.id)
        ).all()
        platform.jobs.defer_many(session, HANDLE_JOB, [{"inbox_ids": part} for part in batched(sorted(lost))])
    return len(lost)


def forget(platform: Platform) -> int:
    """Remove some of what was handled or ignored more than `KEEP` ago; answers how many. Failed ones stay."""
    with platform.database.unit_of_work() as session:
        old = (
            select(WecomInbox.id)
            .where(WecomInbox.status.in_(("done", "ignored")), WecomInbox.handled_at < platform.clock.now() - KEEP)
            .order_by(WecomInbox.id)
            .limit(FORGET_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        return len(session.scalars(delete(WecomInbox).where(WecomInbox.id.in_(old)).returning(WecomInbox.id)).all())
