"""The compiled query on the real engine and the plain evaluator agree about everybody, for hundreds of trees."""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import HealthCheck, given, settings
from trees import MOMENT, definitions, facts_of, load, people

from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import kept_day, readable
from wellspring.segments.compile import Reach, compile_count, compile_people, compile_sample
from wellspring.segments.definition import leaves, parse
from wellspring.segments.evaluate import holds

STORES = {1: [1, 2], 2: [3, 4]}
"""Staff by store, as trees.people() spreads them."""
INNER = {
    1: parse({"version": 1, "root": {"kind": "all", "children": [{"kind": "profile", "genders": [1, 2]}]}}),
    2: parse(
        {"version": 1, "root": {"kind": "none", "children": [{"kind": "tag", "match": "any", "tag_ids": [1, 2]}]}}
    ),
}
"""Other segments that trees refer to: one is a scan, one a set."""


def test_warehouse_and_evaluator_agree(platform: Platform) -> None:
    rows = people(60, seed=7)
    load(platform, rows)
    facts = {row["id"]: facts_of(rows, row, INNER) for row in rows["customers"] if row["merged_into_id"] == 0}
    assert 30 < len(facts) < 60
    staff = {
        row["id"]: {r["staff_id"] for r in facts[row["id"]].rows("relationships")}
        for row in rows["customers"]
        if row["id"] in facts
    }
    kept, source = kept_day(platform.warehouse), partial(readable, platform.warehouse)
    reach = Reach(None, STORES, kept, source, INNER)
    sizes: list[int] = []

    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
    @given(definitions)
    def agree(raw: dict[str, Any]) -> None:
        definition = parse(raw)
        assert parse(definition.dump()) == definition
        expected = {i for i, known in facts.items() if holds(definition.root, known, MOMENT)}
        query = compile_people(definition, MOMENT, reach)
        assert {row["id"] for row in platform.warehouse.query(query.sql, query.parameters)} == expected

        count = compile_count(definition, MOMENT, Reach([1, 9], STORES, kept, source, INNER))
        (found,) = platform.warehouse.query(count.sql, count.parameters)
        mine = {i for i in facts if 1 in staff[i]}
        assert (found["matched"], found["total"]) == (len(expected & mine), len(mine))
        for index, (_, leaf) in enumerate(leaves(definition)):
            assert found[f"leaf_{index}"] == sum(leaf.holds(facts[i], MOMENT) for i in mine)

        sample = compile_sample(definition, MOMENT, reach, size=4, seed=1)
        chosen = {row["id"] for row in platform.warehouse.query(sample.sql, sample.parameters)}
        assert chosen <= expected
        assert len(chosen) == min(4, len(expected))
        sizes.append(len(expected))

    agree()
    assert sum(0 < size < len(facts) for size in sizes) > 100, "most trees must tell people apart"
