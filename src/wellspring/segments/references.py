"""Segments inside segments: looked up before a question is put together, circles refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.segments.definition import Definition, leaves, parse
from wellspring.segments.errors import InvalidDefinition
from wellspring.segments.leaves import Leaf
from wellspring.segments.leaves.segment import SegmentLeaf
from wellspring.segments.models import Segment

MAX_SEGMENTS = 20
MAX_LEAVES_IN_ALL = 200
"""Bounds on what one question may cost: with all segments that it leads to."""


def inner_segments(session: Session, definition: Definition, *, own_id: int | None = None) -> Mapping[int, Definition]:
    """Every segment that the definition leads to, by id. `own_id`: the segment that is being saved.

    Raises InvalidDefinition at the path of the leaf: an unknown or archived segment, a circle, or too much in all."""
    found: dict[int, Definition] = {}
    total = len(leaves(definition))
    for path, leaf in leaves(definition):
        if not isinstance(leaf, SegmentLeaf):
            continue
        total += _follow(session, leaf.segment_id, path, found, trail=() if own_id is None else (own_id,))
        if len(found) > MAX_SEGMENTS or total > MAX_LEAVES_IN_ALL:
            zh = f"一层层用到的人群和条件太多了（最多 {MAX_SEGMENTS} 个人群、{MAX_LEAVES_IN_ALL} 条条件）。"
            en = f"Too much in all: at most {MAX_SEGMENTS} segments and {MAX_LEAVES_IN_ALL} conditions inside each other."
            raise InvalidDefinition({path: (zh, en)})
    return found


def _follow(session: Session, segment_id: int, path: str, found: dict[int, Definition], trail: tuple[int, ...]) -> int:
    """Adds what `segment_id` leads to; answers how many leaves that is."""
    if segment_id in trail:
        zh, en = "这个人群又用到了自己，绕成了一圈。", "This segment leads back to itself."
        raise InvalidDefinition({path: (zh, en)})
    if segment_id not in found:
        stored = session.execute(
            select(Segment.definition, Segment.archived_at).where(Segment.id == segment_id)
        ).one_or_none()
        if stored is None or stored.archived_at is not None:
            raise InvalidDefinition({path: ("这个人群已经不在了。", "This segment is gone.")})
        found[segment_id] = parse(stored.definition)
    inside = leaves(found[segment_id])
    total = len(inside)
    for _, leaf in inside:
        if isinstance(leaf, SegmentLeaf):
            total += _follow(session, leaf.segment_id, path, found, (*trail, segment_id))
            if total > MAX_LEAVES_IN_ALL:
                break
    return total


def all_leaves(definition: Definition, inner: Mapping[int, Definition]) -> Iterable[Leaf]:
    """The leaves of the definition and of every segment that it leads to."""
    for tree in (definition, *inner.values()):
        for _, leaf in leaves(tree):
            yield leaf
