"""Retention: of the customers who began in the same period, who is there k periods later.

By order: began with the first order ever; there in a period means: placed an order in it. By add: began with the first
friend_added; there means: at its end at least one friendship is left (events begun minus events ended, so a past life
that a later add has overwritten in the relationship still counts as lost).

A period that is not over yet is marked: its figure can only grow (order) or fall (add). Averages leave it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel

from wellspring.insight.analysis.periods import PeriodKind, expression, first_day, number
from wellspring.insight.analysis.study import MOMENT, Study, instant, milliseconds
from wellspring.insight.analysis.table import Column, Table, words
from wellspring.insight.features.base import Words
from wellspring.insight.metrics.staying import FriendRetention, OrderRetention

By = Literal["order", "add"]
SIZE = -1
"""Under this period stands how many customers a cohort has."""


@dataclass(frozen=True)
class CohortsAsk:
    """`periods`: how many cohorts, the last one that of `until` (default today)."""

    by: By = "order"
    period: PeriodKind = "month"
    periods: int = 12
    until: date | None = None


class CohortCell(BaseModel):
    """`after`: periods since that of the beginning. `complete`: that period is over."""

    after: int
    customers: int
    share: float
    complete: bool


class Cohort(BaseModel):
    """`begins`: first day of the period. `complete`: nobody can join any more."""

    begins: date
    size: int
    complete: bool
    cells: list[CohortCell]


class AverageShare(BaseModel):
    """Over all cohorts whose `after`-th period is over: `customers` of `size`."""

    after: int
    customers: int
    size: int
    share: float


class Cohorts(BaseModel):
    """`until`: the last day looked at."""

    by: By
    period: PeriodKind
    until: date
    metric: str
    cohorts: list[Cohort]
    average: list[AverageShare]


def read_cohorts(study: Study, ask: CohortsAsk) -> Cohorts:
    until = min(ask.until or study.today, study.today)
    high = number(ask.period, until)
    low = high - ask.periods + 1
    end = study.end_of(ask.until)
    # A period is over when the day after it has begun at the end that is looked at.
    over = {p: study.start_of(first_day(ask.period, p + 1)) <= end + MOMENT for p in range(low, high + 1)}
    read = _by_order if ask.by == "order" else _by_add
    return build(ask, until, read(study, ask.period, low, high, ask), over)


def build(ask: CohortsAsk, until: date, counts: Mapping[tuple[int, int], int], over: Mapping[int, bool]) -> Cohorts:
    """`counts`: (period of the beginning, period there) -> customers; with `SIZE` in the second place all of them.
    `over`: the periods looked at, ascending, and whether they are complete."""
    rate = OrderRetention() if ask.by == "order" else FriendRetention()
    cohorts = []
    for begun in over:
        size = counts.get((begun, SIZE), 0)
        cells = [
            CohortCell(
                after=period - begun,
                customers=(customers := counts.get((begun, period), 0)),
                share=rate.value(customers, size) or 0.0,
                complete=over[period],
            )
            for period in over
            if period >= begun
        ]
        cohorts.append(
            Cohort(begins=first_day(ask.period, begun), size=size, complete=over[begun], cells=cells if size else [])
        )
    found = [_average(cohorts, after) for after in range(len(over))]
    return Cohorts(
        by=ask.by, period=ask.period, until=until, metric=rate.name, cohorts=cohorts,
        average=[one for one in found if one],
    )  # fmt: skip


def _average(cohorts: list[Cohort], after: int) -> AverageShare | None:
    """Weighted by size: the share of people, not the mean of shares."""
    there = [
        (cohort.size, cell) for cohort in cohorts for cell in cohort.cells if cell.after == after and cell.complete
    ]
    size = sum(one for one, _ in there)
    customers = sum(cell.customers for _, cell in there)
    return AverageShare(after=after, customers=customers, size=size, share=customers / size) if size else None


def _by_order(study: Study, kind: PeriodKind, low: int, high: int, ask: CohortsAsk) -> dict[tuple[int, int], int]:
    begun = expression(kind, "placed_at")
    rows = study.query(
        f"select first, period, count() as customers from ("  # noqa: S608 - texts of our own
        f" select customer_id, min({begun}) as first, arrayPushFront(groupUniqArray({begun}), toInt32({SIZE})) as there"
        f" from {study.readable('orders')} where placed_at <= {instant('end')} and {study.chosen()} group by customer_id"
        ") array join there as period where first between {low:Int32} and {high:Int32} group by first, period",
        low=low,
        high=high,
        end=study.end_of(ask.until),
    )
    return {(row["first"], row["period"]): row["customers"] for row in rows}


def _by_add(study: Study, kind: PeriodKind, low: int, high: int, ask: CohortsAsk) -> dict[tuple[int, int], int]:
    end, periods = study.end_of(ask.until), list(range(low, high + 1))
    ends = [min(study.start_of(first_day(kind, period + 1)), end + MOMENT) for period in periods]
    left = "arraySum(change -> change.2, arrayFilter(change -> change.1 < {ends:Array(Int64)}[period - {low:Int32} + 1], changes))"
    rows = study.query(
        "select first, period, count() as customers from ("  # noqa: S608 - texts of our own
        f" select customer_id, min(if(kind = 'friend_added', {expression(kind, 'occurred_at')}, 2147483647)) as first,"
        " groupArray((toUnixTimestamp64Milli(occurred_at), if(kind = 'friend_added', 1, -1))) as changes"
        f" from {study.readable('events')} where kind in ('friend_added', 'friend_lost', 'friend_removed')"
        f" and occurred_at <= {instant('end')} and {study.chosen()} group by customer_id"
        f") array join arrayPushFront(arrayFilter(period -> period >= first and {left} > 0, {{periods:Array(Int32)}}),"
        f" toInt32({SIZE})) as period"
        " where first between {low:Int32} and {high:Int32} group by first, period",
        low=low,
        high=high,
        end=end,
        periods=periods,
        ends=[milliseconds(one) for one in ends],
    )
    return {(row["first"], row["period"]): row["customers"] for row in rows}


def table(found: Cohorts) -> Table:
    longest = max((len(cohort.cells) for cohort in found.cohorts), default=0)
    zh, en = ("月", "month") if found.period == "month" else ("周", "week")
    after = [Column(found.metric, note=f"+{k}") for k in range(longest)]
    return Table(
        Words("留存", "retention"),
        Words(
            f"按{'首单' if found.by == 'order' else '首次添加'}的{zh}分组，看到 {found.until}；最后一{zh}还没过完。",
            f"Cohorts by the {en} of the first {'order' if found.by == 'order' else 'add'}, until {found.until}; the last {en} may not be over.",
        ),
        [words(zh, en.capitalize()), Column("cohort_size"), *after],
        [
            [cohort.begins.isoformat(), cohort.size, *(cell.share for cell in cohort.cells)]
            + [None] * (longest - len(cohort.cells))
            for cohort in found.cohorts
        ],
    )
