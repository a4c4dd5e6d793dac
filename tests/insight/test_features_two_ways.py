"""The column of the warehouse and the value in plain Python are the same for everybody, feature by feature."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from feature_world import NOW, ZONE, as_value, histories, load, wide_rows
from sqlalchemy.orm import Session

from wellspring.insight.features.base import features, lower_median
from wellspring.insight.features.buying import spent
from wellspring.insight.features.context import Context
from wellspring.insight.features.population import context_now, measure
from wellspring.insight.features.reading import read_history
from wellspring.insight.features.rfm import cut_points
from wellspring.insight.features.rhythm import own_gaps
from wellspring.insight.features.settings import FeatureSettings, write_settings
from wellspring.insight.models import LifetimeValueModel
from wellspring.people.models import StaffMember
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import wide

FITTED = {
    "purchases": {"r": 0.87, "alpha": 10.2, "a": 0.6, "b": 2.4},
    "spending": {"p": 2.4, "q": 3.6, "gamma": 42_700.0},
    "grid_weeks": 100,
}
"""Of the order of what real orders give. 100 weeks: some of the histories reach beyond the grid."""


def prepare(session: Session, chosen: FeatureSettings) -> None:
    for number, (status, may_contact) in enumerate((("active", True), ("active", False), ("left", True)), start=1):
        session.add(StaffMember(userid=f"s{number}", name="导购", status=status, may_contact=may_contact))
    session.add(LifetimeValueModel(status="fitted", at=NOW, by="test", seconds=1, fitted=FITTED, back_test=None))
    write_settings(session, chosen)


@pytest.mark.parametrize(
    "chosen",
    [
        FeatureSettings(),
        FeatureSettings(
            established_purchases=3, established_days=200, decline_from_days=10, decline_gaps=1.1, lost_after_days=90,
            lost_gaps=2.3, rhythm_gaps=1, quadrant_value_fen=9_999, quadrant_orders=1.5, gap_weight=0, sticky_acts=1,
            trusting_purchases=3, convertible_days=30, ignoring_touches=1, tired_touches=1, tired_days=365,
        ),
    ],
    ids=["defaults", "other limits"],
)  # fmt: skip
def test_warehouse_and_python_agree(platform: Platform, clock: FixedClock, chosen: FeatureSettings) -> None:
    clock.advance(timedelta(milliseconds=123))
    people = histories(400, seed=11)
    load(platform.warehouse, people)
    with platform.database.unit_of_work() as session:
        prepare(session, chosen)
    with platform.database.unit_of_work() as session:
        context = context_now(platform, session)
    assert context.now == NOW
    assert context.population.buyers == sum(bool(context.orders(one)) for one in people)
    rows = wide_rows(platform)
    assert rows.keys() == {one.customer_id for one in people}
    seen: dict[str, Counter[Any]] = {}
    for name, feature in features().items():
        seen[name] = Counter()
        for one in people:
            expected, held = feature.held(one, context), as_value(rows[one.customer_id][name])
            same = math.isclose(held, expected, rel_tol=1e-9) if isinstance(expected, float) else held == expected
            assert same, f"{name} of {one}: {held!r} in the warehouse, {expected!r} in Python"
            seen[name][held] += 1
    for name, counted in seen.items():
        assert len(counted) > 1, f"{name} tells nobody apart"
        choices = features()[name].choices
        assert not choices or set(counted) <= set(choices)
    assert set(seen["lifecycle_stage"]) == set(features()["lifecycle_stage"].choices)


def test_the_population_is_measured_as_the_rules_say(platform: Platform, clock: FixedClock) -> None:
    """For every number of buyers up to 41: cut points hang on remainders."""
    people = histories(80, seed=2)
    context = Context(clock.now(), ZONE)
    for count in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 25, 41, 80):
        chosen = people[:count]
        load(platform.warehouse, chosen)
        buyers = [one for one in chosen if context.orders(one)]
        found = measure(platform.warehouse, context.moments())
        assert found.buyers == len(buyers)
        days = [(context.purchase_days(one)[-1] - date(1970, 1, 1)).days for one in buyers]
        assert found.rfm_days == cut_points(days)
        assert found.rfm_orders == cut_points(len(context.orders(one)) for one in buyers)
        assert found.rfm_spent == cut_points(spent(one, context) for one in buyers)
        gaps = [int(lower_median(own_gaps(one, context))) for one in buyers if own_gaps(one, context)]
        assert found.gap_days == (lower_median(gaps) if gaps else 0)
        lately = [one for one in buyers if context.orders(one, 365)]
        worth = [spent(one, context, 365) / len(context.orders(one, 365)) for one in lately]
        often = [len(context.orders(one, 365)) for one in lately]
        assert found.median_order_fen == (lower_median(worth) if worth else 0)
        assert found.median_orders == (lower_median(often) if often else 0)
    wide.build(platform, wide.NEXT, version=1)
    wide._swap(platform, wide.NEXT, 1)
    assert measure(platform.warehouse, context.moments(), kept=True) == found


def test_a_large_import_is_measured_at_once(platform: Platform) -> None:
    """Scores must not rest on the few buyers who were there in the morning."""
    people = histories(60, seed=4)
    seen = []
    for count in (3, 60):
        load(platform.warehouse, people[:count])
        with platform.database.unit_of_work() as session:
            context = context_now(platform, session)
        seen.append(context.population.buyers)
        assert seen[-1] == sum(bool(context.orders(one)) for one in people[:count])
    assert seen[0] < 4 < seen[1]


def test_known_says_when_there_is_a_value(platform: Platform, clock: FixedClock) -> None:
    clock.advance(timedelta(milliseconds=123))
    people = histories(100, seed=5)
    load(platform.warehouse, people)
    with platform.database.unit_of_work() as session:
        prepare(session, FeatureSettings())
        session.flush()
        context = context_now(platform, session)
    wide.build(platform, wide.NEXT, version=1)
    asked = ", ".join(f"toUInt8({feature.known}) as known_{name}" for name, feature in features().items())
    rows = platform.warehouse.query(f"select id as customer, {asked} from {wide.NEXT}")
    platform.warehouse.command(f"drop table {wide.NEXT}")
    known = {row["customer"]: row for row in rows}
    for name, feature in features().items():
        for one in people:
            there = feature.value(one, context) is not None
            assert bool(known[one.customer_id][f"known_{name}"]) == there, (name, one)


def test_one_customer_read_from_the_warehouse_is_the_same_history(platform: Platform, clock: FixedClock) -> None:
    clock.advance(timedelta(milliseconds=123))
    people = histories(40, seed=3)
    load(platform.warehouse, people)
    with platform.database.unit_of_work() as session:
        prepare(session, FeatureSettings())
        session.flush()
        context = context_now(platform, session)
    for one in people:
        read = read_history(platform.warehouse, one.customer_id, own_acts=context.own_acts)
        for feature in features().values():
            assert feature.value(read, context) == feature.value(one, context), feature.name
