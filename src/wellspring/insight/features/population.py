"""What is measured over all buyers, and the context that everybody computes in.

Measured anew from the facts when orders and refunds grew by a twentieth, and from the wide table when a day begins: between
two measurements the same value gets the same score, whoever is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.insight.features.acts import own_acts
from wellspring.insight.features.context import Context, Population
from wellspring.insight.features.lifetime_value.grid import ensure_grid
from wellspring.insight.features.lifetime_value.keeping import model_in_force
from wellspring.insight.features.rfm import FIFTHS
from wellspring.insight.features.settings import read_settings
from wellspring.insight.features.sql import NOW, day, instant
from wellspring.insight.models import FeaturePopulation
from wellspring.people import facade as people
from wellspring.platform import company_settings
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import wide
from wellspring.platform.warehouse.client import Warehouse

GROWTH = 0.05

# The largest value within the lowest k fifths is the element n - 1 - floor((5 - k) n / 5) in ascending order: counted from
# the top, as quantileExact does over negated values.
_FROM_TOP = ", ".join(f"0.{2 * (5 - fifth)}" for fifth in FIFTHS)
_GAP = "arraySort(arrayPopFront(arrayDifference(days)))[intDiv(length(days), 2)]"
_MEASURE = f"""
select count() as buyers,
  arrayMap(one -> -one, quantilesExact({_FROM_TOP})(-toInt64(newest))) as rfm_days,
  arrayMap(one -> -one, quantilesExact({_FROM_TOP})(-toInt64(orders))) as rfm_orders,
  arrayMap(one -> -one, quantilesExact({_FROM_TOP})(-net)) as rfm_spent,
  quantileExactLowIf(0.5)(gap, gap > 0) as gap_days,
  quantileExactLowIf(0.5)(net_365d / orders_365d, orders_365d > 0) as median_order_fen,
  quantileExactLowIf(0.5)(orders_365d, orders_365d > 0) as median_orders
from (BUYERS)
"""  # noqa: S608 - pieces of our own
_FROM_FACTS = f"""
select o.orders as orders, o.newest as newest, o.orders_365d as orders_365d, o.total - r.total as net,
  o.total_365d - r.total_365d as net_365d, o.gap as gap
from (
  select customer_id, count() as orders, max({day("placed_at")}) as newest, sum(total_fen) as total,
    countIf(placed_at >= {instant("d365")}) as orders_365d,
    sumIf(total_fen, placed_at >= {instant("d365")}) as total_365d,
    arraySort(groupUniqArray({day("placed_at")})) as days, {_GAP} as gap
  from orders where customer_id > 0 and placed_at <= {NOW} group by customer_id
) as o left join (
  select customer_id, sum(total_fen) as total, sumIf(total_fen, refunded_at >= {instant("d365")}) as total_365d
  from refunds where customer_id > 0 and refunded_at <= {NOW} group by customer_id
) as r on r.customer_id = o.customer_id
"""  # noqa: S608
_FROM_KEPT = f"""
select orders_ever as orders, {day("last_order_at")} as newest, orders_365d, spent_ever as net, spent_365d as net_365d,
  usual_gap_days as gap
from customer_wide where orders_ever > 0
"""  # noqa: S608


def measure(warehouse: Warehouse, moments: Mapping[str, Any], *, kept: bool = False) -> Population:
    """From the facts, or from what is `kept` of each customer: many times cheaper, and as of when they were computed."""
    sql = _MEASURE.replace("BUYERS", _FROM_KEPT if kept else _FROM_FACTS)
    (row,) = warehouse.query(sql, moments, work="rebuild")
    if not row["buyers"]:
        return Population()
    bought_lately = row["median_orders"] > 0
    return Population(
        buyers=row["buyers"],
        rfm_days=tuple(row["rfm_days"]),
        rfm_orders=tuple(row["rfm_orders"]),
        rfm_spent=tuple(row["rfm_spent"]),
        gap_days=row["gap_days"],
        median_order_fen=row["median_order_fen"] if bought_lately else 0,
        median_orders=row["median_orders"],
    )


def context_now(platform: Platform, session: Session) -> Context:
    """Everything that features depend on besides the customers' facts. Writes the population when it measured."""
    bare = Context(
        now=platform.clock.now(),
        zone=company_settings.read(session).zone,
        settings=read_settings(session),
        lifetime=model_in_force(session),
        contact_staff=frozenset(session.scalars(_contact_staff())),
        own_acts=own_acts(),
    )
    if bare.lifetime is not None:
        ensure_grid(platform.warehouse, bare.lifetime)
    return bare.with_population(_population(platform, session, bare))


def wide_parameters(platform: Platform, session: Session) -> Mapping[str, Any]:
    return context_now(platform, session).parameters()


def _contact_staff() -> Any:
    member = people.StaffMember
    return select(member.id).where(member.status == "active", member.may_contact)


def _population(platform: Platform, session: Session, context: Context) -> Population:
    facts = sum(
        int(platform.warehouse.scalar(f"select count() from {table}") or 0)  # noqa: S608 - no scan: the tables know it
        for table in ("orders_settled", "refunds_settled")
    )
    newest = session.scalar(select(FeaturePopulation).order_by(FeaturePopulation.id.desc()).limit(1))
    grown = newest is None or abs(facts - newest.facts) > GROWTH * newest.facts
    if newest is not None and not grown and context.day_of(newest.measured_at) == context.today:
        return Population.model_validate(newest.measured)
    kept = not grown and wide.kept_day(platform.warehouse) is not None
    found = measure(platform.warehouse, context.moments(), kept=kept)
    session.add(FeaturePopulation(measured_at=context.now, facts=facts, measured=found.model_dump()))
    return found
