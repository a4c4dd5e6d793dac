"""The verbs of the attention budget: read and change the policy, reserve, settle, preview."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wellspring.care.models import CareCap
from wellspring.care.rules import DEFAULT_CAPS, Candidate, Cap, Decisions, Purpose, decide
from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor

LOCK_SPACE = 0x43415245
"""First key of the advisory locks ("CARE"): nobody else uses this number."""
LOCK_BUCKETS = 128
"""Customers share locks by id modulo this: a whole-company broadcast holds 128 locks instead of one a
customer, which PostgreSQL's lock table could not hold."""

Outcome = Literal["spent", "released"]


@dataclass(frozen=True)
class PolicyRow:
    """A cap with what it does at the moment. `open`: reserved and not settled. `at_cap`: customers who would be
    refused now. `updated_at` is None while the default is in force."""

    cap: Cap
    updated_at: datetime | None
    open: int
    spent_in_window: int
    at_cap: int


def read_caps(session: Session) -> dict[Purpose, Cap]:
    """The caps in force: an operator's rows over the defaults."""
    return {**DEFAULT_CAPS, **{cap.purpose: cap for cap, _ in _stored(session)}}


def read_policy(session: Session, *, now: datetime) -> list[PolicyRow]:
    """Every purpose with its cap and its use."""
    changed = {cap.purpose: at for cap, at in _stored(session)}
    return [
        PolicyRow(cap, changed.get(purpose), *_use_of_purpose(session, cap, now))
        for purpose, cap in read_caps(session).items()
    ]


def change_cap(session: Session, *, actor: Actor, now: datetime, cap: Cap) -> None:
    """Write the cap of one purpose. What is reserved already stays; the next reservation sees the new cap."""
    before = read_caps(session)[cap.purpose]
    if before == cap:
        return
    values = {
        "max_touches": cap.max_touches, "window_days": cap.window_days, "enabled": cap.enabled, "updated_at": now
    }  # fmt: skip
    session.execute(
        insert(CareCap)
        .values(purpose=cap.purpose.value, **values)
        .on_conflict_do_update(index_elements=["purpose"], set_=values)
    )
    audit.record(
        session, actor=actor, at=now, action="care.policy.change", object_type="care_cap", object_id=cap.purpose.value,
        before=_words(before), after=_words(cap),
    )  # fmt: skip


def reserve(session: Session, *, now: datetime, purpose: Purpose, candidates: Sequence[Candidate]) -> Decisions:
    """Take one unit of attention for each candidate that the cap allows, in the order given.

    Exact under concurrency: the customers are locked until the caller's transaction ends. A reference that
    holds a unit already stays allowed; a released one competes again.
    """
    if not candidates:
        return Decisions()
    _lock(session, {candidate.customer_id for candidate in candidates})
    held = _held(session, candidates)
    decisions = _decide(session, now=now, purpose=purpose, candidates=candidates, held=held)
    new = {
        one.reference: one.customer_id
        for one in candidates
        if one.reference in decisions.allowed and one.reference not in held
    }
    if new:
        session.execute(
            text(
                "insert into care_reservation (customer_id, purpose, reference, at)"
                " select c, :purpose, r, :now from unnest(cast(:customers as bigint[]), cast(:references as text[]))"
                " as x(c, r) on conflict (reference) do update set customer_id = excluded.customer_id,"
                " purpose = excluded.purpose, at = excluded.at, state = 'reserved', settled_at = null"
                " where care_reservation.state = 'released'"
            ),
            {"purpose": purpose.value, "now": now, "customers": list(new.values()), "references": list(new)},
        )
    return decisions


def preview(session: Session, *, now: datetime, purpose: Purpose, candidates: Sequence[Candidate]) -> Decisions:
    """The decision that `reserve` would take at this moment; nothing is locked or written."""
    if not candidates:
        return Decisions()
    return _decide(session, now=now, purpose=purpose, candidates=candidates, held=_held(session, candidates))


def settle(session: Session, *, references: Iterable[str], outcome: Outcome, now: datetime) -> int:
    """Record that the touches arrived at `now` (`spent`) or failed (`released`); returns how many changed.

    What is settled stays as it is: repeating a settlement, or settling the other way later, changes nothing.
    """
    found = session.execute(
        text(
            "update care_reservation set state = :state, settled_at = :now"
            " where reference = any(:references) and state = 'reserved' returning id"
        ),
        {"state": outcome, "now": now, "references": list(references)},
    )
    return len(found.all())


def usage(session: Session, *, now: datetime, purpose: Purpose, customer_ids: Sequence[int]) -> dict[int, int]:
    """Units of the budget in use per customer: open reservations, and what arrived within the window."""
    cap = read_caps(session)[purpose]
    return _usage(session, cap, now, customer_ids)


def _stored(session: Session) -> list[tuple[Cap, datetime]]:
    columns = (CareCap.purpose, CareCap.max_touches, CareCap.window_days, CareCap.enabled, CareCap.updated_at)
    return [
        (Cap(Purpose(purpose), most, days, enabled), at)
        for purpose, most, days, enabled, at in session.execute(select(*columns))
    ]


def _decide(
    session: Session, *, now: datetime, purpose: Purpose, candidates: Sequence[Candidate], held: set[str]
) -> Decisions:
    cap = read_caps(session)[purpose]
    in_use = _usage(session, cap, now, [one.customer_id for one in candidates]) if cap.enabled else {}
    return decide(cap, in_use, held, candidates)


def _lock(session: Session, customer_ids: set[int]) -> None:
    """In ascending order, so that two callers never wait for each other in a circle."""
    buckets = sorted({customer_id % LOCK_BUCKETS for customer_id in customer_ids})
    session.execute(
        text("select pg_advisory_xact_lock(:space, b) from unnest(cast(:buckets as int[])) as b"),
        {"space": LOCK_SPACE, "buckets": buckets},
    )


def _held(session: Session, candidates: Sequence[Candidate]) -> set[str]:
    return set(
        session.scalars(
            text("select reference from care_reservation where reference = any(:references) and state <> 'released'"),
            {"references": [one.reference for one in candidates]},
        )
    )


def _usage(session: Session, cap: Cap, now: datetime, customer_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        text(
            "select customer_id, count(*) from care_reservation where customer_id = any(:ids) and purpose = :purpose"
            " and (state = 'reserved' or (state = 'spent' and settled_at > :since)) group by customer_id"
        ),
        {"ids": list(set(customer_ids)), "purpose": cap.purpose.value, "since": now - timedelta(days=cap.window_days)},
    )
    return {int(customer_id): int(units) for customer_id, units in rows}


def _use_of_purpose(session: Session, cap: Cap, now: datetime) -> tuple[int, int, int]:
    """Open reservations, arrivals within the window, customers at the cap."""
    row = session.execute(
        text(
            "select coalesce(sum(o), 0), coalesce(sum(s), 0), count(*) filter (where o + s >= :limit) from ("
            " select customer_id, count(*) filter (where state = 'reserved') o, count(*) filter (where state = 'spent') s"
            " from care_reservation where purpose = :purpose"
            " and (state = 'reserved' or (state = 'spent' and settled_at > :since)) group by customer_id) x"
        ),
        {"purpose": cap.purpose.value, "since": now - timedelta(days=cap.window_days), "limit": cap.max_touches},
    ).one()
    return int(row[0]), int(row[1]), int(row[2]) if cap.enabled else 0


def _words(cap: Cap) -> dict[str, int | bool]:
    return {"max_touches": cap.max_touches, "window_days": cap.window_days, "enabled": cap.enabled}
