"""Features: what is computed and kept per customer. Other domains register theirs; segments knows only their kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from wellspring.platform.errors import Language
from wellspring.segments.comparisons import Comparison, comparison_words, fits
from wellspring.segments.leaves.base import Facts, Leaf, Names
from wellspring.segments.leaves.measures import limited
from wellspring.segments.parts import Fits, Part
from wellspring.segments.sql import Query
from wellspring.segments.windows import Moment, printable, problem

FeatureKind = Literal["number", "money", "percent", "days_ago", "days_ahead", "choice"]


@dataclass(frozen=True)
class FeatureField:
    """A wide column that segments can ask about.

    kind: number (whole), money (fen), percent (the column is a share 0..1, compared in whole percent), days_ago and
    days_ahead (the column is an instant, compared in calendar days from today), choice (one of `choices`: code -> words).
    `known`: a condition over the wide table without which the feature has no value; a comparison with no value is false.
    """

    column: str
    kind: FeatureKind
    zh: str
    en: str
    known: str = "1"
    choices: Mapping[str, tuple[str, str]] = field(default_factory=dict)


_fields: dict[str, FeatureField] = {}


def register_feature_field(feature: FeatureField) -> None:
    if _fields.setdefault(feature.column, feature) != feature:
        raise ValueError(f"feature {feature.column!r} is registered twice")


def feature_fields() -> Mapping[str, FeatureField]:
    return _fields


class FeatureLeaf(Leaf):
    """`choices` for a feature that is one of several, `comparison` for all others."""

    kind: Literal["feature"]
    feature: Annotated[str, Field(min_length=1, max_length=60)]
    comparison: Comparison | None = None
    choices: Annotated[
        list[Annotated[str, Field(max_length=60), AfterValidator(printable)]],
        Field(default_factory=list, max_length=50),
    ]

    @model_validator(mode="after")
    def _fits_together(self) -> FeatureLeaf:
        known = _fields.get(self.feature)
        if known is None:
            raise problem("feature", "没有这个特征。", "There is no such feature.")
        if known.kind == "choice" and (not self.choices or self.comparison is not None):
            raise problem("choices", "选一项或几项。", "Choose one or more.")
        if known.kind == "choice" and not set(self.choices) <= set(known.choices):
            raise problem("choices", "有一项不在可选的里面。", "One of these is no choice of this feature.")
        if known.kind != "choice" and (self.comparison is None or self.choices):
            raise problem("comparison", "填一个数来比较。", "Give a number to compare with.")
        return self

    @property
    def _field(self) -> FeatureField:
        return _fields[self.feature]

    def part(self, query: Query) -> Part:
        known = self._field
        if known.kind == "choice":
            return Fits(f"({known.known}) and {known.column} in {query.texts(self.choices)}")
        assert self.comparison is not None
        expression = self._expression(query, known)
        return Fits(f"({known.known}) and {limited(query, self.comparison, expression)}")

    def _expression(self, query: Query, known: FeatureField) -> str:
        zone = query.text(query.moment.zone.key)
        today = f"toDate({query.text(query.moment.today.isoformat())})"
        match known.kind:
            case "percent":
                return f"toInt64(floor({known.column} * 100))"
            case "days_ago":
                return f"dateDiff('day', toDate({known.column}, {zone}), {today})"
            case "days_ahead":
                return f"dateDiff('day', {today}, toDate({known.column}, {zone}))"
            case _:
                return f"toInt64({known.column})"

    def _value(self, facts: Facts, moment: Moment) -> Any:
        """The kept value; None without one."""
        value, known = facts.wide.get(self.feature), self._field
        if value is None or facts.wide.get(f"{self.feature}__known", 1) == 0:
            return None
        if known.kind == "percent":
            return int(value * 100 // 1)
        if isinstance(value, datetime):
            days = (moment.today - moment.day_of(value)).days
            return days if known.kind == "days_ago" else -days
        return value if known.kind == "choice" else int(value)

    def holds(self, facts: Facts, moment: Moment) -> bool:
        value = self._value(facts, moment)
        if value is None:
            return False
        return value in self.choices if self.comparison is None else fits(self.comparison, value)

    def _shown(self, value: Any, names: Names, language: Language) -> str:
        zh = language == "zh"
        match self._field.kind:
            case "choice":
                words = self._field.choices.get(str(value))
                return words[0 if zh else 1] if words else str(value)
            case "money":
                return names.money(value)
            case "percent":
                return f"{value}%"
            case "days_ago" | "days_ahead":
                return f"{value:,} 天" if zh else f"{value:,} days"
            case _:
                return f"{value:,}"

    def clause(self, names: Names, language: Language) -> str:
        zh = language == "zh"
        name = self._field.zh if zh else self._field.en
        if self.comparison is None:
            listed = ("或" if zh else " or ").join(self._shown(one, names, language) for one in self.choices)
            return f"{name}是{listed}" if zh else f"has {name}: {listed}"
        words = comparison_words(self.comparison, lambda v: self._shown(v, names, language), language)
        return f"{name} {words}" if zh else f"has {name} {words}"

    def evidence(self, facts: Facts, moment: Moment, names: Names, language: Language) -> str:
        value = self._value(facts, moment)
        if value is None:
            return "还没有这个数" if language == "zh" else "has no such figure yet"
        return self._shown(value, names, language)
