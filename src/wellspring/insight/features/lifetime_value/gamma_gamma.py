"""Gamma-Gamma: the value of a purchase. Formulas: Fader & Hardie, The Gamma-Gamma Model of Monetary Value (2013), equations
(1a) for the likelihood and (5) for the conditional mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma, gammaln

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SpendingModel:
    """`gamma` in fen."""

    p: float
    q: float
    gamma: float

    def expected_value(self, n: ArrayLike, mean: ArrayLike) -> Floats:
        """The customer's own mean value of a purchase in fen, after n purchases of `mean` on average."""
        n, mean = np.asarray(n, dtype=np.float64), np.asarray(mean, dtype=np.float64)
        found: Floats = self.p * (self.gamma + n * mean) / (self.p * n + self.q - 1)
        return found


@dataclass(frozen=True)
class Spendings:
    """Buyers grouped by number of purchases and value: `mean` of the group, `log_mean` the mean of the logarithms."""

    n: Floats
    mean: Floats
    log_mean: Floats
    customers: Floats


def gradients(model: SpendingModel, rows: Spendings) -> tuple[Floats, Floats]:
    """(log-likelihood of one customer of each group, its derivatives by ln p, ln q, ln gamma as rows)."""
    p, q, gamma = model.p, model.q, model.gamma
    n, pn = rows.n, model.p * rows.n
    whole = np.log(gamma + n * rows.mean)
    value = gammaln(pn + q) - gammaln(pn) - gammaln(q) + q * np.log(gamma)
    value = value + (pn - 1) * rows.log_mean + pn * np.log(n) - (pn + q) * whole
    by_p = n * (digamma(pn + q) - digamma(pn) + rows.log_mean + np.log(n) - whole)
    by_q = digamma(pn + q) - digamma(q) + np.log(gamma) - whole
    by_gamma = q / gamma - (pn + q) / (gamma + n * rows.mean)
    return value, np.stack([p * by_p, q * by_q, gamma * by_gamma])
