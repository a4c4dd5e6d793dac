"""What a figure is called, counts and means: said once, used by pages, API and files alike.

A metric is a small class. Pages show its `definition` one click away from every figure; files write it under the table.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from typing import ClassVar, Literal

from wellspring.insight.features.base import Words

Unit = Literal["count", "fen", "rate", "per_mille", "days", "number"]
"""rate: a share 0..1. number: a figure without a unit."""


class Metric(ABC):
    """`definition` says what is counted and over which window, `formula` the same as a formula over other metrics or
    facts, `source` where it is computed."""

    name: ClassVar[str]
    title: ClassVar[Words]
    unit: ClassVar[Unit]
    definition: ClassVar[Words]
    formula: ClassVar[str]
    source: ClassVar[str]


class Rate(Metric):
    """A share of something: None where there is nothing to have a share of."""

    unit = "rate"

    def value(self, part: float, whole: float) -> float | None:
        return part / whole if whole else None


class Average(Metric):
    """A sum over its count, rounded to whole fen; None without a count."""

    unit = "fen"

    def value(self, total: int, count: int) -> int | None:
        return round(total / count) if count else None


_metrics: dict[str, Metric] = {}


def register_metric(metric: Metric) -> None:
    if type(_metrics.setdefault(metric.name, metric)) is not type(metric):
        raise ValueError(f"metric {metric.name!r} is registered twice")


def metrics() -> Mapping[str, Metric]:
    """By name, in the order in which they were registered."""
    return _metrics
