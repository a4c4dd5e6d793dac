"""Fit both models on what the warehouse holds, back-test, keep the result."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import structlog

from wellspring.insight.features.lifetime_value import reading
from wellspring.insight.features.lifetime_value.backtest import CALIBRATION, BackTest, back_test
from wellspring.insight.features.lifetime_value.bg_nbd import PurchaseModel
from wellspring.insight.features.lifetime_value.fitting import Buyers, Fit, NotFitted, fit_purchases, fit_spending
from wellspring.insight.features.lifetime_value.gamma_gamma import SpendingModel, Spendings
from wellspring.insight.features.lifetime_value.grid import WEEKS_AHEAD, ensure_grid, forget_grids
from wellspring.insight.features.lifetime_value.keeping import model_in_force
from wellspring.insight.features.lifetime_value.model import HORIZONS
from wellspring.insight.features.population import context_now
from wellspring.insight.models import LifetimeValueModel
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse.client import Warehouse

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What a fit found. `back_test` None: the calibration period alone holds too little, `back_test_reason` says what."""

    span: reading.Span
    buyers: Buyers
    purchases: PurchaseModel
    purchases_fit: Fit
    spending: SpendingModel
    spending_fit: Fit
    value_correlation: float
    back_test: BackTest | None
    back_test_reason: str

    @property
    def grid_weeks(self) -> int:
        return int(self.span.weeks) + WEEKS_AHEAD

    def dump(self) -> dict[str, Any]:
        return {
            "purchases": asdict(self.purchases),
            "purchases_fit": asdict(self.purchases_fit),
            "spending": asdict(self.spending),
            "spending_fit": asdict(self.spending_fit),
            "value_correlation": self.value_correlation,
            "grid_weeks": self.grid_weeks,
            "observed_from": _day(self.span.first).isoformat(),
            "observed_until": _day(self.span.last).isoformat(),
            "customers": self.buyers.total,
            "distinct": len(self.buyers.x),
            "one_time": outlook(self.purchases, self.buyers, self.buyers.x == 0),
            "repeat": outlook(self.purchases, self.buyers, self.buyers.x > 0),
        }


def _day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)


def outlook(model: PurchaseModel, buyers: Buyers, chosen: Any) -> dict[str, float | int | None]:
    """What the model expects of a part of the buyers. `alive` is None for one-time buyers: the model can't tell."""
    x, t_x, weeks, customers = (one[chosen] for one in (buyers.x, buyers.t_x, buyers.weeks, buyers.customers))
    alive = float(customers @ model.p_alive(x, t_x, weeks)) if len(x) and x.max() > 0 else None
    ahead = {
        f"purchases_{days}d": float(customers @ model.expected_purchases(x, t_x, weeks, days / 7)) for days in HORIZONS
    }
    return {"customers": int(customers.sum()), "alive": alive, **ahead}


def correlation(rows: Spendings) -> float:
    """Of number of purchases and the logarithm of their value, over people with at least two: the models take it as 0."""
    chosen = rows.n > 1
    weight, n, value = rows.customers[chosen], np.log(rows.n[chosen]), rows.log_mean[chosen]
    covariance = np.cov(np.stack([n, value]), aweights=weight)
    spread = float(np.sqrt(covariance[0, 0] * covariance[1, 1]))
    return float(covariance[0, 1]) / spread if spread else 0.0


def work_out(warehouse: Warehouse, moments: dict[str, Any]) -> Outcome:
    """Read, fit, back-test. Raises NotFitted."""
    span = reading.read_span(warehouse, moments)
    if not span.last:
        raise NotFitted("TOO_FEW_CUSTOMERS")
    buyers = reading.read_buyers(warehouse, moments, until=span.last, end=span.last).buyers
    purchases, purchases_fit = fit_purchases(buyers)
    values = reading.read_spendings(warehouse, moments)
    spending, spending_fit = fit_spending(values)
    cut = span.first + round((span.last - span.first) * CALIBRATION)
    tested, reason = None, ""
    try:
        watched = reading.read_buyers(warehouse, moments, until=cut, end=span.last)
        tested = back_test(watched, calibration_weeks=(cut - span.first) / 7, held_out_weeks=(span.last - cut) / 7)
    except NotFitted as refused:
        reason = refused.reason
    return Outcome(
        span, buyers, purchases, purchases_fit, spending, spending_fit, correlation(values), tested, reason
    )  # fmt: skip


def fit_lifetime_value(platform: Platform, *, by: str) -> LifetimeValueModel:
    """Fit anew and keep the result, a refusal too. Reads and computes outside any transaction: it may take a while."""
    began = time.monotonic()
    with platform.database.unit_of_work() as session:
        moments = context_now(platform, session).moments()
    fitted, tested, reason, tested_reason = None, None, "", ""
    try:
        found = work_out(platform.warehouse, moments)
        fitted, tested_reason = found.dump(), found.back_test_reason
        tested = found.back_test.dump() if found.back_test else None
    except NotFitted as refused:
        reason = refused.reason
    with platform.database.unit_of_work() as session:
        row = LifetimeValueModel(
            status="fitted" if fitted else "refused",
            reason=reason,
            at=platform.clock.now(),
            by=by,
            seconds=time.monotonic() - began,
            fitted=fitted,
            back_test=tested,
            back_test_reason=tested_reason,
        )
        session.add(row)
        session.flush()
        models = [model for model in (model_in_force(session), model_in_force(session, before=1)) if model]
        if models:
            # Before the row is committed: whoever reads it finds its grid.
            ensure_grid(platform.warehouse, models[0])
    if models:
        forget_grids(platform.warehouse, keep=models)
    log.info("lifetime_value", status=row.status, reason=row.reason, seconds=round(row.seconds, 2))
    return row
