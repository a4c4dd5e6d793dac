"""The pure parts of analyses, and the stage in SQL against the stage in Python."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from wellspring.insight.analysis import distribution, funnel, lifecycle, overlap, periods, repurchase
from wellspring.insight.analysis.cohorts import SIZE, CohortsAsk, build
from wellspring.insight.analysis.lifecycle import LifecycleAsk
from wellspring.insight.analysis.study import open_study
from wellspring.insight.features.base import Kind, lower_median
from wellspring.insight.features.lifecycle import stage
from wellspring.insight.features.settings import FeatureSettings
from wellspring.platform.auth import Scope
from wellspring.platform.errors import Invalid
from wellspring.platform.runtime import Platform


@pytest.mark.parametrize("kind", ["month", "week"])
def test_periods_are_numbered_without_gaps(kind: periods.PeriodKind) -> None:
    day, before = date(1998, 12, 28), None
    while day < date(2027, 2, 1):
        number = periods.number(kind, day)
        first = periods.first_day(kind, number)
        assert first <= day < periods.first_day(kind, number + 1)
        assert before is None or number in (before, before + 1)
        before, day = number, day + timedelta(days=1)
    assert periods.first_day("week", periods.number("week", date(2026, 3, 5))).weekday() == 0


def test_averages_leave_out_what_is_not_over() -> None:
    p = periods.number("month", date(2026, 1, 1))
    counts = {(p, SIZE): 10, (p, p): 10, (p, p + 1): 5, (p, p + 2): 1, (p + 1, SIZE): 30, (p + 1, p + 1): 30}
    found = build(CohortsAsk(periods=3), date(2026, 3, 5), counts, {p: True, p + 1: True, p + 2: False})
    assert [(one.after, one.customers, one.size) for one in found.average] == [(0, 40, 40), (1, 5, 10)]
    assert [cell.complete for cell in found.cohorts[0].cells] == [True, True, False]
    assert found.cohorts[2].cells == []


def test_who_is_seen_no_longer_is_no_loss() -> None:
    """Ten buyers: two come back on day 5, four are seen for 3 days only, the rest for 10."""
    seen = {(5, True): 2, (3, False): 4, (10, False): 4}
    (point,) = repurchase.curve(seen)
    assert (point.day, point.at_risk, point.bought, point.share) == (5, 6, 2, pytest.approx(1 / 3))
    assert point.low < 1 / 3 < point.high
    assert repurchase.at([point], seen, 4).share == 0
    assert repurchase.at([point], seen, 7).at_risk == 4
    assert repurchase.curve({}) == []
    (everybody,) = repurchase.curve({(2, True): 3})
    assert (everybody.share, everybody.low, everybody.high) == (1, 1, 1)


def test_small_groups_of_a_funnel_are_folded() -> None:
    counts = {f"g{n:02}": (100 - n, 50, 20, 10, 1) for n in range(40)}
    kept = funnel.folded(counts)
    assert len(kept) == funnel.MOST_GROUPS + 1
    assert funnel.total(kept) == funnel.total(counts)
    assert next(iter(kept)) == "g00"
    assert list(kept)[-1] == funnel.OTHERS


def test_an_overlap_adds_up() -> None:
    counts = {(True, True): 3, (True, False): 4, (False, True): 5, (False, False): 80}
    found = overlap.build({1: "a", 2: "b"}, [1, 2], counts)
    assert [one.customers for one in found.segments] == [7, 8]
    assert (found.anywhere, found.everywhere) == (12, 3)
    assert [one.inside for one in found.combinations] == [[2], [1], [1, 2]]


@pytest.mark.parametrize(
    ("least", "most", "low", "high", "kind"),
    [
        (0, 5, 0, 4, "count"), (0, 100_000, 0, 900, "count"), (-5_000, 9_999_999, 100, 250_000, "money"),
        (12, 12, 12, 12, "money"), (0.01, 0.99, 0.1, 0.8, "probability"), (0.0, 3.2, 0.1, 2.9, "amount"), (0, 0, 0, 0, "days"),
    ],
)  # fmt: skip
def test_bins_cover_everybody_in_even_steps(least: float, most: float, low: float, high: float, kind: Kind) -> None:
    edges = distribution.bin_edges(least, most, low, high, kind)
    assert 1 <= len(edges) <= distribution.MOST_BINS + 2
    steps = {round(b - a, 6) for a, b in pairwise(edges)}
    assert len(steps) <= 1
    assert edges[0] <= low
    found = distribution.bins(edges, {edges[0]: 2, edges[-1]: 1} if len(edges) > 1 else {edges[0]: 3}, least, most)
    assert sum(one.customers for one in found) == 3
    assert (found[0].low is None) == (least < edges[0])
    assert found[-1].high is None or found[-1].high >= most


def test_stages_in_the_warehouse_are_those_of_python(platform: Platform) -> None:
    chosen, draw = FeatureSettings(), random.Random(5)
    now = platform.clock.now()
    ends = {"earlier": date(2025, 12, 31), "later": date(2026, 3, 5)}
    histories: dict[int, list[date]] = {}
    rows, number = [], 0
    for customer in range(1, 301):
        gap, start = draw.choice((3, 20, 45, 90, 200)), draw.randrange(0, 900)
        days = sorted(
            {ends["later"] - timedelta(days=start + gap * k + draw.randrange(3)) for k in range(draw.randrange(9))}
        )
        histories[customer] = days
        for day in days:
            number += 1
            rows.append((number, customer, datetime(day.year, day.month, day.day, 3, tzinfo=UTC), 1))
    platform.warehouse.insert("orders_settled", ("id", "customer_id", "placed_at", "_version"), rows)
    platform.warehouse.insert(
        "customers_settled",
        ("id", "created_at", "merged_into_id", "_version"),
        [(customer, now - timedelta(days=2000), 0, 1) for customer in histories],
    )
    with platform.database.unit_of_work() as session:
        study = open_study(session, platform, Scope(), None)
        found = lifecycle.read_lifecycle(study, LifecycleAsk(date(2025, 12, 1), date(2026, 3, 1)), chosen, "zh")

    def stage_at(days: list[date], end: date) -> str:
        past = [day.toordinal() for day in days if day <= end]
        gaps = [later - earlier for earlier, later in pairwise(past)]
        rhythm = lower_median(gaps) if len(gaps) >= chosen.rhythm_gaps else 0
        return stage(past, end.toordinal(), rhythm, chosen)

    expected: dict[tuple[str, str], int] = {}
    for days in histories.values():
        move = (stage_at(days, ends["earlier"]), stage_at(days, ends["later"]))
        expected[move] = expected.get(move, 0) + 1
    assert {(one.origin, one.target): one.customers for one in found.moves} == expected
    assert len(expected) > 8


def test_a_month_is_a_month(platform: Platform) -> None:
    assert lifecycle.month_of("2026-02", "earlier") == date(2026, 2, 1)
    with pytest.raises(Invalid):
        lifecycle.month_of("2026-02-01", "earlier")
    with platform.database.unit_of_work() as session:
        study = open_study(session, platform, Scope(), None)
        with pytest.raises(Invalid):
            lifecycle.read_lifecycle(study, LifecycleAsk(date(2026, 3, 1), date(2026, 2, 1)), FeatureSettings(), "zh")
