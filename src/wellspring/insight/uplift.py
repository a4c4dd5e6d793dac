"""What was added: treated against control, with how sure that is. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z_95 = 1.959964


@dataclass(frozen=True)
class Rate:
    """`successes` of `n` customers."""

    successes: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.n or not self.n:
            raise ValueError(f"{self.successes} of {self.n} is no rate")

    @property
    def value(self) -> float:
        return self.successes / self.n

    def wilson(self, z: float = Z_95) -> tuple[float, float]:
        """Wilson's score interval (1927); never leaves [0, 1], also for 0 of n."""
        p, n = self.value, self.n
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Estimate:
    """treated minus control, as a fraction, with its 95 % interval. `decided`: the interval leaves out zero."""

    point: float
    low: float
    high: float

    @property
    def decided(self) -> bool:
        return self.low > 0 or self.high < 0


def difference_of_rates(treated: Rate, control: Rate) -> Estimate:
    """Newcombe's hybrid score interval (1998, method 10): right also for small counts and rates near zero."""
    point = treated.value - control.value
    low_t, high_t = treated.wilson()
    low_c, high_c = control.wilson()
    below = math.hypot(treated.value - low_t, high_c - control.value)
    above = math.hypot(high_t - treated.value, control.value - low_c)
    return Estimate(point, point - below, point + above)
