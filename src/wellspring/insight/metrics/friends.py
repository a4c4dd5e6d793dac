"""Friendships: begun, lost, reachable."""

from __future__ import annotations

from typing import Any

from wellspring.insight.metrics.base import DAYS, Ask, Daily, Figure, Metric, daily

WINDOW_DAYS = 30
WINDOW_MS = WINDOW_DAYS * 86_400_000


class NewFriends(Metric):
    """Friendships that began, half-added ones too: events friend_added, by when they happened."""

    name = "new_friends"

    def read(self, ask: Ask) -> Figure:
        return _events(ask, "friend_added").figure(self.name, "friends")


class Losses(Metric):
    """Friendships that the customer ended: events friend_lost. What staff deleted is not counted."""

    name = "losses"

    def read(self, ask: Ask) -> Figure:
        return _events(ask, "friend_lost").figure(self.name, "friends")


def _events(ask: Ask, kind: str) -> Daily:
    parameters: dict[str, Any] = {"kind": kind}
    where = f"kind = {{kind:String}} and {ask.staff_condition(parameters)}"
    return daily(ask, table="events", column="occurred_at", value="toInt64(1)", where=where, parameters=parameters)


class TrueReach(Metric):
    """Customers that at least one active staff member, who may contact customers, has as a friend; of all customers
    that anybody has as a friend. From relationships; who may contact comes from PostgreSQL at this moment.
    No comparison with last week: the past of staff rights is not kept."""

    name = "true_reach"

    def read(self, ask: Ask) -> Figure:
        parameters: dict[str, Any] = {"reachable": list(ask.reachable_staff_ids)}
        where = f"status = 'friend' and customer_id != 0 and {ask.staff_condition(parameters)}"
        reach = "uniqExactIf(customer_id, staff_id in {reachable:Array(Int64)}) as reach"
        text = f"select {reach}, uniqExact(customer_id) as friends from relationships where {where}"  # noqa: S608
        (row,) = ask.warehouse.query(text, parameters)
        return Figure(self.name, "customers", int(row["reach"]), of=int(row["friends"]))


class LossRate(Metric):
    """Pairs of staff and customer lost in 30 days, per 1,000 pairs that were friends at some time in them: those
    that are friends at the end, and those that were lost or removed within. The days count back from now;
    each point of the line is the same figure as of the end of that day."""

    name = "loss_rate"

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
