"""How sure a result is, without any I/O. z for 95 % two-sided confidence and for 80 % power are the usual ones."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z_95 = 1.959964
Z_POWER_80 = 0.841621


@dataclass(frozen=True)
class Sums:
    """A measure over the customers of one arm: how many customers, its sum and its sum of squares."""

    n: int
    total: float
    squares: float

    @property
    def mean(self) -> float:
        return self.total / self.n if self.n else 0.0

    @property
    def variance_of_mean(self) -> float:
        """Of the sample mean, n - 1 in the denominator; infinite where it can't be known."""
        if self.n < 2:
            return math.inf
        return max(0.0, (self.squares - self.total**2 / self.n) / (self.n - 1)) / self.n


@dataclass(frozen=True)
class MeanDifference:
    """treated minus control with its 95 % interval; `decided`: the interval leaves out zero. None: can't be known."""

    point: float
    low: float | None
    high: float | None
    decided: bool


def difference_of_means(treated: Sums, control: Sums) -> MeanDifference | None:
    """Welch's interval with the normal quantile: the arms are large and need not vary alike.
    None when an arm is empty."""
    if not treated.n or not control.n:
        return None
    point = treated.mean - control.mean
    half = Z_95 * math.sqrt(treated.variance_of_mean + control.variance_of_mean)
    if not math.isfinite(half):
        return MeanDifference(point, None, None, False)
    decided = half > 0 and abs(point) > half
    return MeanDifference(point, point - half, point + half, decided)


def needed_per_arm(rate_treated: float, rate_control: float) -> int | None:
    """Customers per arm (arms of one size) at which a difference like this one would be told from chance with 80 %
    power; None where there is no difference to look for."""
    difference = rate_treated - rate_control
    if difference == 0:
        return None
    spread = rate_treated * (1 - rate_treated) + rate_control * (1 - rate_control)
    return math.ceil((Z_95 + Z_POWER_80) ** 2 * spread / difference**2)


def detectable_difference(treated: int, control: int, base_rate: float) -> float | None:
    """The smallest difference of rates that arms of these sizes tell from chance with 80 % power, around a rate
    of `base_rate`; None with an empty arm."""
    if not treated or not control:
        return None
    # A rate of exactly 0 or 1 would promise to see anything: at least half a customer is assumed either way.
    floor = 0.5 / (treated + control)
    rate = min(max(base_rate, floor), 1 - floor)
    return (Z_95 + Z_POWER_80) * math.sqrt(rate * (1 - rate) * (1 / treated + 1 / control))
