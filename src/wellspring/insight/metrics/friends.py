"""Friendships: begun, lost, reachable."""

from __future__ import annotations

from typing import Any

from wellspring.insight.features.base import Words
from wellspring.insight.metrics.base import DAYS, Ask, Daily, Figure, HomeMetric, daily

WINDOW_DAYS = 30
WINDOW_MS = WINDOW_DAYS * 86_400_000


class NewFriends(HomeMetric):
    """Friendships that began, half-added ones too: events friend_added, by when they happened."""

    name = "new_friends"
    title = Words("新增好友", "New friends")
    unit = "count"
    definition = Words(
        "今天零点到现在开始的好友关系（一位成员加一位客户算一段，半加也算），和上周同一天同一时刻比。",
        "Friendships that began between midnight and now (a pair of staff and customer, half-added ones too), against the same weekday last week up to the same time.",
    )
    formula = "count of events friend_added by occurred_at"
    source = "warehouse: events"

    def read(self, ask: Ask) -> Figure:
        return _events(ask, "friend_added").figure(self.name, "friends")


class Losses(HomeMetric):
    """Friendships that the customer ended: events friend_lost. What staff deleted is not counted."""

    name = "losses"
    title = Words("流失", "Losses")
    unit = "count"
    definition = Words(
        "今天零点到现在被客户删除的好友关系；员工删的不算。",
        "Friendships that the customer ended between midnight and now; what staff deleted is not counted.",
    )
    formula = "count of events friend_lost by occurred_at"
    source = "warehouse: events"

    def read(self, ask: Ask) -> Figure:
        return _events(ask, "friend_lost").figure(self.name, "friends")


def _events(ask: Ask, kind: str) -> Daily:
    parameters: dict[str, Any] = {"kind": kind}
    where = f"kind = {{kind:String}} and {ask.staff_condition(parameters)}"
    return daily(ask, table="events", column="occurred_at", value="toInt64(1)", where=where, parameters=parameters)


class TrueReach(HomeMetric):
    """Customers that at least one active staff member, who may contact customers, has as a friend; of all customers
    that anybody has as a friend. From relationships; who may contact comes from PostgreSQL at this moment.
    No comparison with last week: the past of staff rights is not kept."""

    name = "true_reach"
    title = Words("真能触达", "True reach")
    unit = "count"
    definition = Words(
        "此刻至少有一位在职、能联系客户的成员是其好友的客户数，分母是所有还有好友的客户。",
        "Customers that at least one active staff member who may contact customers has as a friend now; of all customers that anybody has as a friend.",
    )
    formula = "distinct customers of friendships with reachable staff"
    source = "warehouse: relationships; rights of staff from PostgreSQL"

    def read(self, ask: Ask) -> Figure:
        parameters: dict[str, Any] = {"reachable": list(ask.reachable_staff_ids)}
        where = f"status = 'friend' and customer_id != 0 and {ask.staff_condition(parameters)}"
        reach = "uniqExactIf(customer_id, staff_id in {reachable:Array(Int64)}) as reach"
        text = f"select {reach}, uniqExact(customer_id) as friends from relationships where {where}"  # noqa: S608
        (row,) = ask.warehouse.query(text, parameters)
        return Figure(self.name, "customers", int(row["reach"]), of=int(row["friends"]))


class LossRate(HomeMetric):
    """Pairs of staff and customer lost in 30 days, per 1,000 pairs that were friends at some time in them: those
    that are friends at the end, and those that were lost or removed within. The days count back from now;
    each point of the line is the same figure as of the end of that day."""

    name = "loss_rate"
    title = Words("每千人流失", "Losses per 1,000")
    unit = "per_mille"
    definition = Words(
        "近 30 天被客户删除的好友关系，除以这 30 天里存在过的好友关系，每千段。",
        "Friendships that customers ended in the last 30 days, per 1,000 friendships that existed at some time in them.",
    )
    formula = "1000 * lost in 30 days / (friends now + lost or removed in 30 days)"
    source = "warehouse: relationships"

    def read(self, ask: Ask) -> Figure:
        calendar, parameters = ask.calendar, ask.time_parameters()
        ends = [*calendar.edges()[1:], calendar.milliseconds(calendar.now)]
        starts = [end - WINDOW_MS for end in ends]
        columns = []
        for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
            parameters |= {f"s{index}": start, f"e{index}": end}
            ended = f"(ended > {{s{index}:Int64}} and ended <= {{e{index}:Int64}})"
            there = f"added <= {{e{index}:Int64}} and (ended = 0 or ended > {{e{index}:Int64}} or {ended})"
            columns += [f"countIf(lost and {ended}) as lost_{index}", f"countIf({there}) as there_{index}"]
        where = f"customer_id != 0 and status != 'half' and {ask.staff_condition(parameters)}"
        (row,) = ask.warehouse.query(
            f"select {', '.join(columns)} from (select toUnixTimestamp64Milli(added_at) as added,"  # noqa: S608
            " if(isNull(ended_at), 0, toUnixTimestamp64Milli(assumeNotNull(ended_at))) as ended,"
            f" status = 'lost' as lost from relationships where {where})",
            {key: value for key, value in parameters.items() if key not in ("edges", "elapsed", "now")},
        )
        rates = [_per_mille(int(row[f"lost_{i}"]), int(row[f"there_{i}"])) for i in range(DAYS)]
        series = tuple(rate for rate in rates if rate is not None)
        return Figure(
            self.name, "per_mille", rates[-1], compared=rates[-8], of=int(row[f"there_{DAYS - 1}"]),
            target=ask.loss_target, series=series,
        )  # fmt: skip


def _per_mille(lost: int, there: int) -> float | None:
    return round(1000 * lost / there, 2) if there else None
