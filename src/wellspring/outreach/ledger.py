"""The touch ledger: the only place that writes touches. Every change moves the attention it holds, the customer's
timeline and the broadcast's counts in the same transaction; the caller holds the broadcast's row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.care.facade import settle
from wellspring.outreach.models import Broadcast
from wellspring.outreach.rules import OPEN_STATUSES, Placement, TouchStatus, read_counts, reference, write_counts
from wellspring.people.facade import EventFact, record_events

SOURCE = "outreach"


@dataclass(frozen=True)
class Outcome:
    """How a touch ended. `reason` is empty exactly when it was delivered."""

    reason: str
    at: datetime

    @property
    def status(self) -> TouchStatus:
        return "refused" if self.reason else "delivered"


def lock_broadcast(session: Session, broadcast_id: int) -> Broadcast:
    """The broadcast, held until the transaction ends: taken before its tasks and touches, by everyone."""
    broadcast = session.get_one(Broadcast, broadcast_id, with_for_update=True, populate_existing=True)
    return broadcast


def assign(session: Session, broadcast: Broadcast, placements: Sequence[Placement], *, now: datetime) -> int:
    """Write the touches of a batch; what is written already stays. Returns how many are new."""
    if not placements:
        return 0
    rows = session.execute(
        text(
            "insert into touch (broadcast_id, assigned_customer_id, customer_id, arm, staff_id, external_userid,"
            " status, reason, assigned_at, settled_at)"
            " select :broadcast, a, c, arm, s, e, st, r, :now, case when st = 'withheld' then cast(:now as timestamptz)"
            " end from unnest(cast(:assigned as bigint[]), cast(:customers as bigint[]), cast(:arms as text[]),"
            " cast(:staff as bigint[]), cast(:external as text[]), cast(:statuses as text[]), cast(:reasons as text[]))"
            " as x(a, c, arm, s, e, st, r) on conflict (broadcast_id, assigned_customer_id) do nothing"
            " returning arm, status, reason"
        ),
        {
            "broadcast": broadcast.id,
            "now": now,
            "assigned": [one.person.assigned_id for one in placements],
            "customers": [one.person.customer_id for one in placements],
            "arms": [one.arm for one in placements],
            "staff": [one.sender.staff_id if one.sender else None for one in placements],
            "external": [one.sender.external_userid if one.sender else None for one in placements],
            "statuses": [one.status for one in placements],
            "reasons": [one.reason for one in placements],
        },
    ).all()
    _count(broadcast, {}, Counter((arm, status, reason) for arm, status, reason in rows))
    return len(rows)


def put_in_task(session: Session, task_id: int, touch_ids: Sequence[int]) -> None:
    session.execute(
        text("update touch set task_id = :task where id = any(:ids)"), {"task": task_id, "ids": list(touch_ids)}
    )


def advance(session: Session, broadcast: Broadcast, *, task_id: int, to: TouchStatus) -> int:
    """Open touches of a task reach `tasked` or `confirmed`; returns how many moved."""
    before: tuple[TouchStatus, ...] = ("assigned",) if to == "tasked" else ("assigned", "tasked")
    rows = session.execute(
        text(
            "update touch t set status = :to from (select id, status from touch where task_id = :task"
            " and status = any(:before)) old where t.id = old.id returning t.arm, old.status"
        ),
        {"to": to, "task": task_id, "before": list(before)},
    ).all()
    _count(
        broadcast,
        Counter((arm, old, "") for arm, old in rows),
        Counter((arm, str(to), "") for arm, _ in rows),
    )
    return len(rows)


def finish(session: Session, broadcast: Broadcast, task_id: int, outcomes: Mapping[str, Outcome]) -> int:
    """Record how the touches of a task ended, by external_userid; what has ended stays. Returns how many ended now."""
    if not outcomes:
        return 0
    rows = session.execute(
        text(
            _FINISH.format(
                source="select o.id, o.status, x.st, x.r, x.at from touch o join unnest(cast(:keys as text[]),"
                " cast(:statuses as text[]), cast(:reasons as text[]), cast(:ats as timestamptz[])) as x(e, st, r, at)"
                " on o.external_userid = x.e where o.task_id = :task and o.status = any(:open)"
            )
        ),
        {
            "task": task_id,
            "open": list(OPEN_STATUSES),
            "keys": list(outcomes),
            "statuses": [one.status for one in outcomes.values()],
            "reasons": [one.reason for one in outcomes.values()],
            "ats": [one.at for one in outcomes.values()],
        },
    ).all()
    return _announce(session, broadcast, [_Ended(*row) for row in rows])


def finish_rest(session: Session, broadcast: Broadcast, outcome: Outcome, *, task_id: int | None) -> int:
    """End what is still open of a task, or (`task_id` None) what has no task yet, one way for all."""
    which = "o.task_id = :task" if task_id is not None else "o.broadcast_id = :broadcast and o.task_id is null"
    rows = session.execute(
        text(
            _FINISH.format(
                source="select o.id, o.status, cast(:status as text), cast(:reason as text),"  # noqa: S608
                f" cast(:at as timestamptz) from touch o where {which} and o.status = any(:open)"
            )
        ),
        {
            "task": task_id,
            "broadcast": broadcast.id,
            "open": list(OPEN_STATUSES),
            "status": outcome.status,
            "reason": outcome.reason,
            "at": outcome.at,
        },
    ).all()
    return _announce(session, broadcast, [_Ended(*row) for row in rows])


def open_in_task(session: Session, task_id: int) -> int:
    return int(
        session.scalar(
            text("select count(*) from touch where task_id = :task and status = any(:open)"),
            {"task": task_id, "open": list(OPEN_STATUSES)},
        )
        or 0
    )


_FINISH = (
    "with ending(id, old, st, r, at) as ({source})"
    " update touch t set status = e.st, reason = e.r, settled_at = e.at from ending e where t.id = e.id"
    " returning t.id, t.assigned_customer_id, t.customer_id, t.staff_id, t.arm, e.old, t.status, t.reason, t.settled_at"
)


@dataclass(frozen=True)
class _Ended:
    id: int
    assigned_customer_id: int
    customer_id: int
    staff_id: int | None
    arm: str
    old_status: str
    status: str
    reason: str
    at: datetime


def _announce(session: Session, broadcast: Broadcast, ended: Sequence[_Ended]) -> int:
    """What else a touch's end means: its attention is spent or given back, the customer's timeline tells it."""
    if not ended:
        return 0
    _count(
        broadcast,
        Counter((one.arm, one.old_status, "") for one in ended),
        Counter((one.arm, one.status, one.reason) for one in ended),
    )
    groups: dict[tuple[str, datetime], list[str]] = defaultdict(list)
    for one in ended:
        groups[one.status, one.at].append(reference(broadcast.id, one.assigned_customer_id))
    for (status, at), references in groups.items():
        settle(session, references=references, outcome="spent" if status == "delivered" else "released", now=at)
    record_events(session, [_event(broadcast, one) for one in ended])
    return len(ended)


def _event(broadcast: Broadcast, ended: _Ended) -> EventFact:
    data: dict[str, object] = {"broadcast_id": broadcast.id, "broadcast_name": broadcast.name, "touch_id": ended.id}
    if ended.reason:
        data["reason"] = ended.reason
    return EventFact(
        customer_id=ended.customer_id,
        kind="message_refused" if ended.reason else "message_delivered",
        occurred_at=ended.at,
        source=SOURCE,
        idempotency_key=f"touch:{ended.id}",
        staff_id=ended.staff_id,
        data=data,
    )


def _count(
    broadcast: Broadcast, minus: Mapping[tuple[str, str, str], int], plus: Mapping[tuple[str, str, str], int]
) -> None:
    counts = read_counts(broadcast.counts)
    counts.subtract(minus)
    counts.update(plus)
    broadcast.counts = dict(write_counts(counts))


def counted(session: Session, broadcast_id: int) -> dict[str, int]:
    """The counts rebuilt from the touches themselves."""
    rows = session.execute(
        text("select arm, status, reason, count(*) from touch where broadcast_id = :id group by 1, 2, 3"),
        {"id": broadcast_id},
    )
    return write_counts({(arm, status, reason): number for arm, status, reason, number in rows})
