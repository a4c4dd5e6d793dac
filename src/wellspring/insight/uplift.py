"""Treated minus control, with an interval that is honest for small groups and rare events.

Sources
- R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
  methods", Statistics in Medicine 17 (1998), 873-890: method 10, the hybrid of two Wilson score intervals without
  continuity correction.
- E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209-212.
- B. L. Welch, "The generalization of 'Student's' problem when several different population variances are involved",
  Biometrika 34 (1947), 28-35.
- J. L. Fleiss, "Statistical Methods for Rates and Proportions", 2nd ed. (1981), section 3.2: sample sizes, here for
  unequal arms and without continuity correction.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

from scipy import stats


@dataclass(frozen=True)
class Rate:
    """`hits` of `n` customers did it."""

    hits: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.n:
            raise ValueError(f"{self.hits} of {self.n} is no rate")

    @property
    def value(self) -> float | None:
        return self.hits / self.n if self.n else None


@dataclass(frozen=True)
class Sums:
    """`n` customers, the sum of what each brought and the sum of its squares: what a query can add up.
    Customers who brought nothing count in `n`."""

    n: int
    total: float
    squares: float

    @property
    def mean(self) -> float | None:
        return self.total / self.n if self.n else None

    @property
    def variance(self) -> float:
        """Of the sample, with n - 1; never below zero by rounding."""
        return max(0.0, (self.squares - self.total * self.total / self.n) / (self.n - 1))


@dataclass(frozen=True)
class Estimate:
    """Treated minus control. `point` and the ends are None where nothing can be said. `decided`: the interval
    excludes zero. `treated`, `control`: the value of each arm."""

    point: float | None
    low: float | None
    high: float | None
    decided: bool
    treated: float | None
    control: float | None
    confidence: float


NOTHING = Estimate(None, None, None, decided=False, treated=None, control=None, confidence=0.95)


def wilson(rate: Rate, confidence: float = 0.95) -> tuple[float, float]:
    """The score interval of one rate; (0, 1) when nobody was asked."""
    if rate.n == 0:
        return 0.0, 1.0
    z = float(stats.norm.ppf((1 + confidence) / 2))
    p, n = rate.hits / rate.n, rate.n
    middle = p + z * z / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # At 0 and 1 the end is exact; rounding must not push it past the estimate.
    low = 0.0 if rate.hits == 0 else (middle - half) / scale
    high = 1.0 if rate.hits == n else (middle + half) / scale
    return low, high


def difference_of_rates(treated: Rate, control: Rate, confidence: float = 0.95) -> Estimate:
    """Newcombe's method 10: how far each end can lie is taken from the Wilson limits of both arms."""
    if treated.n == 0 or control.n == 0:
        return Estimate(None, None, None, False, treated.value, control.value, confidence)
    p, q = treated.hits / treated.n, control.hits / control.n
    p_low, p_high = wilson(treated, confidence)
    q_low, q_high = wilson(control, confidence)
    low = (p - q) - sqrt((p - p_low) ** 2 + (q_high - q) ** 2)
    high = (p - q) + sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
    return Estimate(p - q, low, high, low > 0 or high < 0, p, q, confidence)


def difference_of_means(treated: Sums, control: Sums, confidence: float = 0.95) -> Estimate:
    """Welch's interval for the mean per customer. Sales are skewed with many zeros: the interval rests on the mean
    of many being near normal, which holds from some hundreds of customers an arm; it needs two in each arm, and
    some variation in one of them."""
    if treated.n < 2 or control.n < 2:
        return Estimate(None, None, None, False, treated.mean, control.mean, confidence)
    mean_t, mean_c = treated.total / treated.n, control.total / control.n
    part_t, part_c = treated.variance / treated.n, control.variance / control.n
    error = sqrt(part_t + part_c)
    if error == 0:
        return Estimate(mean_t - mean_c, None, None, False, mean_t, mean_c, confidence)
    freedom = (part_t + part_c) ** 2 / (part_t**2 / (treated.n - 1) + part_c**2 / (control.n - 1))
    half = float(stats.t.ppf((1 + confidence) / 2, freedom)) * error
    point = mean_t - mean_c
    return Estimate(point, point - half, point + half, abs(point) > half, mean_t, mean_c, confidence)


@dataclass(frozen=True)
class Needed:
    """Customers per arm."""

    treated: int
    control: int

    @property
    def total(self) -> int:
        return self.treated + self.control


def customers_needed(
    control_rate: float, difference: float, *, control_percent: int = 10, confidence: float = 0.95, power: float = 0.8
) -> Needed | None:
    """How many customers it takes to find `difference` (treated minus control) with the given power, when
    `control_percent` of them are control. None when no number would do: no difference, no control, a rate outside 0..1."""
    treated_rate = control_rate + difference
    if difference == 0 or not 0 < control_percent < 100 or not (0 <= control_rate <= 1 and 0 <= treated_rate <= 1):
        return None
    ratio = (100 - control_percent) / control_percent
    mean = (control_rate + ratio * treated_rate) / (1 + ratio)
    z_a, z_b = float(stats.norm.ppf((1 + confidence) / 2)), float(stats.norm.ppf(power))
    spread_0 = z_a * sqrt((1 + 1 / ratio) * mean * (1 - mean))
    spread_1 = z_b * sqrt(control_rate * (1 - control_rate) + treated_rate * (1 - treated_rate) / ratio)
    control = (spread_0 + spread_1) ** 2 / difference**2
    return Needed(treated=ceil(ratio * control), control=ceil(control))


def still_needed(treated: Rate, control: Rate, difference: float, *, power: float = 0.8) -> int | None:
    """How many more customers, split as they are now, until `difference` could be told; 0 when there are enough."""
    n = treated.n + control.n
    if n == 0 or control.value is None:
        return None
    percent = round(100 * control.n / n)
    needed = customers_needed(control.value, difference, control_percent=percent, power=power)
    return None if needed is None else max(0, needed.total - n)
