"""Comparing a measure of somebody's rows with a number, as a part of a question.

Whoever has no rows is in no group of a query. So where the measure of nothing is 0, and 0 fits, the opposite is asked
for and taken away from everybody.
"""

from __future__ import annotations

from wellspring.segments.comparisons import AnyComparison, fits, limits
from wellspring.segments.parts import Not, Part, People, everybody
from wellspring.segments.sql import Query


def limited(query: Query, comparison: AnyComparison, expression: str, times: str = "") -> str:
    """The comparison as SQL; `times` multiplies its limits."""
    low, high = limits(comparison)
    conditions = [f"{expression} >= {query.integer(low)}{times}"] if low is not None else []
    if high is not None:
        conditions.append(f"{expression} <= {query.integer(high)}{times}")
    return " and ".join(conditions)


def counted(query: Query, rows: str, comparison: AnyComparison) -> Part:
    """How many rows somebody has, compared; a single one needs no grouping."""
    low, high = limits(comparison)
    if fits(comparison, 0):
        return everybody() if high is None else Not(_many(query, rows, high + 1))
    if high is None and low is not None:
        return _many(query, rows, low)
    return having(rows, limited(query, comparison, "toInt64(count())"))


def _many(query: Query, rows: str, least: int) -> Part:
    return People(rows) if least <= 1 else having(rows, f"count() >= {query.integer(least)}")


def summed(query: Query, rows: str, comparison: AnyComparison, expression: str, times: str = "") -> Part:
    """An aggregate of somebody's rows that is 0 without any, compared."""
    condition = limited(query, comparison, expression, times)
    return Not(having(rows, f"not ({condition})")) if fits(comparison, 0) else having(rows, condition)


def having(rows: str, condition: str) -> People:
    return People(f"{rows} group by customer_id having {condition}", grouped=True)
