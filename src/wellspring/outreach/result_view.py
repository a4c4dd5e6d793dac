"""The result as it is shown: figures of the warehouse with their estimates."""

from __future__ import annotations

from sqlalchemy.orm import Session

from wellspring.insight.facade import Rate, difference_of_rates
from wellspring.outreach.errors import NoResultYet
from wellspring.outreach.estimates import difference_of_means, needed_per_arm
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
        sales_per_customer_fen=_means(found),
        deletions=_rates(treated.deleters, control.deleters, found),
        needed_per_arm=None if rate is None or rate.decided else needed_per_arm(treated.rate, control.rate),
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
        sales_per_customer_fen=arm.sales.mean,
        deleters=arm.deleters,
    )


def _rates(treated: int, control: int, found: Figures) -> DifferenceView | None:
    if not found.treated.customers or not found.control.customers:
        return None
    estimate = difference_of_rates(Rate(treated, found.treated.customers), Rate(control, found.control.customers))
    return DifferenceView(point=estimate.point, low=estimate.low, high=estimate.high, decided=estimate.decided)


def _means(found: Figures) -> DifferenceView | None:
    estimate = difference_of_means(found.treated.sales, found.control.sales)
    if estimate is None:
        return None
    return DifferenceView(point=estimate.point, low=estimate.low, high=estimate.high, decided=estimate.decided)


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
