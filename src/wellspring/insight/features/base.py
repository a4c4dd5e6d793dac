"""What a feature is, and the list of all of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

from wellspring.insight.features.context import Context
from wellspring.insight.features.history import History
from wellspring.platform.warehouse.wide_columns import WideColumn, register_wide_column

Kind = Literal[
    "count", "money", "days", "instant", "probability", "amount", "flag", "choice", "reference", "score", "hour"
]
"""money: fen. days: whole days. amount: a number with a fraction. flag: 0 or 1. choice: one of `choices`, or a word of
the brand's own (a category). reference: the id of a store. score: 1 to 5, 0 where there is none. hour: of
the day, 0 to 23."""

Value = int | float | str | datetime | None
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_INSTANT = "toDateTime64(0, 3, 'UTC')"


@dataclass(frozen=True)
class Words:
    zh: str
    en: str


class Feature(ABC):
    """A subclass sets what stands here and says in `formula` exactly what `expression` and `value` compute.

    `known`: over wide columns, when the column holds a value; else it holds `absent` and `value` answers None.
    `source`: where the formula or its limits come from. `choices`: the named values of a choice.
    """

    name: ClassVar[str]
    kind: ClassVar[Kind]
    title: ClassVar[Words]
    definition: ClassVar[Words]
    formula: ClassVar[str]
    source: ClassVar[str]
    type: ClassVar[str]
    expression: ClassVar[str]
    known: ClassVar[str] = "1"
    absent: ClassVar[int | float | str | datetime] = 0
    choices: ClassVar[Mapping[str, Words]] = {}

    @property
    def column(self) -> WideColumn:
        return WideColumn(self.name, self.type, self.expression)

    @abstractmethod
    def value(self, history: History, context: Context) -> Value:
        """The same for one customer in plain Python; None where there is no value."""

    def held(self, history: History, context: Context) -> int | float | str | datetime:
        """What the column holds for this customer."""
        value = self.value(history, context)
        return self.absent if value is None else value


_features: dict[str, Feature] = {}


def register_feature(feature: Feature) -> None:
    """Also makes it a column of the wide table. Registering again changes nothing."""
    if _features.setdefault(feature.name, feature) is feature:
        register_wide_column(feature.column)
    elif type(_features[feature.name]) is not type(feature):
        raise ValueError(f"feature {feature.name!r} is registered twice")


def features() -> Mapping[str, Feature]:
    """By name, in the order in which they are shown."""
    return _features


def lower_median(values: Sequence[Any]) -> Any:
    """The middle one in order; of two middle ones the smaller."""
    return sorted(values)[(len(values) - 1) // 2]
