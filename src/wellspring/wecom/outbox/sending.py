"""Makes a planned call: `sending` is committed before it, the outcome after it.

A lock that dies with the process is held all the while. Whoever finds a row `sending` with its lock free knows that
its sender died between call and record, or could not tell what happened: the row becomes `unknown` and WeCom is asked.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from wellspring.platform.errors import Refusal
from wellspring.platform.runtime import Platform
from wellspring.wecom.company import get_client
from wellspring.wecom.errors import (
    BadArgument,
    GiveUp,
    NotConnected,
    OutcomeUnknown,
    RetryLater,
    SlowDown,
    Unreachable,
    WecomError,
)
from wellspring.wecom.locks import try_alone
from wellspring.wecom.models import WecomOutbox
from wellspring.wecom.outbox.plan import SEND_JOB
from wellspring.wecom.outbox.registry import Executor, executor_of, settled_handlers

log = structlog.get_logger(__name__)

MAX_TRIES = 20
MAX_WAIT_SECONDS = 60
SURE_AFTER_ASKING = 2
ASK_GAP_SECONDS = 5
PATIENCE_LIMIT_SECONDS = 20.0
LOST_AFTER = timedelta(seconds=30)
OPEN = ("planned", "sending", "unknown")


def send(platform: Platform, outbox_id: int) -> None:
    """Bring one call as far as it goes now: make it, or ask about it. Alone with the row; somebody else at it: nothing."""
    with try_alone(platform, f"wecom.outbox:{outbox_id}") as held:
        if held:
            _advance(platform, outbox_id)


def _advance(platform: Platform, outbox_id: int) -> None:
    """At most: ask, find it absent or harmless, make it."""
    for _ in range(2):
        with platform.database.unit_of_work() as session:
            row = _begin(session, platform, outbox_id)
        if row is None:
            return
        if row.status == "unknown":
            _ask(platform, row)
            continue
        _make(platform, row)
        return


def _begin(session: Session, platform: Platform, outbox_id: int) -> WecomOutbox | None:
    row = session.get(WecomOutbox, outbox_id, with_for_update=True)
    if row is None or row.status not in OPEN:
        return None
    if row.outcome is not None:
        settle(session, platform, row, **row.outcome)
        return None
    if row.status == "planned":
        now = platform.clock.now()
        if row.not_after is not None and now > row.not_after:
            # The errcode says what it had been waiting for.
            settle(session, platform, row, status="refused", error=_unsure(row) or "too_late", errcode=row.errcode)
            return None
        row.status, row.sending_at = "sending", now
        row.attempts += 1
    elif row.status == "sending":
        row.status, row.error = "unknown", "the sender died between call and record"
    elif (session.scalar(select(func.now())) or row.due_at) < row.due_at:
        return None
    row.due_at = _database_time(session)
    return row


def _make(platform: Platform, row: WecomOutbox) -> None:
    executor = executor_of(row.kind)
    began = time.monotonic()
    while True:
        try:
            result = executor.make(platform, get_client(platform), row.payload)
        except (RetryLater, SlowDown) as error:
            if _patient(platform, executor, row, began):
                time.sleep(executor.patience or 0)
                continue
            _put_back(platform, row.id, error)
        except OutcomeUnknown as error:
            _mark_unknown(platform, row.id, error)
        except GiveUp as error:
            if error.errcode in executor.already | (executor.already_if_repeated if row.asked else frozenset()):
                _record(platform, row.id, status="done", result={}, errcode=error.errcode)
            else:
                reason = _unsure(row) or error.reason
                _record(platform, row.id, status="refused", error=reason, errcode=error.errcode)
        except WecomError as error:
            reason = f"bad_argument:{error.field}" if isinstance(error, BadArgument) else f"errcode_{error.errcode}"
            log.error("wecom_call_is_wrong", outbox_id=row.id, kind=row.kind, error=str(error)[:300])
            _record(platform, row.id, status="refused", error=reason, errcode=error.errcode)
        except Refusal as error:  # what the call needs from us is gone, a picture for one
            _record(platform, row.id, status="refused", error=error.code)
        else:
            _record(platform, row.id, status="done", result=result, errcode=0)
        return


def _unsure(row: WecomOutbox) -> str | None:
    """The reason of a refusal that can't undo what an earlier, unanswered call may have done."""
    return f"{row.kind}_outcome_unknown" if row.asked and executor_of(row.kind).already_if_repeated else None


def _patient(platform: Platform, executor: Executor, row: WecomOutbox, began: float) -> bool:
    if executor.patience is None or time.monotonic() - began > PATIENCE_LIMIT_SECONDS:
        return False
    return row.not_after is None or platform.clock.now() + timedelta(seconds=executor.patience) <= row.not_after


def _record(platform: Platform, outbox_id: int, **outcome: Any) -> None:
    """When those who want to know fail, the outcome itself is kept, so that it never has to be asked for."""
    try:
        with platform.database.unit_of_work() as session:
            row = session.get_one(WecomOutbox, outbox_id, with_for_update=True)
            if row.status in OPEN:
                settle(session, platform, row, **outcome)
    except Exception:
        with platform.database.unit_of_work() as session:
            row = session.get_one(WecomOutbox, outbox_id, with_for_update=True)
            if row.status in OPEN:
                row.outcome = outcome
        raise


def settle(
    session: Session,
    platform: Platform,
    row: WecomOutbox,
    *,
    status: str,
    result: dict[str, Any] | None = None,
    error: str | None = None,
    errcode: int | None = None,
) -> None:
    """The end of a call, in the transaction that also tells those who want to know."""
    row.status, row.error, row.errcode = status, error, errcode
    row.result = result or {}
    row.outcome = None
    row.settled_at = platform.clock.now()
    session.flush()
    for handler in settled_handlers(row.kind):
        handler(session, platform, row)


def _put_back(platform: Platform, outbox_id: int, error: WecomError) -> None:
    """Planned again, later: nothing has happened. What waits for WeCom to be there at all isn't counted as a try."""
    with platform.database.unit_of_work() as session:
        row = session.get_one(WecomOutbox, outbox_id, with_for_update=True)
        wait = min(2 ** min(row.attempts, 6), MAX_WAIT_SECONDS)
        if isinstance(error, Unreachable | NotConnected):
            open_for = (platform.clock.now() - row.created_at).total_seconds()
            wait = int(min(max(2, open_for / 4), MAX_WAIT_SECONDS))
            row.attempts -= 1
        elif isinstance(error, SlowDown) and error.errcode is None:
            row.attempts -= 1  # our own budget of calls: nothing was tried
        elif row.attempts >= MAX_TRIES:
            settle(session, platform, row, status="refused", error="tries_used_up", errcode=error.errcode)
            return
        if isinstance(error, SlowDown):
            wait = max(wait, int(error.seconds))
        row.status, row.sending_at = "planned", None
        row.error, row.errcode = f"{type(error).__name__}: {error}"[:300], error.errcode
        _again(session, platform, row, wait)


def _mark_unknown(platform: Platform, outbox_id: int, error: WecomError) -> None:
    with platform.database.unit_of_work() as session:
        row = session.get_one(WecomOutbox, outbox_id, with_for_update=True)
        row.status, row.error = "unknown", str(error)[:300]
        _again(session, platform, row, 1)


def _ask(platform: Platform, row: WecomOutbox) -> None:
    """Leaves the row settled, planned (it may be made), or unknown with a time to ask again."""
    executor = executor_of(row.kind)
    if executor.resolve is None:
        with platform.database.unit_of_work() as session:
            fresh = session.get_one(WecomOutbox, row.id, with_for_update=True)
            if executor.repeatable:
                # Remembered while it is made again: a refusal then doesn't say that the first one had no effect.
                fresh.status, fresh.asked = "planned", 1
            else:
                settle(session, platform, fresh, status="refused", error=f"{row.kind}_outcome_unknown")
        return
    try:
        resolution = executor.resolve(platform, get_client(platform), row)
    except WecomError as error:
        _ask_later(platform, row.id, note=f"{type(error).__name__}: {error}", count=False)
        return
    log.info("wecom_outcome_asked", outbox_id=row.id, kind=row.kind, outcome=resolution.outcome)
    if resolution.outcome == "done":
        _record(platform, row.id, status="done", result=resolution.result, errcode=0)
    elif resolution.outcome == "absent":
        _absent(platform, row.id)
    else:
        _ask_later(platform, row.id, note=resolution.note, candidates=resolution.candidates)


def _absent(platform: Platform, outbox_id: int) -> None:
    """WeCom's lists may lag behind its deeds: only a second answer, some seconds later, is believed."""
    with platform.database.unit_of_work() as session:
        row = session.get_one(WecomOutbox, outbox_id, with_for_update=True)
        row.asked += 1
        if row.asked >= SURE_AFTER_ASKING:
            row.status, row.asked, row.error = "planned", 0, None
            return
        row.error = "WeCom shows no trace of it so far"
        _again(session, platform, row, ASK_GAP_SECONDS)


def _ask_later(
    platform: Platform, outbox_id: int, *, note: str, candidates: list[str] | None = None, count: bool = True
) -> None:
    with platform.database.unit_of_work() as session:
        row = session.get_one(WecomOutbox, outbox_id, with_for_update=True)
        row.asked = 0
        row.error = note[:300]
        if candidates is not None:
            row.result = {"candidates": candidates[:20]}
        _again(session, platform, row, 10 if not count else 60)


def _again(session: Session, platform: Platform, row: WecomOutbox, seconds: int) -> None:
    row.due_at = _database_time(session) + timedelta(seconds=seconds)
    platform.jobs.defer(session, SEND_JOB, schedule_in_seconds=seconds, outbox_id=row.id)


def _database_time(session: Session) -> Any:
    return session.execute(select(func.clock_timestamp())).scalar_one()


def sweep(platform: Platform) -> int:
    """Defer a job for each open call that is overdue: its own was lost. Answers how many."""
    with platform.database.unit_of_work() as session:
        overdue = (
            select(WecomOutbox.id)
            .where(WecomOutbox.status.in_(OPEN), WecomOutbox.due_at < func.now() - LOST_AFTER)
            .order_by(WecomOutbox.id)
            .limit(500)
            .with_for_update(skip_locked=True)
        )
        lost = session.scalars(
            update(WecomOutbox).where(WecomOutbox.id.in_(overdue)).values(due_at=func.now()).returning(WecomOutbox.id)
        ).all()
        for outbox_id in lost:
            platform.jobs.defer(session, SEND_JOB, outbox_id=outbox_id)
    return len(lost)
