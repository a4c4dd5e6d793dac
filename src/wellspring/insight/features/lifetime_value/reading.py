"""What the fit needs, from the warehouse: buyers grouped by their sufficient statistics. One row per distinct combination
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

_PURCHASE_DAYS = f"""
  select customer_id, {day("placed_at")} as day from orders where customer_id > 0 and placed_at <= {NOW}
  group by customer_id, day
"""  # noqa: S608
_SPAN = f"""
select {day("min(placed_at)")} as first, {day("max(placed_at)")} as last, count() as orders
from orders where customer_id > 0 and placed_at <= {NOW}
"""  # noqa: S608
_BUYERS = f"""
select purchases - 1 as x, intDiv(newest - oldest + 3, 7) as t_x, intDiv({{until:Int32}} - oldest + 3, 7) as weeks,
  later, count() as customers
from (
  select customer_id, countIf(day <= {{until:Int32}}) as purchases, minIf(day, day <= {{until:Int32}}) as oldest,
    maxIf(day, day <= {{until:Int32}}) as newest, countIf(day > {{until:Int32}} and day <= {{end:Int32}}) as later
  from ({_PURCHASE_DAYS}) group by customer_id having purchases > 0
)
group by x, t_x, weeks, later order by x, t_x, weeks, later
"""  # noqa: S608
_SPENDINGS = f"""
select n, avg(value) as mean, avg(log(value)) as log_mean, count() as customers
from (
  select count() as n, any(s.net) / n as value
  from ({_PURCHASE_DAYS}) as d inner join (
    select customer_id, sum(fen) as net from (
      select customer_id, total_fen as fen from orders where customer_id > 0 and placed_at <= {NOW}
      union all select customer_id, -total_fen from refunds where customer_id > 0 and refunded_at <= {NOW}
    ) group by customer_id having net > 0
  ) as s on s.customer_id = d.customer_id
  group by d.customer_id
)
group by n, round(log(value) / {{step:Float64}}) order by n, mean
"""  # noqa: S608


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
