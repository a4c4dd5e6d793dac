"""The text of one warehouse query while it is put together.

Trust model: text comes from this package and from registered leaves; every value goes through `bind` and
reaches the engine as a parameter. Table names are checked against the registered fact tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from wellspring.segments.windows import Between as BetweenDays
from wellspring.segments.windows import Ever, Moment, Rolling, bounds

_fact_tables: set[str] = set()


def register_fact_table(name: str) -> None:
    """A warehouse table with customer_id, whose rows leaves may ask about."""
    if not re.fullmatch(r"[a-z][a-z_]{0,40}", name):
        raise ValueError(f"{name!r} is no table name")
    _fact_tables.add(name)


class FactQuery:
    """Collects conditional aggregates per fact table, so that many leaves cost one pass over each table."""

    def __init__(self, moment: Moment, staff_of_store: Mapping[int, Sequence[int]]) -> None:
        self.moment = moment
        self._staff_of_store = staff_of_store
        self.parameters: dict[str, Any] = {}
        self._bound: dict[tuple[str, str], str] = {}
        self._aggregates: dict[str, dict[str, str]] = {}

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

    def inside(self, column: str, window: Ever | Rolling | BetweenDays) -> list[str]:
        """Conditions that an instant column lies in the window."""
        low, high = bounds(window, self.moment)
        conditions = [f"{column} >= {self.instant(low)}"] if low else []
        return conditions + ([f"{column} < {self.instant(high)}"] if high else [])

    def happened(self, column: str, window: Ever | Rolling | BetweenDays) -> list[str]:
        """The same for facts that must not lie in the future."""
        return [*self.inside(column, window), f"{column} <= {self.instant(self.moment.now)}"]

    def aggregate(self, table: str, expression: str) -> str:
        """The column that holds an aggregate over the customer's rows of `table`; 0 where there are none."""
        if table not in _fact_tables:
            raise ValueError(f"{table!r} is not registered as a fact table")
        columns = self._aggregates.setdefault(table, {})
        name = columns.setdefault(expression, f"{table}_{len(columns)}")
        return f"{table}_facts.{name}"

    def source(self) -> str:
        """The FROM clause: people that are not merged, with their aggregates."""
        parts = ["(select id, gender, has_mobile, first_added_at from customers final where merged_into_id = 0) as c"]
        for table, columns in self._aggregates.items():
            chosen = ", ".join(f"{expression} as {name}" for expression, name in columns.items())
            rows = f"select customer_id, {chosen} from {table} final where customer_id != 0 group by customer_id"  # noqa: S608
            parts.append(f"left join ({rows}) as {table}_facts on {table}_facts.customer_id = c.id")
        return " ".join(parts)
