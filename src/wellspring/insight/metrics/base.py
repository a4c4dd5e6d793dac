"""What a metric of the home page is handed and what it answers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from wellspring.insight.metrics.registry import Metric
from wellspring.platform.warehouse.client import Warehouse

DAYS = 14
"""Length of the line beside a figure, today included."""
Counted = Literal["friends", "customers", "orders", "fen", "per_mille"]
"""What the value of a figure is a number of."""


@dataclass(frozen=True)
class Calendar:
    """The last `DAYS` calendar days in the company's time zone, and how far today has gone."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)

    def days(self) -> list[date]:
        """Oldest first; the last one is today."""
        return [self.today - timedelta(days=ago) for ago in reversed(range(DAYS))]

    def edges(self) -> list[int]:
        """Where each of the days begins, in milliseconds since 1970."""
        return [self.milliseconds(self.start_of(day)) for day in self.days()]

    def elapsed(self) -> int:
        """Milliseconds of today so far."""
        return self.milliseconds(self.now) - self.edges()[-1]

    @staticmethod
    def milliseconds(instant: datetime) -> int:
        return int(instant.timestamp() * 1000)


@dataclass(frozen=True)
class Ask:
    """A question of one actor at one moment. `staff_ids`, `store_ids`, `own_staff_id`: the scope; None: everybody.
    `reachable_staff_ids`: active staff with the right to contact customers, whatever the scope."""

    warehouse: Warehouse
    calendar: Calendar
    staff_ids: Sequence[int] | None
    store_ids: Sequence[int] | None
    own_staff_id: int | None
    reachable_staff_ids: Sequence[int]
    loss_target: float

    def time_parameters(self) -> dict[str, Any]:
        return {
            "edges": self.calendar.edges(),
            "elapsed": self.calendar.elapsed(),
            "now": self.calendar.milliseconds(self.calendar.now),
        }

    def staff_condition(self, parameters: dict[str, Any], column: str = "staff_id") -> str:
        if self.staff_ids is None:
            return "1"
        parameters["staff"] = list(self.staff_ids)
        return f"{column} in {{staff:Array(Int64)}}"

    def order_condition(self, parameters: dict[str, Any]) -> str:
        """Over the table orders."""
        if self.own_staff_id is not None:
            parameters["own"] = self.own_staff_id
            return "staff_id = {own:Int64}"
        if self.store_ids is None:
            return "1"
        parameters["stores"] = list(self.store_ids)
        return "store_id in {stores:Array(Int64)}"


@dataclass(frozen=True)
class Figure:
    """One figure. `compared`: the same weekday last week up to the same time of day. `of`: the denominator.
    `series`: by day, oldest first, today last as far as it goes. `good_below`: the target."""

    name: str
    unit: Counted
    value: float | None
    compared: float | None = None
    of: float | None = None
    target: float | None = None
    series: Sequence[float] = field(default_factory=tuple)


@dataclass(frozen=True)
class Daily:
    """Sums by day: `whole` days in order, and `by_now`: each up to the present time of day."""

    whole: Sequence[int]
    by_now: Sequence[int]

    def figure(self, name: str, unit: Counted) -> Figure:
        return Figure(name, unit, self.whole[-1], compared=self.by_now[-8], series=self.whole)


class HomeMetric(Metric):
    """One figure of the home page."""

    @abstractmethod
    def read(self, ask: Ask) -> Figure: ...


def daily(ask: Ask, *, table: str, column: str, value: str, where: str, parameters: dict[str, Any]) -> Daily:
    """Sum `value` over the rows of `table` by the day in `column`. `table`, `column`, `value`, `where` are this
    package's own text; what comes from outside stands in `parameters`."""
    moment = f"toUnixTimestamp64Milli({column})"
    rows = ask.warehouse.query(
        f"select roundDown({moment}, {{edges:Array(Int64)}}) as day, sum({value}) as whole,"  # noqa: S608
        f" sumIf({value}, {moment} - roundDown({moment}, {{edges:Array(Int64)}}) <= {{elapsed:Int64}}) as by_now"
        f" from {table} where {where} and {moment} >= {{edges:Array(Int64)}}[1] and {moment} <= {{now:Int64}}"
        " group by day",
        {**parameters, **ask.time_parameters()},
    )
    found = {int(row["day"]): (int(row["whole"]), int(row["by_now"])) for row in rows}
    pairs = [found.get(edge, (0, 0)) for edge in ask.calendar.edges()]
    return Daily([whole for whole, _ in pairs], [by_now for _, by_now in pairs])
