"""Asking the warehouse about a definition, within a data scope: counts, samples, everybody."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.commerce import facade as commerce
from wellspring.people import facade as people
from wellspring.platform import company_settings
from wellspring.platform.auth.actor import Scope
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import kept_day, readable, staleness
from wellspring.segments.compile import Reach, compile_count, compile_page, compile_people, compile_sample
from wellspring.segments.cost import MILLION, check_cost
from wellspring.segments.definition import Definition, leaves
from wellspring.segments.errors import StaleWarehouse
from wellspring.segments.leaves import Leaf, Names
from wellspring.segments.leaves.base import NameKind, registered_names
from wellspring.segments.models import Segment
from wellspring.segments.references import all_leaves, inner_segments
from wellspring.segments.settings import read_settings
from wellspring.segments.windows import Moment, milliseconds

CURRENCY_SYMBOLS = {"CNY": "¥", "JPY": "¥", "GBP": "£", "USD": "$", "EUR": "€", "HKD": "HK$"}


@dataclass(frozen=True)
class Freshness:
    """`as_of`: what was committed before it, by the platform's clock, is in the warehouse; None: nothing loaded yet.
    `stale`: further behind than `limit_minutes`, which a snapshot refuses."""

    as_of: datetime | None
    behind: timedelta | None
    limit_minutes: int
    stale: bool


@dataclass(frozen=True)
class Count:
    """`total`: everybody in scope. `by_leaf`: how many each leaf holds for by itself, by its path."""

    matched: int
    total: int
    by_leaf: Mapping[str, int]
    took_ms: int
    freshness: Freshness


def moment_of(session: Session, platform: Platform) -> Moment:
    return Moment(milliseconds(platform.clock.now()), company_settings.read(session).zone)


def freshness(session: Session, platform: Platform) -> Freshness:
    behind, limit = staleness(session).behind, read_settings(session).max_staleness_minutes
    stale = behind is None or behind > timedelta(minutes=limit)
    # The loader measures in real time; the platform's clock may have travelled, so the distance is carried over.
    return Freshness(None if behind is None else platform.clock.now() - behind, behind, limit, stale)


def reach_of(session: Session, platform: Platform, definition: Definition, scope: Scope) -> Reach:
    """Whose customers the scope reaches, and who works in the stores that the definition names."""
    inside = people.staff_in_scope(scope)
    inner = inner_segments(session, definition)
    store_ids = {store for leaf in all_leaves(definition, inner) for store in leaf.references().get("store", ())}
    staff_of_store: dict[int, list[int]] = {}
    if store_ids:
        member = people.StaffMember
        for staff_id, store_id in session.execute(
            select(member.id, member.store_id).where(member.store_id.in_(store_ids))
        ):
            staff_of_store.setdefault(store_id or 0, []).append(staff_id)
    return Reach(
        None if inside is None else sorted(session.scalars(inside)),
        staff_of_store,
        kept_day=kept_day(platform.warehouse),
        readable=partial(readable, platform.warehouse),
        segments=inner,
    )


def answerable(session: Session, platform: Platform, definition: Definition, scope: Scope) -> tuple[Moment, Reach]:
    """What a question about the segment needs. Raises SegmentTooCostly for one that would read too much."""
    moment, reach = moment_of(session, platform), reach_of(session, platform, definition, scope)
    limit = read_settings(session).max_million_rows * MILLION
    check_cost(platform.warehouse, definition, moment, reach, max_rows=limit)
    return moment, reach


def count_people(session: Session, platform: Platform, definition: Definition, scope: Scope) -> Count:
    fresh = freshness(session, platform)
    query = compile_count(definition, *answerable(session, platform, definition, scope))
    start = time.perf_counter()
    (row,) = platform.warehouse.query(query.sql, query.parameters)
    took = round((time.perf_counter() - start) * 1000)
    by_leaf = {path: int(row[f"leaf_{index}"]) for index, (path, _) in enumerate(leaves(definition))}
    return Count(int(row["matched"]), int(row["total"]), by_leaf, took, fresh)


def sample_people(
    session: Session, platform: Platform, definition: Definition, scope: Scope, *, size: int, seed: int
) -> list[int]:
    """Ids of up to `size` people of the segment; another seed gives others."""
    query = compile_sample(definition, *answerable(session, platform, definition, scope), size=size, seed=seed)
    return [int(row["id"]) for row in platform.warehouse.query(query.sql, query.parameters)]


def people_of(
    session: Session, platform: Platform, definition: Definition, scope: Scope
) -> tuple[Sequence[int], datetime]:
    """Ids of everybody in the segment, ascending, and how fresh that is. Raises StaleWarehouse."""
    fresh = freshness(session, platform)
    if fresh.stale or fresh.as_of is None:
        raise _too_stale(fresh)
    query = compile_people(definition, *answerable(session, platform, definition, scope))
    return platform.warehouse.column(query.sql, query.parameters), fresh.as_of


@dataclass(frozen=True)
class PeoplePage:
    """`ids` of `total` people, ascending; `as_of`: how fresh that is."""

    ids: Sequence[int]
    total: int
    as_of: datetime | None


def page_of(
    session: Session,
    platform: Platform,
    definition: Definition,
    scope: Scope,
    *,
    offset: int,
    limit: int,
    only: Sequence[int] | None = None,
) -> PeoplePage:
    """Some of the people of the segment; `only`: among these. Never refuses for staleness, but says it."""
    fresh = freshness(session, platform)
    moment, reach = answerable(session, platform, definition, scope)
    query = compile_page(definition, moment, reach, offset=offset, limit=limit, only=only)
    (row,) = platform.warehouse.query(query.sql, query.parameters)
    return PeoplePage([int(one) for one in row["ids"]], int(row["total"]), fresh.as_of)


def _too_stale(fresh: Freshness) -> StaleWarehouse:
    if fresh.behind is None:
        return StaleWarehouse(behind_zh="还没有载入过", behind_en="nothing was loaded yet", limit=fresh.limit_minutes)
    minutes = int(fresh.behind.total_seconds() // 60)
    return StaleWarehouse(behind_zh=f"{minutes} 分钟", behind_en=f"{minutes} minutes", limit=fresh.limit_minutes)


def load_names(session: Session, definitions: Iterable[Definition]) -> Names:
    """Names for the words of these definitions: one query for each kind of name that is needed."""
    return names_for(session, wanted_names(leaf for definition in definitions for _, leaf in leaves(definition)))


def wanted_names(chosen: Iterable[Leaf]) -> dict[NameKind, set[int]]:
    wanted: dict[NameKind, set[int]] = {}
    for leaf in chosen:
        for kind, ids in leaf.references().items():
            wanted.setdefault(kind, set()).update(ids)
    return wanted


def names_for(session: Session, wanted: Mapping[NameKind, set[int]]) -> Names:
    store_ids = wanted.get("store", set())
    stores = people.stores(session) if store_ids else []
    names: dict[NameKind, Mapping[int, str]] = {
        "tag": people.tag_names(session, wanted.get("tag", set())),
        "staff": people.staff_names(session, wanted.get("staff", set())),
        "store": {store.id: store.name for store in stores if store.id in store_ids},
        "group": people.group_names(session, wanted.get("group", set())),
        "product": commerce.product_names(session, wanted.get("product", set())),
        "segment": segment_names(session, wanted.get("segment", set())),
        **{kind: lookup(session, wanted[kind]) for kind, lookup in registered_names().items() if wanted.get(kind)},
    }
    currency = company_settings.read(session).currency
    return Names(names, CURRENCY_SYMBOLS.get(currency, f"{currency} "))


def segment_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """id -> name, archived ones too."""
    chosen = set(ids)
    if not chosen:
        return {}
    return dict(session.execute(select(Segment.id, Segment.name).where(Segment.id.in_(chosen))).all())
