"""Calendar months and weeks as numbers, so that the k-th period after another one is a sum."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from wellspring.insight.analysis.study import day

PeriodKind = Literal["month", "week"]
_EPOCH_MONDAY = date(1969, 12, 29)
"""The Monday of the week that holds 1970-01-01."""


def number(kind: PeriodKind, of: date) -> int:
    """Months since year 0, or weeks (Monday to Sunday) since that of 1970-01-01."""
    return of.year * 12 + of.month - 1 if kind == "month" else (of - _EPOCH_MONDAY).days // 7


def first_day(kind: PeriodKind, period: int) -> date:
    return date(period // 12, period % 12 + 1, 1) if kind == "month" else _EPOCH_MONDAY + timedelta(weeks=period)


def expression(kind: PeriodKind, column: str) -> str:
    """The number of the period in the company's time zone that an instant lies in."""
    local = f"toDate({column}, {{zone:String}})"
    if kind == "month":
        return f"(toInt32(toYear({local})) * 12 + toMonth({local}) - 1)"
    return f"intDiv({day(column)} + 3, 7)"
