"""Tree -> one parameterised query over the warehouse. See sql.py for what may become text, parts.py for the forms.

Conditions over the wide table that stand together are one scan. Every set of people becomes a bitmap of ids, made once
as a scalar of the query, and the tree is algebra over bitmaps: facts lie sorted by customer, so making one costs little
more than reading the rows, and nothing is joined. All of it is computed per customer; the sum over shards is the whole.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from wellspring.segments.definition import Definition, Group, Node, leaves
from wellspring.segments.leaves import Leaf
from wellspring.segments.parts import All, AnyOf, AtLeast, Fits, Not, Part, People, condition_of
from wellspring.segments.sql import Query
from wellspring.segments.windows import Moment

FEW_CHOICES = 20
"""Up to so many ways of choosing n of some conditions, each is one intersection; with more, people are counted."""


@dataclass(frozen=True)
class Compiled:
    sql: str
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Reach:
    """Read from the stores for one question. `staff_ids`: whose customers the actor's scope reaches, None: everybody's.
    `staff_of_store`: who works in the stores that the definition names. `kept_day`, `readable` and
    `segments`: see `Query`."""

    staff_ids: Sequence[int] | None = None
    staff_of_store: Mapping[int, Sequence[int]] = field(default_factory=dict)
    kept_day: date | None = None
    readable: Callable[[str], str] = str
    segments: Mapping[int, Definition] = field(default_factory=dict)

    def query(self, moment: Moment, only: Sequence[int] | None = None) -> Query:
        return Query(
            moment,
            self.staff_of_store,
            only=only,
            kept_day=self.kept_day,
            readable=self.readable,
            segments=self.segments,
        )


def part_of(node: Node, query: Query) -> Part:
    if isinstance(node, Leaf):
        return node.part(query)
    assert isinstance(node, Group)
    parts = tuple(part_of(child, query) for child in node.children)
    match node.kind:
        case "all":
            return All(parts)
        case "any":
            return AnyOf(parts)
        case "none":
            return Not(AnyOf(parts))
        case "at_least":
            return AtLeast(node.n, parts)


def in_scope(query: Query, staff_ids: Sequence[int] | None) -> Part | None:
    """People with any relationship to the staff of the scope; None: everybody."""
    if staff_ids is None:
        return None
    return People(query.rows("relationships", f"staff_id in {query.integers(staff_ids)}"))


class Bitmaps:
    """Collects the bitmaps of a question as scalars, each made once however often it is used."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._scalars: dict[str, str] = {}

    def clause(self) -> str:
        """The WITH clause before the question; empty without any."""
        if not self._scalars:
            return ""
        return "with " + ", ".join(f"({text}) as {name}" for text, name in self._scalars.items()) + " "

    def sets(self) -> list[str]:
        """The query behind each bitmap, complete in itself."""
        return list(self._scalars)

    def _scalar(self, text: str) -> str:
        return self._scalars.setdefault(text, f"s{len(self._scalars)}")

    def of(self, part: Part) -> str:
        """An expression for the bitmap of the people of `part`."""
        condition = condition_of(part)
        if condition is not None:
            where = " and ".join([*self._query.restricted("id"), f"({condition})"])
            return self._scalar(f"select groupBitmapState(id) from {self._query.wide} where {where}")  # noqa: S608
        match part:
            case People(rows=rows, grouped=True):
                return self._scalar(f"select groupBitmapState(customer_id) from (select customer_id {rows})")  # noqa: S608
            case People(rows=rows):
                return self._scalar(f"select groupBitmapState(customer_id) {rows}")
            case Not(part=inner):
                return f"bitmapAndnot({self.of(Fits('1'))}, {self.of(inner)})"
            case All(parts=parts):
                return self._all(parts)
            case AnyOf(parts=parts):
                return self._folded("bitmapOr", [self.of(one) for one in _together(parts, AnyOf)])
            case AtLeast(n=n, parts=parts):
                return self._at_least(n, parts)
            case Fits():
                raise AssertionError("a condition is no set of people")

    def _all(self, parts: Sequence[Part]) -> str:
        """What must not hold is taken away from what must; only where nothing must, from everybody."""
        together = _together(parts, All)
        wanted = [self.of(one) for one in together if not (isinstance(one, Not) and condition_of(one) is None)]
        unwanted = [self.of(one.part) for one in together if isinstance(one, Not) and condition_of(one) is None]
        held = self._folded("bitmapAnd", wanted) if wanted else self.of(Fits("1"))
        return f"bitmapAndnot({held}, {self._folded('bitmapOr', unwanted)})" if unwanted else held

    def _at_least(self, n: int, parts: Sequence[Part]) -> str:
        if math.comb(len(parts), n) <= FEW_CHOICES:
            each = [self.of(one) for one in parts]
            chosen = [self._folded("bitmapAnd", some) for some in itertools.combinations(each, n)]
            return self._folded("bitmapOr", chosen)
        return self._counted(n, parts)

    def _counted(self, n: int, parts: Sequence[Part]) -> str:
        each = " union all ".join(f"select arrayJoin(bitmapToArray({self._inline(one)})) as id" for one in parts)
        return self._scalar(
            f"select groupBitmapState(id) from (select id from ({each}) group by id having count() >= {int(n)})"  # noqa: S608
        )

    def _inline(self, part: Part) -> str:
        """The bitmap of a part, complete in itself: a scalar cannot be named inside another one."""
        inner = Bitmaps(self._query)
        expression = inner.of(part)
        return f"(select {expression} from ({_one_row(inner._scalars)}))" if inner._scalars else expression  # noqa: S608

    def _folded(self, function: str, expressions: Sequence[str]) -> str:
        folded = expressions[0]
        for one in expressions[1:]:
            folded = f"{function}({folded}, {one})"
        return folded

    def question(self, part: Part, scope: Part | None) -> str:
        """The bitmap of those in the part and in scope, without merged customers, whose facts may lag a moment behind."""
        held = self.of(part if scope is None else All((part, scope)))
        if condition_of(part) is not None and scope is None:
            return held
        where = " and ".join([*self._query.restricted("id"), "merged_into_id != 0"])
        gone = self._scalar(f"select groupBitmapState(id) from {self._query.merged} where {where}")  # noqa: S608
        return f"bitmapAndnot({held}, {gone})"


def _one_row(scalars: Mapping[str, str]) -> str:
    return "select " + ", ".join(f"({text}) as {name}" for text, name in scalars.items())


def _together(parts: Sequence[Part], kind: type[All] | type[AnyOf]) -> list[Part]:
    """Parts of parts of the same kind lifted up, and all conditions over the wide table made one."""
    flat: list[Part] = []
    for part in parts:
        flat += _together(part.parts, kind) if isinstance(part, kind) and condition_of(part) is None else [part]
    rows = [one for one in flat if condition_of(one) is not None]
    sets = [one for one in flat if condition_of(one) is None]
    return [kind(tuple(rows)), *sets] if rows else sets


def compile_people(definition: Definition, moment: Moment, reach: Reach) -> Compiled:
    """Rows: `id` of every customer in the segment and in scope, ascending."""
    query = reach.query(moment)
    text = _ids(query, part_of(definition.root, query), in_scope(query, reach.staff_ids))
    return Compiled(f"{text} order by id", query.parameters)


def compile_sample(definition: Definition, moment: Moment, reach: Reach, *, size: int, seed: int) -> Compiled:
    """Rows: `id` of `size` people of the segment; another seed gives others."""
    query = reach.query(moment)
    text = _ids(query, part_of(definition.root, query), in_scope(query, reach.staff_ids))
    order = f"cityHash64(id, {query.integer(seed)})"
    return Compiled(f"{text} order by {order}, id limit {int(size)}", query.parameters)


def _ids(query: Query, part: Part, scope: Part | None) -> str:
    condition = condition_of(part)
    if condition is not None and scope is None:
        return f"select id from {query.wide} where {condition}"  # noqa: S608
    bitmaps = Bitmaps(query)
    found = bitmaps.question(part, scope)
    return f"{bitmaps.clause()}select id from (select arrayJoin(bitmapToArray({found})) as id)"  # noqa: S608


def compile_bitmap(
    definition: Definition, moment: Moment, reach: Reach, *, only: Sequence[int] | None = None
) -> Compiled:
    """One row with one column: the bitmap of everybody in the segment, or of those among `only`."""
    query = reach.query(moment, only)
    bitmaps = Bitmaps(query)
    found = bitmaps.question(part_of(definition.root, query), in_scope(query, reach.staff_ids))
    return Compiled(f"{bitmaps.clause()}select {found}", query.parameters)


def compile_page(
    definition: Definition, moment: Moment, reach: Reach, *, offset: int, limit: int, only: Sequence[int] | None = None
) -> Compiled:
    """One row: `total` people in the segment and in scope, and the `ids` of one page of them, ascending. `only`: as above."""
    query = reach.query(moment, only)
    bitmaps = Bitmaps(query)
    found = bitmaps.question(part_of(definition.root, query), in_scope(query, reach.staff_ids))
    page = f"bitmapToArray(subBitmap(held, toUInt64({query.integer(offset)}), toUInt64({query.integer(limit)})))"
    held = f"{bitmaps.clause().rstrip()}, {found} as held" if bitmaps.clause() else f"with {found} as held"
    return Compiled(f"{held} select bitmapCardinality(held) as total, {page} as ids", query.parameters)


def compile_size(definition: Definition, moment: Moment, reach: Reach) -> Compiled:
    """One row: `matched`, and nothing else: the least that can be asked."""
    query = reach.query(moment)
    part, scope = part_of(definition.root, query), in_scope(query, reach.staff_ids)
    condition = condition_of(part)
    if condition is not None and scope is None:
        return Compiled(f"select count() as matched from {query.wide} where {condition}", query.parameters)  # noqa: S608
    bitmaps = Bitmaps(query)
    found = bitmaps.question(part, scope)
    return Compiled(f"{bitmaps.clause()}select bitmapCardinality({found}) as matched", query.parameters)


def compile_count(definition: Definition, moment: Moment, reach: Reach) -> Compiled:
    """One row: `matched`, `total` (everybody in scope), and `leaf_0`, `leaf_1`, ... in the order of `leaves()`:
    how many people in scope each leaf holds for by itself."""
    query = reach.query(moment)
    root, scope = part_of(definition.root, query), in_scope(query, reach.staff_ids)
    parts = [root, Fits("1"), *(leaf.part(query) for _, leaf in leaves(definition))]
    names = ["matched", "total", *(f"leaf_{index}" for index in range(len(parts) - 2))]
    bitmaps = Bitmaps(query)
    conditions: dict[str, str] = {}
    columns = []
    for name, part in zip(names, parts, strict=True):
        condition = condition_of(part)
        if condition is not None and scope is None:
            conditions[name] = condition
            columns.append(f"counted.{len(conditions)} as {name}")
        else:
            columns.append(f"bitmapCardinality({bitmaps.question(part, scope)}) as {name}")
    with_clause = bitmaps.clause()
    if conditions:
        counts = ", ".join(f"countIf({condition})" for condition in conditions.values())
        scan = f"(select tuple({counts}) from {query.wide}) as counted"  # noqa: S608
        with_clause = f"{with_clause.rstrip()}, {scan} " if with_clause else f"with {scan} "
    return Compiled(f"{with_clause}select {', '.join(columns)}", query.parameters)
