"""The result as it is shown: figures of the warehouse with their estimates."""

from __future__ import annotations

from sqlalchemy.orm import Session

from wellspring.insight.facade import Estimate, Rate, customers_needed, difference_of_means, difference_of_rates
from wellspring.outreach.errors import NoResultYet
from wellspring.outreach.models import Broadcast
from wellspring.outreach.result import DAY, ArmFigures, Figures, figures
from wellspring.outreach.rules import read_counts, tally
from wellspring.outreach.schemas import ArmResult, DayPoint, DifferenceView, ResultView
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import staleness


def result_of(session: Session, platform: Platform, broadcast: Broadcast) -> ResultView:
    """Raises NoResultYet before submission."""
    if broadcast.submitted_at is None:
        raise NoResultYet()
    as_of = staleness(session).as_of
    now = platform.clock.now()
    found = figures(platform.warehouse, broadcast, now=now)
    sent = tally(read_counts(broadcast.counts))
    treated, control = found.treated, found.control
    in_warehouse = treated.customers + control.customers + found.in_both
    rate = _rates(treated.buyers, control.buyers, found)
    return ResultView(
        broadcast_id=broadcast.id,
        name=broadcast.name,
        running=now < found.window_end,
        since=found.start,
        counted_until=found.until,
        window_end=found.window_end,
        treated=_arm(treated),
        control=_arm(control),
        rate=rate,
        sales_per_customer_fen=_view(difference_of_means(treated.sales, control.sales)),
        deletions=_rates(treated.deleters, control.deleters, found),
        needed_customers=_needed(broadcast, found, rate),
        delivered=sent.delivered,
        not_delivered=sent.treated - sent.delivered,
        outside=sent.audience - sent.treated - sent.control,
        in_both=found.in_both,
        daily=_daily(found),
        complete=broadcast.status not in ("planning",) and in_warehouse == sent.treated + sent.control,
        as_of=as_of,
    )


def _arm(arm: ArmFigures) -> ArmResult:
    return ArmResult(
        customers=arm.customers,
        buyers=arm.buyers,
        rate=arm.rate,
        orders=arm.orders,
        sales_fen=round(arm.sales.total),
        sales_per_customer_fen=arm.sales_per_customer,
        deleters=arm.deleters,
    )


def _rates(treated: int, control: int, found: Figures) -> DifferenceView | None:
    return _view(difference_of_rates(Rate(treated, found.treated.customers), Rate(control, found.control.customers)))


def _view(estimate: Estimate) -> DifferenceView | None:
    if estimate.point is None:
        return None
    return DifferenceView(point=estimate.point, low=estimate.low, high=estimate.high, decided=estimate.decided)


def _needed(broadcast: Broadcast, found: Figures, rate: DifferenceView | None) -> int | None:
    if rate is None or rate.decided:
        return None
    needed = customers_needed(found.control.rate, rate.point, control_percent=broadcast.control_percent)
    return None if needed is None else needed.total


def _daily(found: Figures) -> list[DayPoint]:
    def share(buyers: int, arm: ArmFigures) -> float:
        return buyers / arm.customers if arm.customers else 0.0

    points = [DayPoint(day=0, at=found.start, treated=0.0, control=0.0 if found.control.customers else None)]
    for day, (treated, control) in enumerate(found.cumulative, start=1):
        points.append(
            DayPoint(
                day=day,
                at=min(found.start + day * DAY, found.until),
                treated=share(treated, found.treated),
                control=share(control, found.control) if found.control.customers else None,
            )
        )
    return points
