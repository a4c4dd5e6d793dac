"""The home page, put together for one actor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.insight.home.steps import NextStep, StepContext, next_steps
from wellspring.insight.metrics import HOME, Ask, Calendar, Figure
from wellspring.insight.metrics.stores import StoreFigures, by_store
from wellspring.insight.settings import read_settings
from wellspring.people import facade as people
from wellspring.platform import company_settings
from wellspring.platform.auth.actor import Actor, Scope
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse.loader import staleness


@dataclass(frozen=True)
class StoreRow:
    name: str
    city: str
    figures: StoreFigures


@dataclass(frozen=True)
class Home:
    """`as_of`: how fresh the figures are, by the platform's clock; None: the warehouse is still empty, and then the
    figures are too."""

    now: datetime
    as_of: datetime | None
    behind: timedelta | None
    figures: list[Figure]
    stores: list[StoreRow]
    steps: list[NextStep]
    loss_target: float


def read_home(session: Session, platform: Platform, actor: Actor) -> Home:
    now, behind = platform.clock.now(), staleness(session).behind
    target = read_settings(session).loss_target
    staff = _staff(session, actor.scope)
    ask = _ask(session, platform, actor.scope, staff, target)
    figures = [metric.read(ask) for metric in HOME]
    stores = _stores(session, ask, staff, actor.scope)
    context = StepContext(
        session,
        platform,
        actor,
        now,
        orders_known=bool(platform.warehouse.scalar("select 1 from orders limit 1")),
        friends_known=any(figure.name == "true_reach" and figure.of for figure in figures),
        stores=[(row.name, row.figures) for row in stores],
        loss_target=target,
    )
    as_of = None if behind is None else now - behind
    return Home(now, as_of, behind, figures, stores, next_steps(context), target)


@dataclass(frozen=True)
class _Member:
    id: int
    store_id: int | None
    reachable: bool


def _staff(session: Session, scope: Scope) -> list[_Member]:
    """The staff in scope; for the scope all, everybody."""
    member = people.StaffMember
    query = select(member.id, member.store_id, member.status, member.may_contact)
    inside = people.staff_in_scope(scope)
    if inside is not None:
        query = query.where(member.id.in_(inside))
    return [_Member(row.id, row.store_id, row.status == "active" and row.may_contact) for row in session.execute(query)]


def _ask(session: Session, platform: Platform, scope: Scope, staff: list[_Member], target: float) -> Ask:
    inside = people.store_ids_in_scope(scope)
    return Ask(
        warehouse=platform.warehouse,
        calendar=Calendar(platform.clock.now(), company_settings.read(session).zone),
        staff_ids=None if scope.kind == "all" else [member.id for member in staff],
        store_ids=None if inside is None else list(session.scalars(inside)),
        own_staff_id=(scope.staff_id or 0) if scope.kind == "own" else None,
        reachable_staff_ids=[member.id for member in staff if member.reachable],
        loss_target=target,
    )


def _stores(session: Session, ask: Ask, staff: list[_Member], scope: Scope) -> list[StoreRow]:
    """Stores in scope, in the order of the organisation. A single member has no table of stores."""
    if scope.kind == "own":
        return []
    figures = by_store(ask, {member.id: member.store_id for member in staff if member.store_id})
    return [
        StoreRow(store.name, store.city, figures.get(store.id) or StoreFigures(store.id, 0, 0, 0, None, 0, 0))
        for store in people.stores(session)
        if ask.store_ids is None or store.id in ask.store_ids
    ]
