"""Repurchase: the rate over a window, and how long first-time buyers take to a second order.

The curve is the Kaplan-Meier estimate of "second order within n days", days being midnights passed in the company's time
zone. A buyer without a second order is seen until the end of the window and then no more (censored): 30 days after the
first order they say nothing about day 60. Of one day, second orders come before the end of being seen. The interval is
Greenwood's variance on the log(-log) scale, which stays within 0 and 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log, sqrt

from pydantic import BaseModel

from wellspring.insight.analysis.study import Study, day, instant
from wellspring.insight.analysis.table import Column, Table, words
from wellspring.insight.features.base import Words
from wellspring.insight.metrics.staying import RepurchaseRate

Z = 1.959963984540054
"""95 % of a normal distribution lie within."""
MARKS = (7, 14, 30, 60, 90, 180, 365)
THIN = 30
"""Fewer still seen: the curve behind is not to be relied on."""


@dataclass(frozen=True)
class RepurchaseAsk:
    """Both days count; `since` default: 365 days before `until`, `until` default: today so far. `days`: how far the curve goes."""

    since: date | None = None
    until: date | None = None
    days: int = 180


class CurvePoint(BaseModel):
    """Of first-time buyers, `share` had a second order within `day` days; between `low` and `high` with 95 %."""

    day: int
    share: float
    low: float
    high: float
    at_risk: int
    bought: int


class Repurchase(BaseModel):
    """`points`: the days on which somebody bought, and the marks of the table. `median_days`: when half had, if they ever
    did. `reliable_until`: the last day on which at least 30 were still seen."""

    since: date
    until: date
    buyers: int
    repeat_buyers: int
    repurchase_rate: float | None
    first_time_buyers: int
    points: list[CurvePoint]
    marks: list[CurvePoint]
    median_days: int | None
    reliable_until: int


def read_repurchase(study: Study, ask: RepurchaseAsk) -> Repurchase:
    until = min(ask.until or study.today, study.today)
    since = ask.since or until - timedelta(days=365)
    end = study.end_of(ask.until)
    buyers, repeat = _rate(study, since, end)
    seen = _gaps(study, since, until, end)
    points = curve(seen)
    within = [point for point in points if point.day <= ask.days]
    return Repurchase(
        since=since,
        until=until,
        buyers=buyers,
        repeat_buyers=repeat,
        repurchase_rate=RepurchaseRate().value(repeat, buyers),
        first_time_buyers=sum(seen.values()),
        points=within,
        marks=[at(points, seen, mark) for mark in MARKS if mark <= ask.days],
        median_days=next((point.day for point in points if point.share >= 0.5), None),
        reliable_until=max((d for d in range(ask.days + 1) if _at_risk(seen, d) >= THIN), default=0),
    )


Seen = Mapping[tuple[int, bool], int]
"""(days, whether a second order came then; else seen no longer) -> customers."""


def curve(seen: Seen) -> list[CurvePoint]:
    """One point for each day with a second order."""
    points: list[CurvePoint] = []
    left, variance = 1.0, 0.0
    total, gone = sum(seen.values()), 0
    for one in sorted({days for days, _ in seen}):
        bought, risk = seen.get((one, True), 0), total - gone
        gone += bought + seen.get((one, False), 0)
        if not bought:
            continue
        left *= 1 - bought / risk
        variance += bought / (risk * (risk - bought)) if risk > bought else 0.0
        low, high = _interval(left, variance)
        points.append(CurvePoint(day=one, share=1 - left, low=1 - high, high=1 - low, at_risk=risk, bought=bought))
    return points


def at(points: list[CurvePoint], seen: Seen, mark: int) -> CurvePoint:
    """The curve on the day `mark`: that of the last point up to it."""
    before = [point for point in points if point.day <= mark]
    last = before[-1] if before else CurvePoint(day=mark, share=0, low=0, high=0, at_risk=0, bought=0)
    bought = sum(n for (days, second), n in seen.items() if second and days <= mark)
    return last.model_copy(update={"day": mark, "at_risk": _at_risk(seen, mark), "bought": bought})


def _at_risk(seen: Seen, day_: int) -> int:
    return sum(n for (days, _), n in seen.items() if days >= day_)


def _interval(left: float, variance: float) -> tuple[float, float]:
    if not 0 < left < 1 or variance == 0:
        return left, left
    width = Z * sqrt(variance) / abs(log(left))
    return left ** exp(width), left ** exp(-width)


def _rate(study: Study, since: date, end: object) -> tuple[int, int]:
    (row,) = study.query(
        "select count() as buyers, countIf(orders > 1) as repeated from (select customer_id, count() as orders"  # noqa: S608
        f" from {study.readable('orders')} where placed_at >= {instant('since')} and placed_at <= {instant('end')}"
        f" and {study.chosen()} group by customer_id)",
        since=study.start_of(since),
        end=end,
    )
    return int(row["buyers"]), int(row["repeated"])


def _gaps(study: Study, since: date, until: date, end: object) -> dict[tuple[int, bool], int]:
    rows = study.query(
        f"select length(first_two) > 1 as second, if(second, {day('first_two[2]')}, {day(instant('end'))})"  # noqa: S608
        f" - {day('first_two[1]')} as days, count() as customers from ("
        f" select customer_id, groupArraySorted(2)(placed_at) as first_two from {study.readable('orders')}"
        f" where placed_at <= {instant('end')} and {study.chosen()} group by customer_id)"
        f" where first_two[1] >= {instant('since')} group by second, days",
        since=study.start_of(since),
        end=end,
    )
    return {(int(row["days"]), bool(row["second"])): int(row["customers"]) for row in rows}


def table(found: Repurchase) -> Table:
    rate = found.repurchase_rate
    window = "" if rate is None else f"{rate:.1%} ({found.repeat_buyers} / {found.buyers})"
    return Table(
        Words("复购", "repurchase"),
        Words(
            f"首单在 {found.since} 到 {found.until} 之间的 {found.first_time_buyers} 位客户；这个窗口的复购率 {window}。",
            f"{found.first_time_buyers} customers with their first order from {found.since} to {found.until}; repurchase rate of this window {window}.",
        ),
        [
            words("首单后天数", "Days since the first order"),
            Column("second_order_within"),
            words("95% 区间下限", "95% interval, low"),
            words("95% 区间上限", "95% interval, high"),
            Column("at_risk"),
            words("已下第二单", "With a second order"),
        ],
        [[one.day, one.share, one.low, one.high, one.at_risk, one.bought] for one in found.marks],
    )
