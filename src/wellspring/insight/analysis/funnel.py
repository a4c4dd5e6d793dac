"""The way of new customers: added, still a friend some days later, first order, second, third.

Each step counts those who also took the one before. People are those whose first add lies in the window; who was added
less than the chosen days ago can't have stayed that long yet: they are counted apart (`too_recent`), not as lost.
Orders before the add don't count: they did not come of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy.orm import Session

from wellspring.insight.analysis.study import Study, instant
from wellspring.insight.analysis.table import Column, Table, words
from wellspring.insight.features.base import Words
from wellspring.insight.metrics import metrics
from wellspring.insight.metrics.buying import StepRate, WayRate
from wellspring.platform.errors import Language

Breakdown = Literal["none", "state", "store", "add_way"]
STEPS = ("added", "still_friends", "first_orders", "second_orders", "third_orders")
MOST_GROUPS = 30
OTHERS = "others"

StateNames = Callable[[Session, Sequence[str]], Mapping[str, str]]
_state_names: list[StateNames] = []


def register_state_names(names: StateNames) -> None:
    """A domain above knows what a state stands for (a live code): state -> name, those that it knows."""
    if names not in _state_names:
        _state_names.append(names)


@dataclass(frozen=True)
class FunnelAsk:
    """First add from `since` (default: 180 days before `until`) to `until` (default: today so far), both counted.
    `days`: how long somebody has to stay for the second step."""

    since: date | None = None
    until: date | None = None
    days: int = 7
    breakdown: Breakdown = "none"


class FunnelStep(BaseModel):
    metric: str
    customers: int
    of_before: float | None
    of_first: float | None


class FunnelGroup(BaseModel):
    """`key`: a state, the id of a store, an add_way; '' and 0: none known; `others`: the groups beyond the thirty largest."""

    key: str
    name: str
    steps: list[FunnelStep]


class Funnel(BaseModel):
    since: date
    until: date
    days: int
    breakdown: Breakdown
    too_recent: int
    steps: list[FunnelStep]
    groups: list[FunnelGroup]


Counts = tuple[int, int, int, int, int]


def read_funnel(
    study: Study,
    ask: FunnelAsk,
    *,
    store_of_staff: Mapping[int, int],
    name: Callable[[Sequence[str]], Mapping[str, str]],
) -> Funnel:
    """`store_of_staff`: where staff work now. `name`: keys of the breakdown -> names."""
    until = min(ask.until or study.today, study.today)
    since = ask.since or until - timedelta(days=180)
    counts, too_recent = _count(study, ask, since, store_of_staff)
    largest = folded(counts)
    names = name([key for key in largest if key != OTHERS])
    return Funnel(
        since=since,
        until=until,
        days=ask.days,
        breakdown=ask.breakdown,
        too_recent=too_recent,
        steps=steps_of(total(counts)),
        groups=[]
        if ask.breakdown == "none"
        else [FunnelGroup(key=key, name=names.get(key, ""), steps=steps_of(one)) for key, one in largest.items()],
    )


def total(counts: Mapping[str, Counts]) -> Counts:
    sums = [sum(one[index] for one in counts.values()) for index in range(len(STEPS))]
    return (sums[0], sums[1], sums[2], sums[3], sums[4])


def folded(counts: Mapping[str, Counts]) -> dict[str, Counts]:
    """The largest groups in order, the rest as one."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1][0], item[0]))
    kept = dict(ordered[:MOST_GROUPS])
    rest = dict(ordered[MOST_GROUPS:])
    return {**kept, OTHERS: total(rest)} if rest else kept


def steps_of(counts: Counts) -> list[FunnelStep]:
    before, first, found = counts[0], counts[0], []
    for index, (metric, customers) in enumerate(zip(STEPS, counts, strict=True)):
        found.append(
            FunnelStep(
                metric=metric,
                customers=customers,
                of_before=StepRate().value(customers, before) if index else None,
                of_first=WayRate().value(customers, first),
            )
        )
        before = customers
    return found


_KEYS: Mapping[Breakdown, str] = {
    "none": "''",
    "state": "source.2",
    "add_way": "toString(source.3)",
    "store": "toString(transform(source.1, {staff:Array(Int64)}, {stores:Array(Int64)}, toInt64(0)))",
}


def _count(
    study: Study, ask: FunnelAsk, since: date, store_of_staff: Mapping[int, int]
) -> tuple[dict[str, Counts], int]:
    stayed = "{days:Int64} * 86400000"
    way = (
        f"select customer_id, toUnixTimestamp64Milli(minIf(occurred_at, kind = 'friend_added')) as added,"  # noqa: S608
        " argMinIf((staff_id, JSONExtractString(data, 'state'), JSONExtractInt(data, 'add_way')), (occurred_at, id),"
        " kind = 'friend_added') as source,"
        " groupArray((toUnixTimestamp64Milli(occurred_at), if(kind = 'friend_added', 1, -1))) as changes"
        f" from {study.readable('events')} where kind in ('friend_added', 'friend_lost', 'friend_removed')"
        f" and occurred_at <= {instant('end')} and {study.chosen()}"
        " group by customer_id having countIf(kind = 'friend_added') > 0"
    )
    bought = (
        "select customer_id, groupArray(toUnixTimestamp64Milli(placed_at)) as placed"  # noqa: S608
        f" from {study.readable('orders')} where placed_at <= {instant('end')} and {study.chosen()} group by customer_id"
    )
    rows = study.query(
        f"select {_KEYS[ask.breakdown]} as key, countIf(seen) as s0, countIf(kept) as s1, countIf(kept and n > 0) as s2,"  # noqa: S608
        " countIf(kept and n > 1) as s3, countIf(kept and n > 2) as s4, countIf(not seen) as recent from ("
        f"select source, added + {stayed} <= {{end:Int64}} as seen,"
        f" seen and arraySum(change -> change.2, arrayFilter(change -> change.1 <= added + {stayed}, changes)) > 0 as kept,"
        " arrayCount(at -> at >= added, placed) as n"
        f" from ({way}) as way left join ({bought}) as bought on bought.customer_id = way.customer_id"
        " where added >= {since:Int64}) group by key",
        days=ask.days,
        since=study.start_of(since),
        end=study.end_of(ask.until),
        staff=list(store_of_staff),
        stores=list(store_of_staff.values()),
    )
    counts = {row["key"]: (row["s0"], row["s1"], row["s2"], row["s3"], row["s4"]) for row in rows}
    return {key: one for key, one in counts.items() if one[0]}, sum(row["recent"] for row in rows)


def names_of_states(session: Session, keys: Sequence[str]) -> dict[str, str]:
    return {key: name for known in _state_names for key, name in known(session, keys).items()}


def table(found: Funnel, *, language: Language) -> Table:
    window = Words(
        f"{found.since} 到 {found.until} 首次添加、已满 {found.days} 天的客户；另有 {found.too_recent} 位还不满。",
        f"Customers first added from {found.since} to {found.until} at least {found.days} days ago; {found.too_recent} more are too recent.",
    )
    name = Words("漏斗", "funnel")
    if found.breakdown == "none":
        rows: list[list[Any]] = [
            [getattr(metrics()[step.metric].title, language), step.customers, step.of_before, step.of_first]
            for step in found.steps
        ]
        heads = [words("步骤", "Step"), Column("customers"), Column("step_rate"), Column("way_rate")]
        return Table(name, window, heads, rows)
    others = "其他" if language == "zh" else "Others"
    rows = [
        [
            others if group.key == OTHERS else group.name or group.key,
            *(step.customers for step in group.steps),
            *(step.of_first for step in group.steps[1:]),
        ]
        for group in found.groups
    ]
    shares = [Column("way_rate", note=getattr(metrics()[one].title, language)) for one in STEPS[1:]]
    return Table(name, window, [words("分组", "Group"), *(Column(one) for one in STEPS), *shares], rows)
