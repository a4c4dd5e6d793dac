"""What the fit needs, from the wide table: buyers grouped by their sufficient statistics. One row per distinct combination
leaves the warehouse, however many buyers there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wellspring.insight.features.lifetime_value.fitting import Buyers, Floats
from wellspring.insight.features.lifetime_value.gamma_gamma import Spendings
from wellspring.insight.features.sql import NOW, day
from wellspring.platform.warehouse.client import Warehouse

STEP = 0.005
"""Of the logarithm of a value: how finely values are grouped."""

_SPAN = f"""
select {day("min(placed_at)")} as first, {day("max(placed_at)")} as last, count() as orders
from orders where customer_id > 0 and placed_at <= {NOW}
"""  # noqa: S608
_BUYERS = """
select purchases - 1 as x, intDiv(newest - oldest + 3, 7) as t_x, intDiv({until:Int32} - oldest + 3, 7) as weeks,
  later, count() as customers
from (
  select arraySort(arrayDistinct(order_days)) as days, arrayFilter(one -> one <= {until:Int32}, days) as known,
    toInt32(length(known)) as purchases, toInt32(known[1]) as oldest, toInt32(known[-1]) as newest,
    arrayCount(one -> one > {until:Int32} and one <= {end:Int32}, days) as later
  from customer_wide where notEmpty(order_days) and purchases > 0
)
group by x, t_x, weeks, later order by x, t_x, weeks, later
"""
_SPENDINGS = """
select n, avg(value) as mean, avg(log(value)) as log_mean, count() as customers
from (select purchases as n, spent_ever / purchases as value from customer_wide where purchases > 0 and spent_ever > 0)
group by n, round(log(value) / {step:Float64}) order by n, mean
"""


@dataclass(frozen=True)
class Span:
    """First and last day with an order, in days since 1970; both 0 without orders."""

    first: int
    last: int

    @property
    def weeks(self) -> float:
        return (self.last - self.first) / 7


@dataclass(frozen=True)
class Watched:
    """Buyers known up to a day, and what each then did: `later` purchases after it, up to the end."""

    buyers: Buyers
    later: Floats


def read_span(warehouse: Warehouse, moments: Mapping[str, Any]) -> Span:
    (row,) = warehouse.query(_SPAN, moments)
    return Span(int(row["first"]), int(row["last"])) if row["orders"] else Span(0, 0)


def read_buyers(warehouse: Warehouse, moments: Mapping[str, Any], *, until: int, end: int) -> Watched:
    """Observed up to the day `until`; `later` counts purchases after it up to `end`. Both in days since 1970."""
    rows = warehouse.query(_BUYERS, {**moments, "until": until, "end": end}, work="rebuild")
    x, t_x, weeks, customers, later = _columns(rows, ("x", "t_x", "weeks", "customers", "later"))
    return Watched(Buyers(x, t_x, weeks, customers), later)


def read_spendings(warehouse: Warehouse, moments: Mapping[str, Any]) -> Spendings:
    """Buyers whose net spend is positive, by number of purchases and value of one."""
    rows = warehouse.query(_SPENDINGS, {**moments, "step": STEP}, work="rebuild")
    n, mean, log_mean, customers = _columns(rows, ("n", "mean", "log_mean", "customers"))
    return Spendings(n, mean, log_mean, customers)


def _columns(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> list[Floats]:
    return [np.array([row[name] for row in rows], dtype=np.float64) for name in names]
