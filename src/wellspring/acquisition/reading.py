"""Live codes as lists and pages show them: figures, staff, welcomes; where a customer came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select, true
from sqlalchemy.orm import Session

from wellspring.acquisition.channels import still_friends, with_branches
from wellspring.acquisition.models import Channel, LiveCode, LiveCodeAdd, LiveCodeStaff, LiveCodeWelcome
from wellspring.acquisition.rules import Kept
from wellspring.acquisition.service import codes_in_scope, search_condition
from wellspring.people import facade as people
from wellspring.people.facade import Relationship
from wellspring.platform import company_settings
from wellspring.platform.auth import Scope
from wellspring.platform.clock import start_of_day

KEPT_AFTER = timedelta(days=30)
RECENT = timedelta(days=30)


@dataclass(frozen=True)
class CodeFilter:
    """`statuses`: pending, active, failed, archived; empty: everything that is not archived."""

    q: str | None = None
    channel_ids: Sequence[int] = ()
    store_ids: Sequence[int] = ()
    statuses: Sequence[str] = ()


@dataclass(frozen=True)
class Figures:
    """See schemas.CodeFigures."""

    today: int = 0
    last_30_days: int = 0
    total: int = 0
    kept_30: Kept = field(default_factory=lambda: Kept(0, 0))


@dataclass
class CodeRow:
    code: LiveCode
    figures: Figures
    staff: list[people.StaffInfo] = field(default_factory=list)


def adds_by_code(session: Session, now: datetime) -> Subquery:
    """One row per live code: today (company's time zone), the last 30 days, all, and kept after 30 days."""
    today = start_of_day(now, company_settings.read(session).zone)
    old_enough = LiveCodeAdd.at <= now - KEPT_AFTER
    stayed = or_(still_friends(), Relationship.ended_at.is_(None), Relationship.ended_at >= LiveCodeAdd.at + KEPT_AFTER)
    return (
        select(
            LiveCodeAdd.live_code_id.label("live_code_id"),
            func.count().filter(LiveCodeAdd.at >= today).label("today"),
            func.count().filter(LiveCodeAdd.at >= now - RECENT).label("recent"),
            func.count().label("total"),
            func.count().filter(old_enough).label("old"),
            func.count().filter(old_enough, stayed).label("kept"),
        )
        .join(Relationship, Relationship.id == LiveCodeAdd.relationship_id)
        .group_by(LiveCodeAdd.live_code_id)
        .subquery("adds")
    )


def _conditions(session: Session, scope: Scope, wanted: CodeFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if (mine := codes_in_scope(scope)) is not None:
        conditions.append(mine)
    if wanted.q:
        conditions.append(search_condition(wanted.q))
    if wanted.channel_ids:
        channels = set[int]().union(*(with_branches(session, ident) for ident in wanted.channel_ids))
        conditions.append(LiveCode.channel_id.in_(channels))
    if wanted.store_ids:
        conditions.append(LiveCode.store_id.in_(wanted.store_ids))
    shown = [_has_status(status) for status in wanted.statuses] or [LiveCode.archived_at.is_(None)]
    return [*conditions, or_(*shown)]


def _has_status(status: str) -> ColumnElement[bool]:
    if status == "archived":
        return LiveCode.archived_at.is_not(None)
    return and_(LiveCode.archived_at.is_(None), LiveCode.status == status)


SORTS = ("name", "today", "last_30_days", "kept_30", "created_at")


def list_codes(
    session: Session,
    scope: Scope,
    wanted: CodeFilter,
    *,
    now: datetime,
    sort: str | None,
    offset: int,
    limit: int | None,
) -> tuple[list[CodeRow], int, Figures]:
    """One page (limit None: all), how many there are, and the figures of all of them. Usual order: newest first."""
    conditions = _conditions(session, scope, wanted)
    adds = adds_by_code(session, now)
    summed: Select[Any] = (
        select(
            func.count(),
            func.coalesce(func.sum(adds.c.today), 0),
            func.coalesce(func.sum(adds.c.recent), 0),
            func.coalesce(func.sum(adds.c.total), 0),
            func.coalesce(func.sum(adds.c.old), 0),
            func.coalesce(func.sum(adds.c.kept), 0),
        )
        .select_from(LiveCode)
        .outerjoin(adds, adds.c.live_code_id == LiveCode.id)
        .where(*conditions)
    )
    total, *sums = (int(value) for value in session.execute(summed).one())
    rows = session.execute(
        select(LiveCode, adds.c.today, adds.c.recent, adds.c.total, adds.c.old, adds.c.kept)
        .outerjoin(adds, adds.c.live_code_id == LiveCode.id)
        .where(*conditions)
        .order_by(*_order(adds, sort))
        .offset(offset)
        .limit(limit)
    ).all()
    found = [CodeRow(row[0], _figures(*row[1:])) for row in rows]
    _put_staff(session, found)
    return found, total, _figures(*sums)


def _figures(*counts: int | None) -> Figures:
    today, recent, total, old, kept = (count or 0 for count in counts)
    return Figures(today, recent, total, Kept(old, kept))


def _order(adds: Subquery, sort: str | None) -> list[Any]:
    name = (sort or "-created_at").removeprefix("-")
    by: dict[str, ColumnElement[Any]] = {
        "name": LiveCode.name.expression,
        "today": func.coalesce(adds.c.today, 0),
        "last_30_days": func.coalesce(adds.c.recent, 0),
        "kept_30": case((adds.c.old > 0, adds.c.kept * 1.0 / adds.c.old), else_=literal(-1.0)),
        "created_at": LiveCode.created_at.expression,
    }
    column = by.get(name, by["created_at"])
    down = (sort or "-").startswith("-")
    return [column.desc(), LiveCode.id.desc()] if down else [column.asc(), LiveCode.id.asc()]


def _put_staff(session: Session, rows: Sequence[CodeRow]) -> None:
    by_id = {row.code.id: row for row in rows}
    pairs = session.execute(
        select(LiveCodeStaff.live_code_id, LiveCodeStaff.staff_id)
        .where(LiveCodeStaff.live_code_id.in_(by_id))
        .order_by(LiveCodeStaff.position, LiveCodeStaff.staff_id)
    ).all()
    members = people.staff(session, {staff_id for _, staff_id in pairs})
    for code_id, staff_id in pairs:
        if staff_id in members:
            by_id[code_id].staff.append(members[staff_id])


def figures_of(session: Session, live_code_id: int, now: datetime) -> Figures:
    adds = adds_by_code(session, now)
    row = session.execute(
        select(adds.c.today, adds.c.recent, adds.c.total, adds.c.old, adds.c.kept).where(
            adds.c.live_code_id == live_code_id
        )
    ).one_or_none()
    return _figures(*row) if row else Figures()


def cost_per_add(session: Session, scope: Scope, channel_ids: Iterable[int]) -> dict[int, int]:
    """Cost of a channel over all its adds, in fen, rounded; only for who sees all adds, and where there are any."""
    wanted = set(channel_ids)
    if scope.kind != "all" or not wanted:
        return {}
    rows = session.execute(
        select(Channel.id, Channel.cost_fen, func.count(LiveCodeAdd.id))
        .join(LiveCodeAdd, LiveCodeAdd.channel_id == Channel.id)
        .where(Channel.id.in_(wanted))
        .group_by(Channel.id)
    )
    return {ident: round(cost / adds) for ident, cost, adds in rows}


@dataclass(frozen=True)
class Welcomes:
    """Of the last 30 days; `median_seconds`: from the add to the delivery."""

    sent: int
    failed: int
    median_seconds: float | None
    reasons: dict[str, int]


def welcomes_of(session: Session, live_code_id: int, now: datetime) -> Welcomes:
    recent = (LiveCodeWelcome.live_code_id == live_code_id, LiveCodeWelcome.planned_at >= now - RECENT)
    rows = session.execute(
        select(LiveCodeWelcome.status, LiveCodeWelcome.reason, func.count())
        .where(*recent)
        .group_by(LiveCodeWelcome.status, LiveCodeWelcome.reason)
    ).all()
    took = func.extract("epoch", LiveCodeWelcome.settled_at - LiveCodeWelcome.added_at)
    median = session.scalar(
        select(func.percentile_cont(0.5).within_group(took)).where(*recent, LiveCodeWelcome.status == "sent")
    )
    reasons = {reason or "unknown": count for status, reason, count in rows if status == "failed"}
    return Welcomes(
        sent=sum(count for status, _, count in rows if status == "sent"),
        failed=sum(reasons.values()),
        median_seconds=None if median is None else max(0.0, round(float(median), 1)),
        reasons=reasons,
    )


@dataclass(frozen=True)
class Origin:
    add: LiveCodeAdd
    code_name: str
    channel_name: str
    staff_id: int
    still_friends: bool


def origins_of(session: Session, scope: Scope, customer_id: int) -> list[Origin] | None:
    """The live codes a customer came through, oldest first; None when the customer is outside the scope."""
    mine = people.customers_in_scope(scope)
    exists = select(people.Customer.id).where(
        people.Customer.id == customer_id, true() if mine is None else people.Customer.id.in_(mine)
    )
    if session.scalar(exists) is None:
        return None
    rows = session.execute(
        select(LiveCodeAdd, LiveCode.name, Channel.name, Relationship.staff_id, still_friends())
        .join(LiveCode, LiveCode.id == LiveCodeAdd.live_code_id)
        .join(Channel, Channel.id == LiveCodeAdd.channel_id)
        .join(Relationship, Relationship.id == LiveCodeAdd.relationship_id)
        .where(LiveCodeAdd.customer_id == customer_id)
        .order_by(LiveCodeAdd.at, LiveCodeAdd.id)
    )
    return [Origin(*row) for row in rows]
