"""BG/NBD: likelihood, P(alive), expected purchases. Time in weeks.

Formulas: Fader, Hardie & Lee, Marketing Science 24(2), 2005, pp. 275-284; numbers in brackets are the paper's equations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma, gammaln, hyp2f1

Floats = NDArray[np.float64]


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
        a = self.a if abs(self.a - 1) > 1e-6 else 1 + 1e-6  # a limit: the expression is 0/0 at 1
        c = a + self.b + x - 1
        c = np.where(np.abs(c) < 1e-9, 1e-9, c)
        z = ahead / (self.alpha + weeks + ahead)
        series = hyp2f1(a + self.b - 1 - self.r, a - 1, c, z)
        found: Floats = c / (a - 1) * (1 - (1 - z) ** (a - 1) * series)
        return np.maximum(found, 0.0)

    def expected_purchases(self, x: ArrayLike, t_x: ArrayLike, weeks: ArrayLike, ahead: float) -> Floats:
        return self.p_alive(x, t_x, weeks) * self.purchases_if_alive(x, weeks, ahead)


def log_likelihoods(model: PurchaseModel, x: Floats, t_x: Floats, weeks: Floats) -> Floats:
    """Equation (6), one value per row."""
    return _likelihood(model, x, t_x, weeks)[0]


def _likelihood(model: PurchaseModel, x: Floats, t_x: Floats, weeks: Floats) -> tuple[Floats, Floats]:
    """The logarithms, and the share of each that stems from having left after the last purchase."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    head = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    head = head + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    stayed = -(r + x) * np.log(alpha + weeks)
    repeated = x > 0
    left = np.log(a) - np.log(b + np.where(repeated, x, 1) - 1) - (r + x) * np.log(alpha + t_x)
    left = np.where(repeated, left, -np.inf)
    both = np.logaddexp(stayed, left)
    return head + both, np.exp(left - both)


def gradients(model: PurchaseModel, x: Floats, t_x: Floats, weeks: Floats) -> tuple[Floats, Floats]:
    """(log-likelihoods, their derivatives by ln r, ln alpha, ln a, ln b as rows)."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    value, gone = _likelihood(model, x, t_x, weeks)
    here = 1 - gone
    both = digamma(a + b) - digamma(a + b + x)
    by_r = digamma(r + x) - digamma(r) + np.log(alpha) - here * np.log(alpha + weeks) - gone * np.log(alpha + t_x)
    by_alpha = r / alpha - (r + x) * (here / (alpha + weeks) + gone / (alpha + t_x))
    by_a = both + gone / a
    by_b = both + digamma(b + x) - digamma(b) - gone / (b + np.maximum(x, 1) - 1)
    return value, np.stack([r * by_r, alpha * by_alpha, a * by_a, b * by_b])
