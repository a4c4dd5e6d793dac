"""Everything besides a customer's own facts that a feature depends on: the moment, the settings, what was measured over
all buyers, the fitted model. Bound to SQL as parameters, handed to `Feature.value` as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from wellspring.insight.features.history import History, OrderMade
from wellspring.insight.features.lifetime_value.model import LifetimeModel
from wellspring.insight.features.settings import FeatureSettings

DAY_MS = 86_400_000


class Population(BaseModel):
    """Measured over all buyers. `rfm_days`: cut points in days since 1970; `gap_days`: the lower median of the buyers' own
    median gaps, 0: nobody bought twice. `median_*`: over those with an order in the last 365 days."""

    model_config = ConfigDict(frozen=True)

    buyers: int = 0
    rfm_days: tuple[int, ...] = ()
    rfm_orders: tuple[int, ...] = ()
    rfm_spent: tuple[int, ...] = ()
    gap_days: int = 0
    median_order_fen: float = 0
    median_orders: float = 0


@dataclass(frozen=True)
class Context:
    """`contact_staff`: members who work here now and may contact customers. `own_acts`: the kinds of events that are a
    customer's own doing. `lifetime`: the fitted model, None before the first fit."""

    now: datetime
    zone: ZoneInfo
    settings: FeatureSettings = field(default_factory=FeatureSettings)
    population: Population = field(default_factory=Population)
    lifetime: LifetimeModel | None = None
    contact_staff: frozenset[int] = frozenset()
    own_acts: frozenset[str] = frozenset()

    def with_population(self, population: Population) -> Context:
        return replace(self, population=population)

    @property
    def today(self) -> date:
        return self.day_of(self.now)

    def day_of(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def days_ago(self, instant: datetime) -> int:
        """Midnights passed since."""
        return (self.today - self.day_of(instant)).days

    def midnight(self, days_ago: int) -> datetime:
        return datetime.combine(self.today - timedelta(days=days_ago), time.min, self.zone).astimezone(UTC)

    def orders(self, history: History, days: int | None = None) -> list[OrderMade]:
        """Placed up to now; `days`: and in the window of so many days."""
        return [
            order
            for order in history.orders
            if order.placed_at <= self.now and (days is None or self.days_ago(order.placed_at) <= days)
        ]

    def purchase_days(self, history: History) -> list[date]:
        """Days with at least one order, oldest first."""
        return sorted({self.day_of(order.placed_at) for order in self.orders(history)})

    @property
    def quadrant_value_fen(self) -> float:
        chosen = self.settings.quadrant_value_fen
        return float(self.population.median_order_fen if chosen is None else chosen)

    @property
    def quadrant_orders(self) -> float:
        chosen = self.settings.quadrant_orders
        return float(self.population.median_orders if chosen is None else chosen)

    @property
    def gap_weight(self) -> int:
        return self.settings.gap_weight if self.population.gap_days else 0

    def parameters(self) -> Mapping[str, Any]:
        """Of the expressions of this package; what the platform always binds is not among them."""
        chosen, measured, model = self.settings, self.population, self.lifetime
        return {
            "contact_staff": sorted(self.contact_staff),
            "own_acts": sorted(self.own_acts),
            "rfm_days": list(measured.rfm_days),
            "rfm_orders": list(measured.rfm_orders),
            "rfm_spent": list(measured.rfm_spent),
            "gap_days": measured.gap_days,
            "gap_weight": self.gap_weight,
            "established_purchases": chosen.established_purchases,
            "established_days": chosen.established_days,
            "decline_from_days": chosen.decline_from_days,
            "decline_gaps": chosen.decline_gaps,
            "lost_after_days": chosen.lost_after_days,
            "lost_gaps": chosen.lost_gaps,
            "rhythm_gaps": chosen.rhythm_gaps,
            "golden_days": chosen.golden_days,
            "quadrant_value": self.quadrant_value_fen,
            "quadrant_orders": self.quadrant_orders,
            "sticky_acts": chosen.sticky_acts,
            "sticky_days": chosen.sticky_days,
            "trusting_purchases": chosen.trusting_purchases,
            "trusting_unhurt_days": chosen.trusting_unhurt_days,
            "convertible_days": chosen.convertible_days,
            "ignoring_touches": chosen.ignoring_touches,
            "ignoring_days": chosen.ignoring_days,
            "tired_touches": chosen.tired_touches,
            "tired_days": chosen.tired_days,
            "lv_model": model.key if model else 0,
            "lv_r": model.purchases.r if model else 1.0,
            "lv_alpha": model.purchases.alpha if model else 1.0,
            "lv_a": model.purchases.a if model else 1.0,
            "lv_b": model.purchases.b if model else 1.0,
            "lv_weeks": model.grid_weeks if model else 0,
            "lv_p": model.spending.p if model else 1.0,
            "lv_q": model.spending.q if model else 2.0,
            "lv_gamma": model.spending.gamma if model else 1.0,
        }

    def moments(self) -> dict[str, Any]:
        """What the platform binds for this moment."""
        return {
            "now": _ms(self.now),
            "zone": self.zone.key,
            "today": _ms(self.midnight(0)),
            **{f"d{days}": _ms(self.midnight(days)) for days in (7, 30, 90, 180, 365)},
        }


def _ms(instant: datetime) -> int:
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
