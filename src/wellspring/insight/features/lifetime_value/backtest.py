"""What the model would have said a while ago, held against what happened. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from wellspring.insight.features.lifetime_value.bg_nbd import PurchaseModel
from wellspring.insight.features.lifetime_value.fitting import Fit, Floats, fit_purchases
from wellspring.insight.features.lifetime_value.reading import Watched

CALIBRATION = 2 / 3
"""The share of the observed time that the model is fitted on."""
TOP = 7
"""Earlier repeat purchases from here on are shown as one row."""


@dataclass(frozen=True)
class Row:
    """Customers with `earlier` repeat purchases (7: and more); purchases in the held-out time, in all."""

    earlier: int
    customers: int
    forecast: float
    actual: int


@dataclass(frozen=True)
class BackTest:
    """`forecast`, `actual`: purchases in the held-out weeks. `error`: (forecast - actual) / actual, None when nothing
    was bought. `mean_absolute_error`: per customer; `mean_absolute_error_of_none`: of the forecast that nobody
    comes back, `of_same_rate`: that everybody goes on at their own rate; for comparison."""

    calibration_weeks: float
    held_out_weeks: float
    customers: int
    rows: list[Row]
    forecast: float
    actual: int
    error: float | None
    mean_absolute_error: float
    mean_absolute_error_of_none: float
    mean_absolute_error_of_same_rate: float
    model: PurchaseModel
    fit: Fit

    def dump(self) -> dict[str, Any]:
        return asdict(self)


def back_test(watched: Watched, *, calibration_weeks: float, held_out_weeks: float) -> BackTest:
    """Raises NotFitted when the calibration period holds too little."""
    model, fit = fit_purchases(watched.buyers)
    buyers, later = watched.buyers, watched.later
    ahead = model.expected_purchases(buyers.x, buyers.t_x, buyers.weeks, held_out_weeks)
    step = np.minimum(buyers.x, TOP).astype(int)
    rows = []
    for earlier in range(TOP + 1):
        chosen = step == earlier
        weight = buyers.customers[chosen]
        rows.append(Row(earlier, int(weight.sum()), float(weight @ ahead[chosen]), int(weight @ later[chosen])))
    forecast, actual = sum(row.forecast for row in rows), sum(row.actual for row in rows)

    def mean_error(said: Floats) -> float:
        return float(buyers.customers @ np.abs(said - later)) / buyers.total

    same_rate = buyers.x / np.maximum(buyers.weeks, 1) * held_out_weeks
    return BackTest(
        calibration_weeks, held_out_weeks, buyers.total, rows, forecast, actual,
        (forecast - actual) / actual if actual else None,
        mean_error(ahead), mean_error(np.zeros_like(later)), mean_error(same_rate), model, fit,
    )  # fmt: skip
