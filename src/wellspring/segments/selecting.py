"""People chosen for other questions: as a query for their ids, and several segments laid over each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import Any

from sqlalchemy.orm import Session

from wellspring.people import facade as people
from wellspring.platform.auth.actor import Scope
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import readable
from wellspring.segments import service
from wellspring.segments.asking import moment_of, reach_of
from wellspring.segments.compile import Bitmaps, Compiled, Reach, compile_people, in_scope, part_of
from wellspring.segments.definition import Definition, parse
from wellspring.segments.parts import everybody
from wellspring.segments.windows import Moment


@dataclass(frozen=True)
class Selection:
    """`ids`: a query for customer ids, to stand behind `in`; its parameters are named p0, p1, ..."""

    ids: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Overlap:
    """`counts`: for each combination of "in it or not", in the order of the segments, how many people. Nobody is in two
    combinations; who is in none of the segments is under (False, False, ...)."""

    counts: Mapping[tuple[bool, ...], int]


def select_people(session: Session, platform: Platform, segment_id: int | None, scope: Scope) -> Selection | None:
    """People of the segment and of the scope; None: everybody, no condition needed. Raises SegmentNotFound."""
    if segment_id is None:
        return _in_scope(session, platform, scope)
    definition = parse(service.segment(session, segment_id).definition)
    reach = reach_of(session, platform, definition, scope)
    compiled = compile_people(definition, moment_of(session, platform), reach)
    return Selection(compiled.sql, compiled.parameters)


def _in_scope(session: Session, platform: Platform, scope: Scope) -> Selection | None:
    inside = people.staff_in_scope(scope)
    if inside is None:
        return None
    query = Reach(readable=partial(readable, platform.warehouse)).query(moment_of(session, platform))
    rows = query.rows("relationships", f"staff_id in {query.integers(list(session.scalars(inside)))}")
    return Selection(f"select customer_id {rows}", query.parameters)


def compile_overlap(definitions: Sequence[Definition], moment: Moment, reach: Reach) -> Compiled:
    """One row: `c_<bits>` for each combination, a 1 for each segment that the people are in."""
    query = reach.query(moment)
    scope, bitmaps = in_scope(query, reach.staff_ids), Bitmaps(query)
    sets = [bitmaps.question(part_of(one.root, query), scope) for one in definitions]
    whole = bitmaps.question(everybody(), scope)
    columns = []
    for inside in product((True, False), repeat=len(sets)):
        held = whole
        for one, wanted in zip(sets, inside, strict=True):
            held = f"{'bitmapAnd' if wanted else 'bitmapAndnot'}({held}, {one})"
        columns.append(f"bitmapCardinality({held}) as c_{''.join(str(int(wanted)) for wanted in inside)}")
    return Compiled(f"{bitmaps.clause()}select {', '.join(columns)}", query.parameters)


def overlap(session: Session, platform: Platform, segment_ids: Sequence[int], scope: Scope) -> Overlap:
    """Raises SegmentNotFound."""
    definitions = [parse(service.segment(session, one).definition) for one in segment_ids]
    reaches = [reach_of(session, platform, one, scope) for one in definitions]
    together = replace(
        reaches[0],
        staff_of_store={store: staff for reach in reaches for store, staff in reach.staff_of_store.items()},
        segments={inner: tree for reach in reaches for inner, tree in reach.segments.items()},
    )
    compiled = compile_overlap(definitions, moment_of(session, platform), together)
    (row,) = platform.warehouse.query(compiled.sql, compiled.parameters)
    return Overlap({tuple(bit == "1" for bit in name.removeprefix("c_")): int(n) for name, n in row.items()})
