"""All that other domains may use of segments.

Who: `take_snapshot`, `members`, `count`, `snapshot_customers`; for other questions `select_people`, `overlap`.
What: `get_segment`, `segment_names`, `sentence`. Who entered and left: `on_segment_moves`. Adding a leaf of another domain:
`register_leaf` (a `Leaf` subclass, made of windows, comparisons, `counted`, `summed`), `register_fact_table` and
`register_names` (what its ids are called), at start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wellspring.platform.auth.actor import Actor, Scope
from wellspring.platform.errors import Language
from wellspring.platform.runtime import Platform
from wellspring.segments import asking, service, snapshots
from wellspring.segments.asking import Count, Freshness, segment_names
from wellspring.segments.comparisons import Comparison, comparison_words, fits, limits
from wellspring.segments.definition import parse
from wellspring.segments.errors import InvalidDefinition, SegmentNotFound, StaleWarehouse
from wellspring.segments.leaves import Facts, Leaf, Names, register_leaf
from wellspring.segments.leaves.base import NameKind, register_names
from wellspring.segments.leaves.feature import FeatureField, register_feature_field
from wellspring.segments.leaves.happenings import register_event_words
from wellspring.segments.leaves.measures import counted, summed
from wellspring.segments.leaves.relationship import ADD_WAYS as _ADD_WAYS
from wellspring.segments.leaves.tag import Ids
from wellspring.segments.membership.moves import Move, on_segment_moves
from wellspring.segments.models import SegmentSnapshotMember
from wellspring.segments.parts import All, AnyOf, Fits, Not, Part, People
from wellspring.segments.selecting import Overlap, Selection, overlap, select_people
from wellspring.segments.sentence import sentence as _sentence
from wellspring.segments.sql import Query, register_fact_table
from wellspring.segments.windows import Ever, Moment, Window, covers, problem, window_words

__all__ = [
    "ADD_WAYS",
    "All",
    "AnyOf",
    "Comparison",
    "Count",
    "Ever",
    "Facts",
    "FeatureField",
    "Fits",
    "Freshness",
    "Ids",
    "InvalidDefinition",
    "Leaf",
    "Moment",
    "Move",
    "NameKind",
    "Names",
    "Not",
    "Overlap",
    "Part",
    "People",
    "Query",
    "SegmentInfo",
    "SegmentNotFound",
    "Selection",
    "Snapshot",
    "StaleWarehouse",
    "Window",
    "comparison_words",
    "count",
    "counted",
    "covers",
    "fits",
    "get_segment",
    "limits",
    "members",
    "on_segment_moves",
    "overlap",
    "problem",
    "register_event_words",
    "register_fact_table",
    "register_feature_field",
    "register_leaf",
    "register_names",
    "segment_count",
    "segment_names",
    "select_people",
    "sentence",
    "snapshot_customers",
    "summed",
    "take_snapshot",
    "window_words",
]


ADD_WAYS = _ADD_WAYS
"""How a customer was added: WeCom's code -> (Chinese, English)."""


@dataclass(frozen=True)
class SegmentInfo:
    """`definition` as stored: `take_snapshot`, `count` and `sentence` take it."""

    id: int
    name: str
    definition: Mapping[str, Any]
    version: int
    archived: bool


@dataclass(frozen=True)
class Snapshot:
    """`as_of`: how fresh the warehouse was when the `size` people were written down."""

    id: int
    size: int
    as_of: datetime


def get_segment(session: Session, segment_id: int) -> SegmentInfo:
    """Raises SegmentNotFound."""
    found = service.segment(session, segment_id)
    return SegmentInfo(found.id, found.name, found.definition, found.version, found.archived_at is not None)


def take_snapshot(
    session: Session,
    platform: Platform,
    segment: int | Mapping[str, Any],
    scope: Scope,
    actor: Actor,
) -> Snapshot:
    """Write down who is in the segment (an id, or a definition) and in scope now.
    Raises StaleWarehouse when the warehouse is further behind than the setting allows."""
    definition = get_segment(session, segment).definition if isinstance(segment, int) else segment
    made = snapshots.snapshot_people(
        session,
        platform,
        actor,
        definition=definition,
        scope=scope,
        segment_id=segment if isinstance(segment, int) else None,
    )
    return Snapshot(made.id, made.size, made.as_of)


def snapshot_customers(snapshot_id: int) -> Select[int]:
    """Ids of a snapshot's people, for joins inside PostgreSQL; ascending when read as it is."""
    member = SegmentSnapshotMember
    return select(member.customer_id).where(member.snapshot_id == snapshot_id).order_by(member.customer_id)


def members(session: Session, platform: Platform, segment_id: int, scope: Scope) -> tuple[Sequence[int], datetime]:
    """Ids of everybody who is in a segment and in scope now, ascending, and how fresh that is; nothing is written.
    Raises SegmentNotFound, StaleWarehouse."""
    return asking.people_of(session, platform, parse(get_segment(session, segment_id).definition), scope)


def count(session: Session, platform: Platform, definition: Mapping[str, Any], scope: Scope) -> Count:
    """How many fit, of how many in scope; never refuses for staleness, but says it (`freshness`)."""
    return asking.count_people(session, platform, parse(definition), scope)


def sentence(session: Session, definition: Mapping[str, Any], language: Language) -> str:
    """One readable sentence; names of tags, staff and stores are looked up."""
    tree = parse(definition)
    return _sentence(tree, asking.load_names(session, [tree]), language)


def segment_count(session: Session) -> int:
    """How many segments there are that are not archived."""
    return service.live_segments(session)
