"""Maximum likelihood for both models, from grouped rows. Pure: arrays in, parameters and how it went out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from wellspring.insight.features.lifetime_value import bg_nbd, gamma_gamma
from wellspring.insight.features.lifetime_value.bg_nbd import PurchaseModel
from wellspring.insight.features.lifetime_value.gamma_gamma import SpendingModel, Spendings

Floats = NDArray[np.float64]
Reason = Literal["TOO_FEW_CUSTOMERS", "TOO_FEW_REPEATS", "TOO_SHORT", "NOT_CONVERGED"]

LEAST_CUSTOMERS, LEAST_REPEATS, LEAST_WEEKS = 200, 50, 12
"""Below these the four parameters are mostly noise: own choice, from fits on samples of real orders."""
BOUND = 14.0
"""Of log-parameters."""
FLAT = 1e-4
"""Largest derivative of the mean log-likelihood by a log-parameter that counts as the top."""
SAME = 0.1
"""Tops whose log-likelihoods differ by less say the same about the data."""


class NotFitted(Exception):
    """Too little data, or no maximum: `reason` says which."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True)
class Buyers:
    """Rows of equal (x, t_x, T) in weeks, with how many customers each stands for."""

    x: Floats
    t_x: Floats
    weeks: Floats
    customers: Floats

    @property
    def total(self) -> int:
        return int(self.customers.sum())

    @property
    def repeats(self) -> int:
        return int(self.customers[self.x > 0].sum())

    def merged(self) -> Buyers:
        """Equal rows as one: a back-test's are apart by what came later."""
        rows, which = np.unique(np.stack([self.x, self.t_x, self.weeks]), axis=1, return_inverse=True)
        return Buyers(rows[0], rows[1], rows[2], np.bincount(which.ravel(), weights=self.customers).astype(np.float64))


@dataclass(frozen=True)
class Fit:
    """`log_likelihood` over all customers. `starts_agreed`: how many of the starting points came to the same top.
    `steepest`: the largest derivative there. `at_limit`: a parameter ran to its bound; for BG/NBD that is a shop where
    hardly anybody leaves for good, and the model has become NBD."""

    log_likelihood: float
    customers: int
    starts_agreed: int
    starts: int
    steepest: float
    at_limit: bool


Slope = Callable[[Floats], tuple[Floats, Floats]]


def fit_purchases(buyers: Buyers) -> tuple[PurchaseModel, Fit]:
    if buyers.total < LEAST_CUSTOMERS:
        raise NotFitted("TOO_FEW_CUSTOMERS")
    if buyers.repeats < LEAST_REPEATS:
        raise NotFitted("TOO_FEW_REPEATS")
    if buyers.weeks.max() < LEAST_WEEKS:
        raise NotFitted("TOO_SHORT")

    buyers = buyers.merged()
    rows = bg_nbd.Standings(buyers.x, buyers.t_x, buyers.weeks)

    def slope(logs: Floats) -> tuple[Floats, Floats]:
        return bg_nbd.gradients(PurchaseModel(*np.exp(logs)), rows)

    # Shape r around what retail shows, alpha so that the mean rate is the data's, and three guesses of leaving.
    time = float((buyers.customers * buyers.weeks).sum()) or 1.0
    rate = max(float((buyers.customers * buyers.x).sum()) / time, 1e-6)
    guesses = [(r, r / rate, a, b) for r, a, b in ((0.25, 0.8, 2.5), (1.0, 0.5, 5.0), (0.6, 0.1, 1.0), (2.0, 1.5, 1.5))]
    best, fit = _climb(slope, buyers.customers, guesses, held=2)
    return PurchaseModel(*(float(one) for one in np.exp(best))), fit


def fit_spending(rows: Spendings) -> tuple[SpendingModel, Fit]:
    if rows.customers.sum() < LEAST_CUSTOMERS:
        raise NotFitted("TOO_FEW_CUSTOMERS")
    if rows.customers[rows.n > 1].sum() < LEAST_REPEATS:
        raise NotFitted("TOO_FEW_REPEATS")
    # In units of the average purchase: gamma then is of the order of one, whatever the currency.
    unit = float((rows.customers * rows.mean).sum() / rows.customers.sum())
    scaled = Spendings(rows.n, rows.mean / unit, rows.log_mean - np.log(unit), rows.customers)

    def slope(logs: Floats) -> tuple[Floats, Floats]:
        return gamma_gamma.gradients(SpendingModel(*np.exp(logs)), scaled)

    best, fit = _climb(slope, rows.customers, [(2.0, 3.0, 1.0), (6.0, 4.0, 0.5), (1.0, 2.0, 2.0)], held=3)
    p, q, gamma = (float(one) for one in np.exp(best))
    shifted = fit.log_likelihood - float(rows.customers.sum() * np.log(unit))
    return SpendingModel(p, q, gamma * unit), replace(fit, log_likelihood=shifted)


def _climb(slope: Slope, customers: Floats, guesses: Sequence[tuple[float, ...]], *, held: int) -> tuple[Floats, Fit]:
    """`held`: so many of the first parameters must end inside the bounds, else the likelihood has no maximum."""
    total = float(customers.sum())

    def down(logs: Floats) -> tuple[float, Floats]:
        value, by = slope(logs)
        return -float(customers @ value) / total, -(by @ customers) / total

    ends = [
        minimize(
            down, np.log(guess), jac=True, method="L-BFGS-B", bounds=[(-BOUND, BOUND)] * len(guess),
            options={"maxiter": 1_000, "ftol": 1e-14, "gtol": 1e-8},
        )
        for guess in guesses
    ]  # fmt: skip
    inside = BOUND - 1e-6
    tops = [
        (float(end.fun), np.asarray(end.x, dtype=np.float64), float(np.abs(down(end.x)[1]).max()))
        for end in ends
        if np.isfinite(end.fun) and np.abs(end.x[:held]).max() < inside
    ]
    tops = [top for top in tops if top[2] < FLAT]
    if not tops:
        raise NotFitted("NOT_CONVERGED")
    least, best, steepest = min(tops, key=lambda top: top[0])
    agreed = sum((value - least) * total < SAME for value, _, _ in tops)
    at_limit = bool(np.abs(best).max() >= inside)
    return best, Fit(-least * total, int(total), agreed, len(guesses), steepest, at_limit)
