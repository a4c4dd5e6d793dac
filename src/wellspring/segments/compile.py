"""Tree -> one parameterised query over the warehouse. See sql.py for what may become text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wellspring.segments.definition import Definition, Group, Node, leaves
from wellspring.segments.leaves import Leaf
from wellspring.segments.sql import FactQuery
from wellspring.segments.windows import Moment


@dataclass(frozen=True)
class Compiled:
    sql: str
    parameters: dict[str, Any]


def _condition(node: Node, query: FactQuery) -> str:
    if isinstance(node, Leaf):
        return f"({node.sql(query)})"
    assert isinstance(node, Group)
    word = " and " if node.kind == "all" else " or "
    inside = word.join(_condition(child, query) for child in node.children)
    return f"(not ({inside}))" if node.kind == "none" else f"({inside})"


@dataclass(frozen=True)
class Reach:
    """Read from PostgreSQL for one question. `staff_ids`: whose customers the actor's scope reaches, None: everybody's.
    `staff_of_store`: who works in the stores that the definition names."""

    staff_ids: Sequence[int] | None = None
    staff_of_store: Mapping[int, Sequence[int]] = field(default_factory=dict)


def _in_scope(query: FactQuery, staff_ids: Sequence[int] | None) -> str:
    """People with any relationship to the staff of the scope; None: everybody."""
    if staff_ids is None:
        return "1"
    return query.aggregate("relationships", f"countIf(staff_id in {query.integers(staff_ids)})") + " > 0"


def compile_people(definition: Definition, moment: Moment, reach: Reach) -> Compiled:
    """Rows: `id` of every customer in the segment and in scope, ascending."""
    query = FactQuery(moment, reach.staff_of_store)
    where = f"{_condition(definition.root, query)} and {_in_scope(query, reach.staff_ids)}"
    return Compiled(f"select c.id as id from {query.source()} where {where} order by id", query.parameters)  # noqa: S608


def compile_sample(definition: Definition, moment: Moment, reach: Reach, *, size: int, seed: int) -> Compiled:
    """Rows: `id` of `size` people of the segment; another seed gives others."""
    query = FactQuery(moment, reach.staff_of_store)
    where = f"{_condition(definition.root, query)} and {_in_scope(query, reach.staff_ids)}"
    order = f"cityHash64(c.id, {query.integer(seed)})"
    text = f"select c.id as id from {query.source()} where {where} order by {order}, id limit {int(size)}"  # noqa: S608
    return Compiled(text, query.parameters)


def compile_count(definition: Definition, moment: Moment, reach: Reach) -> Compiled:
    """One row: `matched`, `total` (everybody in scope), and `leaf_0`, `leaf_1`, ... in the order of `leaves()`:
    how many people in scope each leaf holds for by itself."""
    query = FactQuery(moment, reach.staff_of_store)
    columns = [f"countIf({_condition(definition.root, query)}) as matched", "count() as total"]
    columns += [f"countIf({leaf.sql(query)}) as leaf_{i}" for i, (_, leaf) in enumerate(leaves(definition))]
    scope = _in_scope(query, reach.staff_ids)
    return Compiled(f"select {', '.join(columns)} from {query.source()} where {scope}", query.parameters)  # noqa: S608
