"""The same customers spread over four engines answer, summed, exactly what one engine answers: a cluster says the same."""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import HealthCheck, given, settings
from test_two_ways import INNER, STORES
from trees import MOMENT, TABLES, Rows, definitions, load, people

from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import kept_day, readable
from wellspring.platform.warehouse.tables import FRESH, SETTLED
from wellspring.platform.warehouse.wide import NAME
from wellspring.segments.compile import Reach, compile_size
from wellspring.segments.definition import Definition, leaves, parse

SHARDS = 4


def some_trees(count: int) -> list[Definition]:
    """Always the same ones."""
    found: list[Definition] = []

    @settings(
        max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
    )
    @given(definitions)
    def collect(raw: dict[str, Any]) -> None:
        found.append(parse(raw))

    collect()
    return found


def shard_of(rows: Rows, shard: int) -> Rows:
    """Everything that belongs to the customers of one shard; what belongs to nobody lies on the first."""
    return {
        table: [row for row in rows[table] if row["id" if table == "customers" else "customer_id"] % SHARDS == shard]
        for table in rows
    }


def counts(platform: Platform, rows: Rows, trees: list[Definition]) -> list[int]:
    for name in (*TABLES, NAME):
        for kind in (SETTLED, FRESH):
            platform.warehouse.command(f"truncate table {name}{kind}")
    load(platform, rows, disturbed=False)
    reach = Reach(None, STORES, kept_day(platform.warehouse), partial(readable, platform.warehouse), INNER)
    found = []
    for tree in trees:
        query = compile_size(tree, MOMENT, reach)
        found.append(int(platform.warehouse.scalar(query.sql, query.parameters)))
    return found


def test_the_sum_over_shards_is_the_whole(platform: Platform) -> None:
    rows, trees = people(80, seed=11), some_trees(150)
    kinds = {getattr(leaf, "kind", "") for tree in trees for _, leaf in leaves(tree)}
    assert len(kinds) >= 10, f"the trees should hold every kind of condition, these have {sorted(kinds)}"
    whole = counts(platform, rows, trees)
    parts = [counts(platform, shard_of(rows, shard), trees) for shard in range(SHARDS)]
    assert [sum(part) for part in zip(*parts, strict=True)] == whole
    assert sum(0 < count < 60 for count in whole) > 50
