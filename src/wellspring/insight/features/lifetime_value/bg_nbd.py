"""BG/NBD: likelihood, P(alive), expected purchases. Time in weeks.

Formulas: Fader, Hardie & Lee, Marketing Science 24(2), 2005, pp. 275-284; numbers in brackets are the paper's equations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv as beta_quantile
from scipy.special import digamma, gammaln, hyp2f1

Floats = NDArray[np.float64]

STEEP = 50.0
"""From this a on expectations are means over quantiles."""
QUANTILES = 512


@dataclass(frozen=True)
class PurchaseModel:
    r: float
    alpha: float
    a: float
    b: float

    def p_alive(self, x: ArrayLike, t_x: ArrayLike, weeks: ArrayLike) -> Floats:
        """1 for x = 0, by construction of the model and not by evidence."""
        x, t_x, weeks = (np.asarray(one, dtype=np.float64) for one in (x, t_x, weeks))
        left = np.log(self.a) - np.log(self.b + np.maximum(x, 1) - 1)
        left = left + (self.r + x) * (np.log(self.alpha + weeks) - np.log(self.alpha + t_x))
        return np.where(x > 0, np.exp(-np.logaddexp(0, left)), 1.0)

    def purchases_if_alive(self, x: ArrayLike, weeks: ArrayLike, ahead: float) -> Floats:
        """Expected purchases in `ahead` weeks of somebody alive with x repeat purchases in `weeks`: equation (10)
        times its denominator, which is 1 / P(alive).

        The paper's ((alpha+T)/(alpha+T+t))^(r+x) * 2F1(r+x, b+x; a+b+x-1; z) is written as
        (1-z)^(a-1) * 2F1(a+b-1-r, a-1; a+b+x-1; z) by Euler's transformation: the same, without growing terms.
        """
        x, weeks = np.asarray(x, dtype=np.float64), np.asarray(weeks, dtype=np.float64)
        if self.a > STEEP:
            return self._over_people(x, weeks, ahead)
        a = self.a if abs(self.a - 1) > 1e-6 else 1 + 1e-6  # a limit: the expression is 0/0 at 1
        c = a + self.b + x - 1
        c = np.where(np.abs(c) < 1e-9, 1e-9, c)
        z = ahead / (self.alpha + weeks + ahead)
        series = hyp2f1(a + self.b - 1 - self.r, a - 1, c, z)
        found: Floats = c / (a - 1) * (1 - (1 - z) ** (a - 1) * series)
        return np.maximum(found, 0.0)

    def _over_people(self, x: Floats, weeks: Floats, ahead: float) -> Floats:
        """The same as a mean over the probability p of leaving, which is beta(a, b + x) for who is alive: given p it is
        (1 - (1 + p t / (alpha + T))^-(r + x)) / p. For large a, where people hardly differ in p and the series' factors
        leave the range of floats, a mean over quantiles is exact to five digits."""
        x, weeks = np.broadcast_arrays(x, weeks)
        shape = x.shape
        distinct, which = np.unique(x.ravel(), return_inverse=True)
        levels = (np.arange(QUANTILES) + 0.5) / QUANTILES
        leaving = beta_quantile(self.a, self.b + distinct[:, None], levels[None, :])
        found = np.empty(which.shape)
        for index, repeats in enumerate(distinct):
            chosen = which == index
            p = leaving[index][None, :]
            gone = -np.expm1(-(self.r + repeats) * np.log1p(p * ahead / (self.alpha + weeks.ravel()[chosen][:, None])))
            found[chosen] = (gone / p).mean(axis=1)
        return found.reshape(shape)

    def expected_purchases(self, x: ArrayLike, t_x: ArrayLike, weeks: ArrayLike, ahead: float) -> Floats:
        return self.p_alive(x, t_x, weeks) * self.purchases_if_alive(x, weeks, ahead)


class Standings:
    """Rows of (x, t_x, T) for the likelihood. Each gamma function and logarithm in it is of one of the three alone, and
    whole weeks have few different values: they are worked out once per value and looked up."""

    def __init__(self, x: Floats, t_x: Floats, weeks: Floats) -> None:
        self.x, self.t_x, self.weeks = x, t_x, weeks
        self.repeated = x > 0
        self._x, self._of_x = np.unique(x, return_inverse=True)
        self._t_x, self._of_t_x = np.unique(t_x, return_inverse=True)
        self._weeks, self._of_weeks = np.unique(weeks, return_inverse=True)

    def of_x(self, function: Callable[[Floats], Floats]) -> Floats:
        return function(self._x)[self._of_x]

    def of_t_x(self, function: Callable[[Floats], Floats]) -> Floats:
        return function(self._t_x)[self._of_t_x]

    def of_weeks(self, function: Callable[[Floats], Floats]) -> Floats:
        return function(self._weeks)[self._of_weeks]


def log_likelihoods(model: PurchaseModel, x: Floats, t_x: Floats, weeks: Floats) -> Floats:
    """Equation (6), one value per row."""
    return gradients(model, Standings(x, t_x, weeks))[0]


def gradients(model: PurchaseModel, rows: Standings) -> tuple[Floats, Floats]:
    """(log-likelihoods, their derivatives by ln r, ln alpha, ln a, ln b as rows)."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    x = rows.x
    watched, until_last = rows.of_weeks(lambda one: np.log(alpha + one)), rows.of_t_x(lambda one: np.log(alpha + one))
    head = rows.of_x(
        lambda one: (
            gammaln(r + one) - gammaln(r) + r * np.log(alpha)
            + gammaln(a + b) + gammaln(b + one) - gammaln(b) - gammaln(a + b + one)
        )
    )  # fmt: skip
    odds = rows.of_x(lambda one: np.log(a) - np.log(b + np.maximum(one, 1) - 1))
    # What having left after the last purchase weighs against still being here.
    lead = np.where(rows.repeated, odds + (r + x) * (watched - until_last), -np.inf)
    both = np.logaddexp(0, lead)
    gone = np.exp(lead - both)
    here = 1 - gone
    value = head - (r + x) * watched + both
    by_r = rows.of_x(lambda one: digamma(r + one) - digamma(r) + np.log(alpha)) - here * watched - gone * until_last
    by_alpha = r / alpha - (r + x) * (here * np.exp(-watched) + gone * np.exp(-until_last))
    stays = rows.of_x(lambda one: digamma(a + b) - digamma(a + b + one))
    by_a = stays + gone / a
    by_b = stays + rows.of_x(lambda one: digamma(b + one) - digamma(b))
    by_b = by_b - gone * rows.of_x(lambda one: 1 / (b + np.maximum(one, 1) - 1))
    return value, np.stack([r * by_r, alpha * by_alpha, a * by_a, b * by_b])
