"""Intervals against published examples and independent computation; assignment is uniform and stable."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from wellspring.insight.assignment import arm, position
from wellspring.insight.uplift import (
    Rate,
    Sums,
    customers_needed,
    difference_of_means,
    difference_of_rates,
    still_needed,
    wilson,
)

# Newcombe (1998), table II, method 10.
NEWCOMBE = [
    ((56, 70), (48, 80), 0.2000, 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.6000, 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.5714, 0.0582, 0.8062),
    ((5, 56), (0, 29), 0.0893, -0.0381, 0.1926),
    ((0, 10), (0, 20), 0.0000, -0.1611, 0.2775),
    ((0, 10), (0, 10), 0.0000, -0.2775, 0.2775),
    ((10, 10), (0, 20), 1.0000, 0.6791, 1.0000),
    ((10, 10), (0, 10), 1.0000, 0.6075, 1.0000),
]


@pytest.mark.parametrize(("treated", "control", "point", "low", "high"), NEWCOMBE)
def test_newcombes_published_examples(
    treated: tuple[int, int], control: tuple[int, int], point: float, low: float, high: float
) -> None:
    found = difference_of_rates(Rate(*treated), Rate(*control))
    assert found.point == pytest.approx(point, abs=5e-5)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)
    assert found.decided == (low > 0 or high < 0)


def test_wilson_agrees_with_scipy() -> None:
    for hits, n in ((0, 10), (1, 10), (7, 30), (30, 30), (500, 20_000)):
        expected = stats.binomtest(hits, n).proportion_ci(method="wilson")
        assert wilson(Rate(hits, n)) == pytest.approx((expected.low, expected.high), abs=1e-12)


rates = st.integers(0, 5000).flatmap(lambda n: st.builds(Rate, st.integers(0, n), st.just(n)))


@given(rates, rates)
def test_rates_keep_their_laws(a: Rate, b: Rate) -> None:
    there, back = difference_of_rates(a, b), difference_of_rates(b, a)
    if a.n == 0 or b.n == 0:
        assert (there.point, there.decided) == (None, False)
        return
    assert there.point is not None
    assert there.low is not None
    assert there.high is not None
    assert back.low is not None
    assert -1 - 1e-9 <= there.low <= there.point <= there.high <= 1 + 1e-9
    assert there.high == pytest.approx(-back.low)
    assert there.decided == back.decided


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    """A campaign of 90 % treated: 4,000 customers, rates 6 % and 5 %, repeated 2,000 times."""
    random = np.random.default_rng(5)
    treated, control = random.binomial(3600, 0.06, 2000), random.binomial(400, 0.05, 2000)
    hits = 0
    for t, c in zip(treated, control, strict=True):
        found = difference_of_rates(Rate(int(t), 3600), Rate(int(c), 400))
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= 0.01 <= found.high
    assert 0.935 <= hits / 2000 <= 0.97


def sums(values: np.ndarray) -> Sums:
    return Sums(len(values), float(values.sum()), float((values**2).sum()))


def test_means_agree_with_welchs_test_of_scipy() -> None:
    random = np.random.default_rng(3)
    for n, m in ((50, 40), (900, 100), (3, 2)):
        a, b = random.gamma(0.3, 9000, n), random.gamma(0.3, 7000, m)
        expected = stats.ttest_ind(a, b, equal_var=False)
        interval = expected.confidence_interval(0.95)
        found = difference_of_means(sums(a), sums(b))
        assert found.point == pytest.approx(a.mean() - b.mean())
        assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
        assert found.decided == (expected.pvalue < 0.05)


def test_means_that_cannot_be_told() -> None:
    assert difference_of_means(Sums(1, 5, 25), Sums(10, 5, 25)).low is None
    nothing = difference_of_means(Sums(100, 0, 0), Sums(10, 0, 0))
    assert (nothing.point, nothing.low, nothing.decided) == (0, None, False)


def test_sample_size_as_in_fleiss() -> None:
    """Two arms alike, 10 % against 15 %, power 0.8: 686 in each without continuity correction."""
    needed = customers_needed(0.10, 0.05, control_percent=50)
    assert needed is not None
    assert needed.control == 686
    assert needed.treated == 686


def test_sample_size_gives_the_power_it_promises() -> None:
    needed = customers_needed(0.05, 0.02, control_percent=10)
    assert needed is not None
    assert needed.treated == pytest.approx(9 * needed.control, abs=9)
    random = np.random.default_rng(11)
    treated = random.binomial(needed.treated, 0.07, 2000)
    control = random.binomial(needed.control, 0.05, 2000)
    found = sum(
        difference_of_rates(Rate(int(t), needed.treated), Rate(int(c), needed.control)).decided
        for t, c in zip(treated, control, strict=True)
    )
    assert 0.76 <= found / 2000 <= 0.86


def test_how_many_more_it_takes() -> None:
    few = still_needed(Rate(50, 900), Rate(4, 100), 0.01)
    assert few is not None
    assert few > 10_000
    assert still_needed(Rate(5000, 90_000), Rate(400, 10_000), 0.02) == 0
    assert still_needed(Rate(0, 0), Rate(0, 0), 0.01) is None
    assert customers_needed(0.05, 0) is None
    assert customers_needed(0.99, 0.05) is None


def test_impossible_rates_are_refused() -> None:
    with pytest.raises(ValueError, match="no rate"):
        Rate(3, 2)


# Assignment


def test_arms_are_uniform_and_independent() -> None:
    ids = range(1, 100_001)
    buckets = Counter(position("broadcast:1", i) * 100 // 2**64 for i in ids)
    assert stats.chisquare([buckets[b] for b in range(100)]).pvalue > 0.001
    control = {i for i in ids if arm("broadcast:1", i, 10) == "control"}
    assert len(control) == pytest.approx(10_000, abs=4 * math.sqrt(9_000))
    other = {i for i in ids if arm("broadcast:2", i, 10) == "control"}
    assert len(control & other) == pytest.approx(1_000, abs=4 * math.sqrt(990)), "another experiment draws anew"


def test_arms_are_stable_and_monotone() -> None:
    known = [arm("broadcast:7f3", i, 10) for i in range(1, 41)]
    assert [i for i, a in enumerate(known, 1) if a == "control"] == KNOWN_CONTROL
    assert all(arm("x", i, 20) == "control" for i in range(5000) if arm("x", i, 10) == "control")
    assert {arm("x", i, 0) for i in range(1000)} == {"treated"}
    assert {arm("x", i, 100) for i in range(1000)} == {"control"}
    with pytest.raises(ValueError, match="between 0 and 100"):
        arm("x", 1, 101)


KNOWN_CONTROL = [12, 13, 14, 17]
"""Written down once: running campaigns rest on these assignments never changing."""
