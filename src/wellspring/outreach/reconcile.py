"""What became of the tasks: WeCom sends no callback for it, so it is asked, task by task, outside any transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from wellspring.care.facade import reasons
from wellspring.outreach import ledger, lifecycle
from wellspring.outreach.ledger import Outcome, lock_broadcast
from wellspring.outreach.models import BroadcastTask
from wellspring.outreach.rules import UNSENT_AFTER
from wellspring.people.facade import friends_refused, staff
from wellspring.platform.runtime import Platform
from wellspring.wecom.facade import (
    GiveUp,
    OurMistake,
    RetryLater,
    SlowDown,
    WecomClient,
    WecomError,
    get_client,
)

log = structlog.get_logger(__name__)

TASKS_PER_PASS = 50
"""One pass asks about this many tasks at most, those that were asked least lately first: some 17 calls a second."""

CONFIRMED = 2
"""Of a member's task in get_groupmsg_task."""
OUTCOMES = {1: "", 2: reasons.REFUSED_NOT_FRIEND, 3: reasons.REFUSED_PLATFORM_QUOTA}
"""Status of a customer in get_groupmsg_send_result -> our reason; 0 (not sent) is no outcome yet."""


@dataclass(frozen=True)
class OpenTask:
    id: int
    msgid: str
    userid: str
    cancelling: bool


@dataclass(frozen=True)
class Observation:
    """What WeCom said. `confirmed_at`: when the staff member sent it. `outcomes`: by external_userid."""

    confirmed_at: datetime | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    problem: str | None = None


def reconcile(platform: Platform, *, everything: bool = False) -> int:
    """Ask about open tasks and record the news; returns how many tasks changed. `everything`: also those that
    were asked a moment ago."""
    with platform.database.unit_of_work() as session:
        tasks = _due(session, everything=everything)
    if not tasks:
        return 0
    changed = 0
    try:
        client = get_client(platform)
        for task in tasks:
            changed += record(platform, task, _ask(client, task))
    except (RetryLater, SlowDown) as error:
        # Nothing is lost: the next pass asks again.
        log.info("reconcile_waits", error=str(error)[:200])
    return changed


def _due(session: Session, *, everything: bool) -> list[OpenTask]:
    """A task without news is asked less and less often: every 3 s at first, once a minute in the end."""
    paced = (
        ""
        if everything
        else " and (reconciled_at is null or reconciled_at"
        " + make_interval(secs => least(60, 2.5 + 0.02 * checks)) < clock_timestamp())"
    )
    rows = session.execute(
        text(
            "select id, msgid, staff_id, status = 'cancelling' from broadcast_task where settled_at is null"  # noqa: S608
            f" and msgid is not null and status in ('created', 'confirmed', 'cancelling'){paced}"
            " order by reconciled_at nulls first limit :limit"
        ),
        {"limit": 1_000_000 if everything else TASKS_PER_PASS},
    ).all()
    members = staff(session, [row[2] for row in rows])
    return [
        OpenTask(task_id, msgid, members[staff_id].userid, cancelling) for task_id, msgid, staff_id, cancelling in rows
    ]


def _ask(client: WecomClient, task: OpenTask) -> Observation:
    try:
        mine = next((one for one in client.messages.tasks(task.msgid) if one.userid == task.userid), None)
        if mine is None or (mine.status != CONFIRMED and not task.cancelling):
            return Observation()
        confirmed_at = _instant(mine.send_time) if mine.status == CONFIRMED else None
        outcomes = {
            one.external_userid: Outcome(OUTCOMES[one.status], _instant(one.send_time or mine.send_time))
            for one in client.messages.results(task.msgid, task.userid)
            if one.status in OUTCOMES and (one.send_time or mine.send_time)
        }
        return Observation(confirmed_at, outcomes)
    except (GiveUp, OurMistake) as error:
        return Observation(problem=_problem(error))


def _problem(error: WecomError) -> str:
    return error.reason if isinstance(error, GiveUp) else str(error)[:200]


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def record(platform: Platform, asked: OpenTask, seen: Observation) -> bool:
    """Write down what WeCom said about one task; saying it again changes nothing. True when there was news."""
    with platform.database.unit_of_work() as session:
        broadcast_id = session.scalar(select(BroadcastTask.broadcast_id).where(BroadcastTask.id == asked.id))
        assert broadcast_id is not None
        broadcast = lock_broadcast(session, broadcast_id)
        task = session.get_one(BroadcastTask, asked.id, with_for_update=True, populate_existing=True)
        if task.settled_at is not None:
            return False
        now = platform.clock.now()
        before = (task.status, task.error)
        task.error = seen.problem
        ended = ledger.finish(session, broadcast, task.id, seen.outcomes)
        friends_refused(
            session,
            platform,
            [
                (asked.userid, external_userid, outcome.at)
                for external_userid, outcome in seen.outcomes.items()
                if outcome.reason == reasons.REFUSED_NOT_FRIEND
            ],
        )
        if seen.confirmed_at is not None and task.confirmed_at is None:
            task.confirmed_at = seen.confirmed_at
            if task.status == "created":
                task.status = "confirmed"
        # A cancellation may have come in between: only what WeCom said after it ends the rest.
        if asked.cancelling:
            ended += ledger.finish_rest(session, broadcast, Outcome(reasons.TASK_CANCELLED, now), task_id=task.id)
        elif task.confirmed_at is not None:
            ledger.advance(session, broadcast, task_id=task.id, to="confirmed")
            if now - task.confirmed_at > UNSENT_AFTER:
                unsent = Outcome(reasons.NOT_SENT_BY_STAFF, now)
                ended += ledger.finish_rest(session, broadcast, unsent, task_id=task.id)
        _close(session, task, now)
        news = bool(ended) or (task.status, task.error) != before or task.settled_at is not None
        task.reconciled_at = session.scalar(text("select clock_timestamp()"))
        task.checks = 0 if news else task.checks + 1
        lifecycle.finish_when_settled(session, broadcast, now=now)
        return news


def _close(session: Session, task: BroadcastTask, now: datetime) -> None:
    """A task is settled when every customer of it has an outcome."""
    if (task.status == "created") or ledger.open_in_task(session, task.id):
        return
    if task.status == "cancelling":
        task.status = "confirmed" if task.confirmed_at else "cancelled"
    task.settled_at = now
