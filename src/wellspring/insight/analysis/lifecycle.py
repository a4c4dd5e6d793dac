"""How many customers went from stage to stage between two months.

The stage is evaluated anew at the end of both months, from the orders placed until then and with today's limits; recorded
changes of stage are not used. Those begin when the product was set up, miss what a later import brought, and follow
every change of the limits: two months would not be comparable. What is lost is what a stage was called at the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import BaseModel

from wellspring.insight.analysis.study import Study, day, instant
from wellspring.insight.analysis.table import Column, Table, words
from wellspring.insight.features.base import Words
from wellspring.insight.features.lifecycle import STAGES
from wellspring.insight.features.settings import FeatureSettings
from wellspring.insight.metrics.groups import MoveRate
from wellspring.platform.errors import Invalid, Language

ABSENT = "absent"
TITLES = {ABSENT: Words("还没来", "Not here yet"), **STAGES}


@dataclass(frozen=True)
class LifecycleAsk:
    """First days of the two months; default: the last month that is over, and this one so far."""

    earlier: date | None = None
    later: date | None = None


class StageCount(BaseModel):
    stage: str
    title: str
    before: int
    after: int


class StageMove(BaseModel):
    """`share`: of who was in the stage `origin` at the first instant."""

    origin: str
    target: str
    customers: int
    share: float | None


class LifecycleFlow(BaseModel):
    """Instants are the ends of the months; `running`: the second month is not over, its end is now."""

    earlier: date
    later: date
    running: bool
    stages: list[StageCount]
    moves: list[StageMove]


def month_of(value: str, field: str) -> date:
    """ "2026-03" -> its first day."""
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError:
        raise Invalid(field=field, zh="月份要写成 2026-03 这样。", en="Write the month like 2026-03.") from None


def read_lifecycle(study: Study, ask: LifecycleAsk, settings: FeatureSettings, language: Language) -> LifecycleFlow:
    this = study.today.replace(day=1)
    later = min(ask.later or this, this)
    earlier = ask.earlier or (later - timedelta(days=1)).replace(day=1)
    if earlier >= later:
        raise Invalid(
            field="earlier", zh="第一个月要早于第二个月。", en="The first month has to lie before the second."
        )
    rows = study.query(
        f"select {_stage('earlier')} as origin, {_stage('later')} as target, count() as n from ("  # noqa: S608
        " select c.id as id, ifNull(c.first_added_at, c.created_at) as came, bought.days as days"
        f" from (select * from {study.readable('customers')} where merged_into_id = 0 and {study.chosen('id')}) as c"
        f" left join (select customer_id, arraySort(groupUniqArray({day('placed_at')})) as days"
        f" from {study.readable('orders')} where placed_at <= {instant('later')} and {study.chosen()}"
        " group by customer_id) as bought on bought.customer_id = c.id) group by origin, target",
        earlier=study.end_of(_last_day(earlier)),
        later=study.end_of(_last_day(later)),
        **{name: getattr(settings, name) for name in _LIMITS},
    )
    counts = {(row["origin"], row["target"]): row["n"] for row in rows}
    return build(counts, earlier, later, language, running=later == this)


_LIMITS = (
    "rhythm_gaps", "lost_after_days", "lost_gaps", "established_days", "established_purchases", "decline_from_days",
    "decline_gaps",
)  # fmt: skip


def _last_day(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _stage(at: str) -> str:
    """The stage at the instant `at`; what `features.lifecycle.stage` says in Python."""
    now = day(instant(at))
    days = f"arrayFilter(one -> one <= {now}, days)"
    gaps = f"arraySort(arrayPopFront(arrayDifference({days})))"
    rhythm = f"if(length({days}) > {{rhythm_gaps:Int64}}, {gaps}[intDiv(length({days}), 2)], 0)"
    silent = f"({now} - {days}[-1])"
    habit = f"greatest({{established_days:Int64}}, {{established_purchases:Int64}} * {rhythm})"
    return (
        f"multiIf(empty({days}), if(came <= {instant(at)}, 'introduction', '{ABSENT}'),"
        f" {silent} > greatest({{lost_after_days:Float64}}, {{lost_gaps:Float64}} * {rhythm}), 'lost',"
        f" arrayCount(one -> one > {days}[-1] - {habit}, {days}) < {{established_purchases:Int64}}, 'growth',"
        f" {silent} >= greatest({{decline_from_days:Float64}}, {{decline_gaps:Float64}} * {rhythm}), 'decline', 'maturity')"
    )


def build(
    counts: Mapping[tuple[str, str], int], earlier: date, later: date, language: Language, *, running: bool
) -> LifecycleFlow:
    before = {stage: sum(n for (origin, _), n in counts.items() if origin == stage) for stage in TITLES}
    after = {stage: sum(n for (_, target), n in counts.items() if target == stage) for stage in TITLES}
    return LifecycleFlow(
        earlier=earlier,
        later=later,
        running=running,
        stages=[
            StageCount(stage=stage, title=getattr(title, language), before=before[stage], after=after[stage])
            for stage, title in TITLES.items()
        ],
        moves=[
            StageMove(origin=origin, target=target, customers=n, share=MoveRate().value(n, before[origin]))
            for origin in TITLES
            for target in TITLES
            if (n := counts.get((origin, target), 0)) and target != ABSENT
        ],
    )


def table(found: LifecycleFlow, language: Language) -> Table:
    title = {one.stage: one.title for one in found.stages}
    return Table(
        Words("生命周期流向", "lifecycle"),
        Words(
            f"{found.earlier:%Y-%m} 月末到 {found.later:%Y-%m} 月末{'（到现在）' if found.running else ''}。",
            f"From the end of {found.earlier:%Y-%m} to the end of {found.later:%Y-%m}{' (so far)' if found.running else ''}.",
        ),
        [words("从", "From"), words("到", "To"), Column("customers_moved"), Column("move_rate")],
        [[title[move.origin], title[move.target], move.customers, move.share] for move in found.moves],
    )
