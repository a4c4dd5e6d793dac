"""What a question would read, before it is asked: a hopeless one is refused with the reason, instead of holding up everybody
else's for a minute and then failing.

The engine itself estimates, for each set of people a question is made of, how many rows are left after months and keys
have been ruled out. That takes some milliseconds a set, so it is asked only where all tables of the conditions together
hold more than the limit: in most shops nothing can be too much.
"""

from __future__ import annotations

from dataclasses import dataclass

from wellspring.platform.warehouse.client import Warehouse
from wellspring.platform.warehouse.tables import FRESH, SETTLED
from wellspring.segments.compile import Bitmaps, Reach, in_scope, part_of
from wellspring.segments.definition import Definition, leaves
from wellspring.segments.errors import SegmentTooCostly
from wellspring.segments.leaves import Leaf
from wellspring.segments.parts import Part
from wellspring.segments.sql import Query
from wellspring.segments.windows import Moment

MILLION = 1_000_000


@dataclass(frozen=True)
class Cost:
    """Rows a question reads; and by the path of each leaf, what it reads by itself."""

    rows: int
    by_leaf: dict[str, int]


def check_cost(warehouse: Warehouse, definition: Definition, moment: Moment, reach: Reach, *, max_rows: int) -> None:
    """Raises SegmentTooCostly, which names the dearest condition."""
    if _at_most(warehouse, definition, reach) <= max_rows:
        return
    cost = estimate(warehouse, definition, moment, reach)
    if cost.rows > max_rows:
        path = max(cost.by_leaf, key=lambda one: cost.by_leaf[one])
        raise SegmentTooCostly(
            path, rows=-(-cost.rows // MILLION), limit=max_rows // MILLION, leaf_rows=-(-cost.by_leaf[path] // MILLION)
        )


def estimate(warehouse: Warehouse, definition: Definition, moment: Moment, reach: Reach) -> Cost:
    known: dict[str, int] = {}

    def rows_of(part: Part, query: Query, scope: Part | None) -> int:
        bitmaps = Bitmaps(query)
        bitmaps.question(part, scope)
        return sum(_rows(warehouse, text, query, known) for text in bitmaps.sets())

    query = reach.query(moment)
    rows = rows_of(part_of(definition.root, query), query, in_scope(query, reach.staff_ids))
    by_leaf = {path: rows_of(leaf.part(query), query, None) for path, leaf in leaves(definition)}
    return Cost(rows, by_leaf)


def _rows(warehouse: Warehouse, text: str, query: Query, known: dict[str, int]) -> int:
    if text not in known:
        found = warehouse.query(f"explain estimate {text}", query.parameters)
        known[text] = sum(int(row["rows"]) for row in found)
    return known[text]


def _at_most(warehouse: Warehouse, definition: Definition, reach: Reach) -> int:
    """No question reads more: each condition its tables once, and everybody."""
    held = {
        str(row["table"]): int(row["rows"])
        for row in warehouse.query(
            "select table, sum(rows) as rows from system.parts where database = currentDatabase() and active group by table"
        )
    }

    def size(table: str) -> int:
        return held.get(table + SETTLED, 0) + held.get(table + FRESH, 0)

    asked: list[Leaf] = [leaf for one in (definition, *reach.segments.values()) for _, leaf in leaves(one)]
    everybody = size("customer_wide") + size("customers")
    facts = sum(size(table) for leaf in asked for table in leaf.tables)
    return facts + everybody * (len(asked) + 1) + (size("relationships") if reach.staff_ids is not None else 0)
