"""The table of an analysis, for files. Heads and units come from the metrics; below the rows stands what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from wellspring.insight.features.base import Words
from wellspring.insight.metrics import metrics
from wellspring.platform.errors import Language

UNITS = {
    "rate": Words("0–1", "0-1"),
    "per_mille": Words("‰", "per 1,000"),
    "days": Words("天", "days"),
}


def unit_words(unit: str, language: Language, currency: str) -> str:
    """Behind a head; amounts are in the company's currency, for which only our own has a word."""
    if unit == "fen":
        return {"zh": "元", "en": "yuan"}[language] if currency == "CNY" else currency
    return getattr(UNITS[unit], language) if unit in UNITS else ""


@dataclass(frozen=True)
class Column:
    """A figure of the registry (`metric`), or a name in words. `note` tells apart two columns of one metric."""

    metric: str | None = None
    words: Words | None = None
    note: str = ""

    def head(self, language: Language, currency: str) -> str:
        if self.metric is None:
            return getattr(self.words, language) if self.words else self.note
        found = metrics()[self.metric]
        unit = unit_words(found.unit, language, currency)
        # Excel and people alike read the unit in the head better than in every cell.
        return f"{getattr(found.title, language)}{f' {self.note}' if self.note else ''}{f' ({unit})' if unit else ''}"

    def cell(self, value: Any) -> Any:
        return value / 100 if self.metric and metrics()[self.metric].unit == "fen" and value is not None else value


@dataclass(frozen=True)
class Table:
    """`window`: one sentence on what was asked: a figure does not leave the house without its window."""

    name: Words
    window: Words
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]

    def heads(self, language: Language, currency: str) -> list[str]:
        return [column.head(language, currency) for column in self.columns]

    def lines(self, language: Language) -> Iterator[Sequence[Any]]:
        for row in self.rows:
            yield [column.cell(value) for column, value in zip(self.columns, row, strict=True)]
        yield []
        yield [getattr(self.window, language)]
        for name in dict.fromkeys(column.metric for column in self.columns if column.metric):
            found = metrics()[name]
            yield [getattr(found.title, language), getattr(found.definition, language)]


def words(zh: str, en: str) -> Column:
    return Column(words=Words(zh, en))
