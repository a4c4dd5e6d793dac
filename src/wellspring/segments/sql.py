"""What leaves need to write their part of a question: bound values, windows as instants, where to read.

Trust model: text comes from this package and from registered leaves; every value goes through `bind` and
reaches the engine as a parameter. Table names are checked against the registered fact tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from wellspring.platform.warehouse.wide_columns import KEPT_DAYS, wide_columns
from wellspring.segments.windows import AnyWindow, Between, Ever, Moment, Rolling, bounds

EPOCH = date(1970, 1, 1)
WORTH_LISTS_DAYS = 100
"""Windows from so many days on are counted in everybody's list of order days instead of grouping their facts: a scan of
all lists costs about as much as grouping a quarter's orders."""

_fact_tables: set[str] = set()


def register_fact_table(name: str) -> None:
    """A warehouse table with customer_id, whose rows leaves may ask about."""
    if not re.fullmatch(r"[a-z][a-z_]{0,40}", name):
        raise ValueError(f"{name!r} is no table name")
    _fact_tables.add(name)


class Query:
    """One question while it is put together. `kept_day`: the calendar day whose sliding windows the wide table holds.
    `readable`: where the rows of a table are read from. `segments`: definitions of other segments by id.
    `only`: the customers who are asked about, None: everybody."""

    def __init__(
        self,
        moment: Moment,
        staff_of_store: Mapping[int, Sequence[int]],
        *,
        kept_day: date | None = None,
        readable: Callable[[str], str] = str,
        segments: Mapping[int, Any] | None = None,
        only: Sequence[int] | None = None,
    ) -> None:
        self.moment = moment
        self._staff_of_store = staff_of_store
        self._kept_day = kept_day
        self._readable = readable
        self.segments = segments or {}
        self._only = only
        self.parameters: dict[str, Any] = {}
        self._bound: dict[tuple[str, str], str] = {}

    def bind(self, value: Any, kind: str) -> str:
        """The placeholder of a parameter; equal values share one."""
        key = (kind, repr(value))
        if key not in self._bound:
            name = f"p{len(self._bound)}"
            self._bound[key] = f"{{{name}:{kind}}}"
            self.parameters[name] = value
        return self._bound[key]

    def integer(self, value: int) -> str:
        return self.bind(value, "Int64")

    def text(self, value: str) -> str:
        return self.bind(value, "String")

    def integers(self, values: Sequence[int]) -> str:
        return self.bind(sorted(set(values)), "Array(Int64)")

    def texts(self, values: Sequence[str]) -> str:
        return self.bind(sorted(set(values)), "Array(String)")

    def staff_of(self, store_ids: Sequence[int]) -> str:
        """The staff who work in these stores now. The warehouse keeps the store that a member had when a row was
        last written, which a move does not change."""
        return self.integers([member for store in store_ids for member in self._staff_of_store.get(store, ())])

    def instant(self, value: datetime) -> str:
        return f"fromUnixTimestamp64Milli({self.bind(round(value.timestamp() * 1000), 'Int64')}, 'UTC')"

    def inside(self, column: str, window: AnyWindow) -> list[str]:
        """Conditions that an instant column lies in the window."""
        low, high = bounds(window, self.moment)
        conditions = [f"{column} >= {self.instant(low)}"] if low else []
        return conditions + ([f"{column} < {self.instant(high)}"] if high else [])

    def happened(self, column: str, window: AnyWindow) -> list[str]:
        """The same for facts that must not lie in the future."""
        return [*self.inside(column, window), f"{column} <= {self.instant(self.moment.now)}"]

    def rows(self, table: str, *conditions: str) -> str:
        """`from <table> where ...` for a set of people; nobody's rows are left out."""
        if table not in _fact_tables:
            raise ValueError(f"{table!r} is not registered as a fact table")
        whose = self.restricted("customer_id") or ["customer_id != 0"]
        return f"from {self._readable(table)} where {' and '.join((*conditions, *whose))}"

    def restricted(self, column: str) -> list[str]:
        """The condition that a row is of somebody who is asked about; none: everybody is."""
        return [] if self._only is None else [f"{column} in {self.integers(self._only)}"]

    @property
    def wide(self) -> str:
        """Where the wide table is read from."""
        return self._readable("customer_wide")

    @property
    def merged(self) -> str:
        """Where merged customers are found."""
        return self._readable("customers")

    def keeps(self, column: str) -> bool:
        """Whether the wide table has this column, which no day makes old."""
        return column in wide_columns()

    def listed_days(self, window: AnyWindow, *columns: str) -> str | None:
        """The condition that a calendar day `one` lies in the window, for counting in the wide table's lists of days
        (`columns`); None where grouping facts costs less: their months are read only as far as the window reaches."""
        match window:
            case Rolling(days=days):
                first, last = self.moment.days_ago(days), None
            case Between(start=start, end=end):
                first, last = start, end
            case _:
                return None
        if ((last or self.moment.today) - first).days < WORTH_LISTS_DAYS or not all(map(self.keeps, columns)):
            return None
        return self.from_day(first) + (f" and one <= {self.day(last)}" if last else "")

    def from_day(self, first: date) -> str:
        return f"one >= {self.day(first)}"

    def day(self, value: date) -> str:
        """A calendar day as the lists hold it: days since 1970, which reach to 2149."""
        return self.bind(min(max((value - EPOCH).days, 0), 65_535), "UInt16")

    def kept(self, measure: str, window: AnyWindow) -> str | None:
        """The wide column that holds `measure` (`orders`, `spent`) over the window as it is today; None: count facts.

        Columns of sliding windows are those of the day they were built for."""
        match window:
            case Ever():
                name = f"{measure}_ever"
            case Rolling(days=days) if days in KEPT_DAYS and self._kept_day == self.moment.today:
                name = f"{measure}_{days}d"
            case _:
                return None
        return name if name in wide_columns() else None
