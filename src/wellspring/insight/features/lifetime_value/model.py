"""The fitted model as features use it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from wellspring.insight.features.lifetime_value.bg_nbd import PurchaseModel
from wellspring.insight.features.lifetime_value.gamma_gamma import SpendingModel

MOST_REPEATS = 255
"""The last x of the grid."""
HORIZONS = (90, 365)
"""Days ahead."""


def to_weeks(days: int) -> int:
    """To the nearest week; days of a week are odd in number, so there are no ties."""
    return (days + 3) // 7


@dataclass(frozen=True)
class LifetimeModel:
    """`grid_weeks`: the last T of the grid."""

    purchases: PurchaseModel
    spending: SpendingModel
    grid_weeks: int

    @property
    def key(self) -> int:
        """Of its grid, never 0: made from the parameters, so that a grid in the warehouse can't be another model's whose
        row in PostgreSQL had the same id."""
        text = repr((self.purchases, self.grid_weeks)).encode()
        return int.from_bytes(hashlib.sha256(text).digest()[:7], "big") + 1

    def p_alive(self, x: int, t_x: int, weeks: int) -> float:
        return float(self.purchases.p_alive(x, t_x, weeks))

    def expected_purchases(self, x: int, t_x: int, weeks: int, days: int) -> float:
        inside = min(x, MOST_REPEATS)
        given = float(self.purchases.purchases_if_alive(inside, min(weeks, self.grid_weeks), days / 7))
        r = self.purchases.r
        return self.p_alive(x, t_x, weeks) * given * (r + x) / (r + inside)

    def expected_value(self, n: int, mean: float) -> float:
        return float(self.spending.expected_value(n, mean))
