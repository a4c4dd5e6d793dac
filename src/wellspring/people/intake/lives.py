"""Relationships out of facts, set by set: new ones, new lives of old ones, changed remarks."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.people import rules
from wellspring.people.intake.facts import Fact, Taken, clean
from wellspring.people.timeline import EventFact, record_events

ENDED = ("lost", "removed", "transferred")


@dataclass(frozen=True, slots=True)
class Change:
    """A step in a relationship's life, for relationship_change."""

    relationship_id: int
    at: datetime
    from_status: str | None
    to_status: str
    cause: str


def write_changes(session: Session, changes: Sequence[Change]) -> None:
    if changes:
        session.execute(
            text(
                "insert into relationship_change (relationship_id, at, from_status, to_status, cause)"
                " select r, at, nullif(f, ''), t, c from unnest(cast(:r as bigint[]), cast(:at as timestamptz[]),"
                " cast(:f as text[]), cast(:t as text[]), cast(:c as text[])) as x (r, at, f, t, c)"
            ),
            {
                "r": [change.relationship_id for change in changes],
                "at": [change.at for change in changes],
                "f": [change.from_status or "" for change in changes],
                "t": [change.to_status for change in changes],
                "c": [change.cause for change in changes],
            },
        )


def added_event(relationship: Any, added_at: datetime, add_way: int, state: str, *, half: bool = False) -> EventFact:
    """`relationship`: anything with id, customer_id, staff_id."""
    data: dict[str, Any] = {"add_way": add_way, "state": state}
    if half:
        data["half"] = True
    return EventFact(
        relationship.customer_id,
        "friend_added",
        added_at,
        "wecom",
        f"added:{relationship.id}:{int(added_at.timestamp())}",
        relationship.staff_id,
        data,
    )


@dataclass(slots=True)
class _Row:
    id: int
    customer_id: int
    staff_id: int
    external_userid: str
    status: str
    added_at: datetime
    ended_at: datetime | None
    remark: str
    description: str
    state: str
    add_way: int
    oper_userid: str
    synced_at: datetime | None


_KNOWN = text(
    """
    select r.id, r.customer_id, r.staff_id, r.external_userid, r.status, r.added_at, r.ended_at, r.remark,
           r.description, r.state, r.add_way, r.oper_userid, r.synced_at
    from unnest(cast(:staff as bigint[]), cast(:external as text[])) as f (staff_id, external_userid)
    join relationship r on r.staff_id = f.staff_id and r.external_userid = f.external_userid
    order by r.id for no key update of r
    """
)
_INSERT = text(
    """
    insert into relationship (customer_id, staff_id, external_userid, status, add_way, state, oper_userid, remark,
                              description, added_at, synced_at)
    select f.customer_id, f.staff_id, f.external_userid, 'friend', f.add_way, f.state, f.oper, f.remark,
           f.description, f.added_at, f.read_at
    from unnest(cast(:customers as bigint[]), cast(:staff as bigint[]), cast(:external as text[]),
                cast(:ways as bigint[]), cast(:states as text[]), cast(:opers as text[]), cast(:remarks as text[]),
                cast(:descriptions as text[]), cast(:added as timestamptz[]), cast(:read as timestamptz[]))
         as f (customer_id, staff_id, external_userid, add_way, state, oper, remark, description, added_at, read_at)
    order by f.staff_id, f.external_userid
    on conflict (external_userid, staff_id) do nothing
    returning id, customer_id, staff_id, external_userid
    """
)
_UPDATE = text(
    """
    update relationship r set status = f.status, added_at = f.added_at, ended_at = f.ended_at, remark = f.remark,
      description = f.description, state = f.state, add_way = f.add_way, oper_userid = f.oper, synced_at = f.read_at
    from unnest(cast(:ids as bigint[]), cast(:statuses as text[]), cast(:added as timestamptz[]),
                cast(:ended as timestamptz[]), cast(:remarks as text[]), cast(:descriptions as text[]),
                cast(:states as text[]), cast(:ways as bigint[]), cast(:opers as text[]), cast(:read as timestamptz[]))
         as f (id, status, added_at, ended_at, remark, description, state, add_way, oper, read_at)
    where r.id = f.id
    """
)
_SEEN = text(
    "update relationship r set synced_at = f.read_at"
    " from unnest(cast(:ids as bigint[]), cast(:read as timestamptz[])) as f (id, read_at) where r.id = f.id"
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A fact with the rows it belongs to."""

    fact: Fact
    staff_id: int
    customer_id: int


def take_lives(
    session: Session, placed: Sequence[Placed], *, cause: str, pending: Set[tuple[str, str]] = frozenset()
) -> list[Taken]:
    """Write relationships, their changes and friend_added events. Facts older than what is known are dropped and not
    in the answer. Of `pending` pairs (userid, external_userid) remarks are left as they are. Times are WeCom's own."""
    known = {
        (row.staff_id, row.external_userid): _Row(*row)
        for row in session.execute(
            _KNOWN,
            {"staff": [p.staff_id for p in placed], "external": [p.fact.external_userid for p in placed]},
        )
    }
    fresh = [p for p in placed if (p.staff_id, p.fact.external_userid) not in known]
    taken = _insert(session, fresh, cause)
    inserted = {(t.staff_id, t.fact.external_userid) for t in taken}
    late = [p for p in fresh if (p.staff_id, p.fact.external_userid) not in inserted]
    old = [p for p in placed if (p.staff_id, p.fact.external_userid) in known]
    taken += _renew(session, old, known, cause, pending)
    if late:  # somebody else wrote them between our look and our insert; their rows are committed now
        taken += take_lives(session, late, cause=cause, pending=pending)
    return taken


def _insert(session: Session, fresh: Sequence[Placed], cause: str) -> list[Taken]:
    if not fresh:
        return []
    follows = [p.fact.follow for p in fresh]
    rows = session.execute(
        _INSERT,
        {
            "customers": [p.customer_id for p in fresh],
            "staff": [p.staff_id for p in fresh],
            "external": [p.fact.external_userid for p in fresh],
            "ways": [follow.add_way for follow in follows],
            "states": [clean(follow.state) for follow in follows],
            "opers": [follow.oper_userid for follow in follows],
            "remarks": [clean(follow.remark) for follow in follows],
            "descriptions": [clean(follow.description) for follow in follows],
            "added": [p.fact.added_at for p in fresh],
            "read": [p.fact.read_at for p in fresh],
        },
    ).all()
    placed_of = {(p.staff_id, p.fact.external_userid): p for p in fresh}
    taken, changes, events = [], [], []
    for row in rows:
        fact = placed_of[row.staff_id, row.external_userid].fact
        taken.append(Taken(fact, row.id, row.customer_id, row.staff_id, new=True, new_life=True))
        changes.append(Change(row.id, fact.added_at, None, "friend", cause))
        events.append(added_event(row, fact.added_at, fact.follow.add_way, fact.follow.state))
    write_changes(session, changes)
    record_events(session, events)
    return taken


def _renew(
    session: Session,
    old: Sequence[Placed],
    known: dict[tuple[int, str], _Row],
    cause: str,
    pending: Set[tuple[str, str]],
) -> list[Taken]:
    taken: list[Taken] = []
    written: list[_Row] = []
    seen: list[tuple[int, datetime]] = []
    changes: list[Change] = []
    events: list[EventFact] = []
    for p in old:
        row, fact = known[p.staff_id, p.fact.external_userid], p.fact
        if row.synced_at is not None and row.synced_at > fact.read_at:
            continue
        before = (row.status, row.added_at, row.ended_at, *_details(row))
        was, remark_before = row.status, row.remark
        new_life = _live_on(row, fact)
        confirmed = was == "half" and row.status == "friend"
        if (fact.userid, fact.external_userid) not in pending:
            _note_details(row, fact)
        if new_life:
            events.append(added_event(row, row.added_at, row.add_way, row.state))
        if new_life or confirmed or row.status != was:
            at = row.added_at if new_life or confirmed else fact.read_at
            changes.append(Change(row.id, at, was, row.status, cause))
        if before == (row.status, row.added_at, row.ended_at, *_details(row)):
            seen.append((row.id, fact.read_at))
        else:
            row.synced_at = fact.read_at
            written.append(row)
        taken.append(
            Taken(
                fact, row.id, row.customer_id, row.staff_id, False, new_life, confirmed,
                remark_before if remark_before != row.remark else None,
            )
        )  # fmt: skip
    _write(session, written, seen)
    write_changes(session, changes)
    record_events(session, events)
    return taken


def _live_on(row: _Row, fact: Fact) -> bool:
    """Let `row` be what the fact says of its life; answers whether a new life began."""
    life = rules.Life(row.status, row.added_at, row.ended_at)
    if row.status == "half":
        row.status, row.added_at = "friend", fact.added_at
        return False
    if rules.begins_new_life(life, fact.added_at):
        row.status, row.added_at, row.ended_at = "friend", fact.added_at, None
        return True
    if row.status in ("removed", "transferred") and row.ended_at is not None and fact.read_at > row.ended_at:
        # WeCom shows it again with the same beginning: it had only been out of our sight.
        row.status, row.ended_at = "friend", None
    return False


def _details(row: _Row) -> tuple[Any, ...]:
    return row.remark, row.description, row.state, row.add_way, row.oper_userid


def _note_details(row: _Row, fact: Fact) -> None:
    follow = fact.follow
    row.remark, row.description = clean(follow.remark), clean(follow.description)
    row.state = clean(follow.state) or row.state
    row.add_way = follow.add_way or row.add_way
    row.oper_userid = follow.oper_userid or row.oper_userid


def _write(session: Session, rows: Sequence[_Row], seen: Sequence[tuple[int, datetime]]) -> None:
    if rows:
        session.execute(
            _UPDATE,
            {
                "ids": [row.id for row in rows],
                "statuses": [row.status for row in rows],
                "added": [row.added_at for row in rows],
                "ended": [row.ended_at for row in rows],
                "remarks": [row.remark for row in rows],
                "descriptions": [row.description for row in rows],
                "states": [row.state for row in rows],
                "ways": [row.add_way for row in rows],
                "opers": [row.oper_userid for row in rows],
                "read": [row.synced_at for row in rows],
            },
        )
    if seen:
        session.execute(_SEEN, {"ids": [s[0] for s in seen], "read": [s[1] for s in seen]})


_END_UNSEEN = """
    with gone as (
      select r.id, r.status from relationship r join staff_member s on s.id = r.staff_id
      where {whose} = any(:whose) and r.status in ('friend', 'lost') and r.synced_at < :since
      order by r.id for no key update of r
    )
    update relationship r set status = 'removed', ended_at = coalesce(r.ended_at, :since), synced_at = :since
    from gone where gone.id = r.id
    returning r.id, gone.status as was, r.customer_id, r.staff_id, r.external_userid, r.state
    """
_END_UNSEEN_OF_STAFF = text(_END_UNSEEN.format(whose="s.userid"))
_END_UNSEEN_OF_CUSTOMERS = text(_END_UNSEEN.format(whose="r.external_userid"))


def end_unseen(session: Session, userids: Sequence[str], since: datetime) -> list[Any]:
    """End the friendships of these members that a complete reading since `since` did not show: the member has
    deleted the customer. Answers rows (id, was, customer_id, staff_id, external_userid, state)."""
    return _ended(session, session.execute(_END_UNSEEN_OF_STAFF, {"whose": list(userids), "since": since}), since)


def end_unseen_customers(session: Session, external_userids: Sequence[str], since: datetime) -> list[Any]:
    """Likewise for everything that was read of these customers."""
    whose = {"whose": list(external_userids), "since": since}
    return _ended(session, session.execute(_END_UNSEEN_OF_CUSTOMERS, whose), since)


def _ended(session: Session, found: Any, since: datetime) -> list[Any]:
    gone = found.all()
    write_changes(session, [Change(row.id, since, row.was, "removed", "sync") for row in gone])
    record_events(
        session,
        [
            EventFact(
                row.customer_id,
                "friend_removed",
                since,
                "wecom",
                f"ended:{row.id}:sync:{int(since.timestamp())}",
                row.staff_id,
                {"found_by": "sync"},
            )
            for row in gone
        ],
    )
    return list(gone)
