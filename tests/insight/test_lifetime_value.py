"""BG/NBD and Gamma-Gamma against integrals over the people they are made of, published figures, and simulated shops."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from scipy.special import beta as beta_function

from wellspring.insight.features.lifetime_value.backtest import back_test
from wellspring.insight.features.lifetime_value.bg_nbd import PurchaseModel, Standings, gradients, log_likelihoods
from wellspring.insight.features.lifetime_value.fitting import Buyers, NotFitted, fit_purchases, fit_spending
from wellspring.insight.features.lifetime_value.gamma_gamma import SpendingModel, Spendings
from wellspring.insight.features.lifetime_value.gamma_gamma import gradients as spending_gradients
from wellspring.insight.features.lifetime_value.grid import grid_rows
from wellspring.insight.features.lifetime_value.model import MOST_REPEATS, LifetimeModel, to_weeks
from wellspring.insight.features.lifetime_value.reading import Watched

CDNOW = PurchaseModel(r=0.243, alpha=4.414, a=0.793, b=2.426)
"""Fader, Hardie & Lee (2005), table 2."""
positive = st.floats(0.05, 20)
models = st.builds(
    PurchaseModel, r=st.floats(0.1, 5), alpha=st.floats(0.5, 30), a=st.floats(0.1, 4), b=st.floats(0.2, 8)
)
standings = st.tuples(st.integers(0, 30), st.floats(0, 1), st.floats(1, 120)).map(
    lambda one: (float(one[0]), one[1] * one[2] if one[0] else 0.0, one[2])
)


def mixed(model: PurchaseModel, x: float, t_x: float, weeks: float) -> tuple[float, float]:
    """(likelihood, the part of those still alive): integrated over rates by quadrature; the shares who leave at each purchase
    are moments of the beta distribution. Another way than the closed form's."""
    whole = beta_function(model.a, model.b)
    stays, leaves = beta_function(model.a, model.b + x) / whole, 0.0
    if x:
        leaves = beta_function(model.a + 1, model.b + x - 1) / whole

    def integral(until: float) -> float:
        # The trapezoid rule over the logarithm of the rate, which converges fast for a smooth bump; from its peak on both
        # ways until nothing is left.
        shape, scale = model.r + x, model.alpha + until
        logs = np.arange(-60 / min(shape, 1), 5, 0.01) + math.log(shape / scale)
        rate = np.exp(logs)
        terms = x * logs - rate * until + stats.gamma(model.r, scale=1 / model.alpha).logpdf(rate) + logs
        return float(np.exp(terms).sum() * 0.01)

    alive = stays * integral(weeks)
    return alive + leaves * (integral(t_x) if x else 0), alive


@settings(max_examples=40, deadline=None)
@given(models, standings)
def test_likelihood_and_p_alive_are_the_integral_over_people(
    model: PurchaseModel, one: tuple[float, float, float]
) -> None:
    x, t_x, weeks = (np.array([value]) for value in one)
    whole, alive = mixed(model, *one)
    assert math.isclose(float(log_likelihoods(model, x, t_x, weeks)[0]), math.log(whole), rel_tol=1e-7, abs_tol=1e-7)
    assert math.isclose(float(model.p_alive(*one)), alive / whole, rel_tol=1e-6, abs_tol=1e-9)


@settings(max_examples=60, deadline=None)
@given(models, standings)
def test_derivatives_are_those_of_the_likelihood(model: PurchaseModel, one: tuple[float, float, float]) -> None:
    x, t_x, weeks = (np.array([value]) for value in one)
    _, by = gradients(model, Standings(x, t_x, weeks))
    logs, step = np.log([model.r, model.alpha, model.a, model.b]), 1e-5
    for index in range(4):
        up, down = logs.copy(), logs.copy()
        up[index], down[index] = up[index] + step, down[index] - step
        ends = [log_likelihoods(PurchaseModel(*np.exp(end)), x, t_x, weeks)[0] for end in (up, down)]
        assert math.isclose(float(by[index, 0]), float(ends[0] - ends[1]) / (2 * step), rel_tol=1e-4, abs_tol=1e-5)


def series(a: float, b: float, c: float, z: float) -> float:
    """2F1 by its definition."""
    term = total = 1.0
    for k in range(100_000):
        term *= (a + k) * (b + k) / ((c + k) * (k + 1)) * z
        total += term
        if abs(term) < 1e-17 * abs(total):
            break
    return total


@settings(max_examples=80, deadline=None)
@given(models, standings, st.floats(1, 60))
def test_expected_purchases_are_equation_ten(
    model: PurchaseModel, one: tuple[float, float, float], ahead: float
) -> None:
    """As the paper prints it, with the hypergeometric function summed term by term."""
    x, t_x, weeks = one
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    if abs(a - 1) < 1e-3 or abs(a + b + x - 1) < 1e-3:
        return
    ratio = (alpha + weeks) / (alpha + weeks + ahead)
    top = 1 - ratio ** (r + x) * series(r + x, b + x, a + b + x - 1, ahead / (alpha + weeks + ahead))
    bottom = 1 + (a / (b + x - 1) * ((alpha + weeks) / (alpha + t_x)) ** (r + x) if x else 0)
    expected = (a + b + x - 1) / (a - 1) * top / bottom
    assert math.isclose(float(model.expected_purchases(x, t_x, weeks, ahead)), expected, rel_tol=1e-6, abs_tol=1e-9)


def test_published_figures() -> None:
    """The customer that P. Fader, B. Hardie and K. L. Lee work out in "Implementing the BG/NBD Model for Customer Base
    Analysis in Excel" (2005), and two of B. Hardie's spreadsheet to the note on Gamma-Gamma (2013)."""
    assert float(CDNOW.expected_purchases(2, 30.43, 38.86, 39)) == pytest.approx(1.226, abs=5e-4)
    spending = SpendingModel(p=6.25, q=3.74, gamma=15.44)
    assert float(spending.expected_value(2, 22.35)) == pytest.approx(24.65, abs=0.05)
    assert float(spending.expected_value(1, 11.77)) == pytest.approx(18.91, abs=0.05)


def test_many_purchases_and_the_removable_gap_do_no_harm() -> None:
    x = np.arange(MOST_REPEATS + 1)
    for a in (1e-4, 0.5, 1 - 1e-9, 1.0, 1 + 1e-9, 3.0):
        found = PurchaseModel(0.8, 9.0, a, 3.0).purchases_if_alive(x, np.full(x.shape, 50), 52)
        assert np.isfinite(found).all()
        assert (np.diff(found) > 0).all()
    around = [float(PurchaseModel(0.8, 9.0, a, 3.0).purchases_if_alive(3, 50, 52)) for a in (0.999, 1.0, 1.001)]
    assert around[0] > around[1] > around[2]


def test_both_ways_to_expect_agree_where_both_can_be_had() -> None:
    x, weeks = np.array([0, 0, 3, 10, 255]), np.array([5, 40, 40, 100, 50])
    for a, b in ((20.0, 100.0), (49.0, 1_000.0), (45.0, 60.0)):
        model = PurchaseModel(0.9, 9.0, a, b)
        by_quantiles = model._over_people(x.astype(float), weeks.astype(float), 52)
        np.testing.assert_allclose(model.purchases_if_alive(x, weeks, 52), by_quantiles, rtol=2e-4)
    at_limit = PurchaseModel(0.9, 9.0, 1.2e6, 1.2e6).purchases_if_alive(x, weeks, 52)
    expected = (1 - (1 + 0.5 * 52 / (9 + weeks)) ** -(0.9 + x)) / 0.5  # everybody leaves with probability one half
    np.testing.assert_allclose(at_limit, expected, rtol=1e-3)


def test_one_time_buyers_are_alive_by_construction() -> None:
    assert np.asarray(CDNOW.p_alive([0, 0], [0, 0], [1, 500])).tolist() == [1, 1]


def simulated(model: PurchaseModel, people: int, weeks: float, ahead: float, seed: int) -> tuple[np.ndarray, ...]:
    """x, t_x, T and purchases in the `ahead` weeks after, one by one as the model tells the story."""
    random = np.random.default_rng(seed)
    rows = []
    for rate, leave in zip(
        random.gamma(model.r, 1 / model.alpha, people), random.beta(model.a, model.b, people), strict=True
    ):
        observed = weeks * random.uniform(0.3, 1)
        at, x, t_x, later = 0.0, 0, 0.0, 0
        while True:
            at += random.exponential(1 / rate) if rate > 1e-12 else math.inf
            if at > observed + ahead:
                break
            if at <= observed:
                x, t_x = x + 1, at
            else:
                later += 1
            if random.random() < leave:
                break
        rows.append((x, t_x, observed, later))
    return tuple(np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))


def test_fit_and_back_test_on_a_shop_that_is_as_the_model_says() -> None:
    truth = PurchaseModel(r=0.8, alpha=6.0, a=0.8, b=3.0)
    x, t_x, weeks, later = simulated(truth, 12_000, 80, 26, seed=4)
    buyers = Buyers(x, t_x, weeks, np.ones_like(x))
    model, fit = fit_purchases(buyers)
    assert fit.starts_agreed == fit.starts
    assert fit.customers == 12_000
    assert fit.log_likelihood >= float(log_likelihoods(truth, x, t_x, weeks).sum())
    assert model.r / model.alpha == pytest.approx(truth.r / truth.alpha, rel=0.1)
    assert model.a / (model.a + model.b) == pytest.approx(truth.a / (truth.a + truth.b), rel=0.15)
    tested = back_test(Watched(buyers, later), calibration_weeks=80, held_out_weeks=26)
    assert tested.error is not None
    assert abs(tested.error) < 0.05
    assert sum(row.customers for row in tested.rows) == 12_000
    for row in tested.rows:
        assert abs(row.forecast - row.actual) < 5 * math.sqrt(row.actual + 1) + 0.05 * row.actual
    assert tested.mean_absolute_error < tested.mean_absolute_error_of_none
    assert tested.mean_absolute_error < tested.mean_absolute_error_of_same_rate


def test_grouping_changes_nothing_and_whole_weeks_little() -> None:
    truth = PurchaseModel(r=0.9, alpha=9.0, a=0.7, b=3.0)
    x, t_x, weeks, _ = simulated(truth, 6_000, 60, 0, seed=9)
    in_weeks = np.stack([x, [to_weeks(round(7 * one)) for one in t_x], [to_weeks(round(7 * one)) for one in weeks]])
    distinct, counts = np.unique(in_weeks, axis=1, return_counts=True)
    assert distinct.shape[1] < 4_000
    one_by_one, first = fit_purchases(Buyers(*in_weeks, np.ones_like(x)))
    grouped, second = fit_purchases(Buyers(*distinct, counts.astype(float)))
    assert second.log_likelihood == pytest.approx(first.log_likelihood, abs=1e-3)
    assert grouped.r == pytest.approx(one_by_one.r, rel=1e-3)
    exact, _ = fit_purchases(Buyers(x, t_x, weeks, np.ones_like(x)))
    said = grouped.expected_purchases(*in_weeks, 52).sum()
    assert said == pytest.approx(float(exact.expected_purchases(x, t_x, weeks, 52).sum()), rel=0.03)


def test_gamma_gamma_on_a_shop_that_is_as_the_model_says() -> None:
    truth, random = SpendingModel(p=4.0, q=4.5, gamma=30_000.0), np.random.default_rng(8)
    n = random.integers(1, 9, 8_000).astype(float)
    mean_rate = random.gamma(truth.q, 1 / truth.gamma, 8_000)
    mean = random.gamma(truth.p * n, 1 / mean_rate) / n
    rows = Spendings(n, mean, np.log(mean), np.ones_like(n))
    model, fit = fit_spending(rows)
    truly, _ = spending_gradients(truth, rows)
    assert fit.log_likelihood >= float(truly.sum())
    assert model.p == pytest.approx(truth.p, rel=0.1)
    assert model.p * model.gamma / (model.q - 1) == pytest.approx(truth.p * truth.gamma / (truth.q - 1), rel=0.05)
    # The density of a mean of n purchases, as a mixture over rates.
    for index in range(5):
        density = integrate.quad(
            lambda rate, i=index: float(
                stats.gamma(truth.p * n[i], scale=1 / (n[i] * rate)).pdf(mean[i])
                * stats.gamma(truth.q, scale=1 / truth.gamma).pdf(rate)
            ),
            0, 40 * truth.q / truth.gamma, limit=300, points=[truth.q / truth.gamma],
        )[0]  # fmt: skip
        assert math.isclose(float(truly[index]), math.log(density), rel_tol=1e-6)


@pytest.mark.parametrize(
    ("customers", "repeats", "weeks", "reason"),
    [(199, 150, 50, "TOO_FEW_CUSTOMERS"), (500, 49, 50, "TOO_FEW_REPEATS"), (500, 300, 11, "TOO_SHORT")],
)
def test_too_little_is_refused_by_name(customers: int, repeats: int, weeks: int, reason: str) -> None:
    x = np.array([0.0, 1.0])
    rows = Buyers(x, x * 5, np.array([weeks, weeks], float), np.array([customers - repeats, repeats], float))
    with pytest.raises(NotFitted) as refused:
        fit_purchases(rows)
    assert refused.value.reason == reason


def test_a_shop_that_nobody_leaves_is_fitted_at_the_limit() -> None:
    truth = PurchaseModel(r=1.0, alpha=8.0, a=1e-9, b=5.0)
    x, t_x, weeks, _ = simulated(truth, 3_000, 60, 0, seed=2)
    model, _ = fit_purchases(Buyers(x, t_x, weeks, np.ones_like(x)))
    assert model.a / (model.a + model.b) < 0.02
    assert float(np.min(model.p_alive(x, t_x, weeks)[weeks - t_x < 20])) > 0.5


def test_the_grid_holds_what_the_model_says() -> None:
    model = LifetimeModel(CDNOW, SpendingModel(6.25, 3.74, 15.44), 20)
    rows = grid_rows(model)
    assert len(rows) == (MOST_REPEATS + 1) * 21
    key, x, weeks, short, long = rows[7 * 21 + 5]
    assert (key, x, weeks) == (model.key, 7, 5)
    assert short == pytest.approx(float(CDNOW.purchases_if_alive(7, 5, 90 / 7)))
    assert long == pytest.approx(float(CDNOW.purchases_if_alive(7, 5, 365 / 7)))
    other = LifetimeModel(PurchaseModel(0.25, 4.4, 0.8, 2.4), model.spending, 20)
    assert 0 < model.key != other.key > 0
