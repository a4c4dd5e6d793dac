"""Events: a measure over those of some kinds, in a window, with conditions on their properties."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from wellspring.platform.errors import Language
from wellspring.segments.comparisons import Comparison, comparison_words, fits, limits
from wellspring.segments.leaves.base import Facts, Leaf, Names
from wellspring.segments.leaves.happenings import (
    THOUSAND,
    EventKind,
    Path,
    PropertyFilter,
    at_path,
    data_of,
    event_conditions,
    fitting_events,
    is_number,
    kinds_words,
    number_of,
    number_sql,
    path_sql,
)
from wellspring.segments.leaves.measures import counted, having, limited, summed
from wellspring.segments.parts import All, Not, Part, People
from wellspring.segments.sql import Query
from wellspring.segments.windows import MAX_DAYS, Ever, Moment, Window, problem, window_words

Measure = Literal["count", "distinct", "sum", "average", "min", "max", "last", "days_since_last", "days_since_first"]
OF_NUMBERS: frozenset[Measure] = frozenset({"sum", "average", "min", "max", "last"})
DAYS: frozenset[Measure] = frozenset({"days_since_last", "days_since_first"})


class EventsLeaf(Leaf):
    """`property`: what is measured, for every measure but count and days. distinct counts different texts; sum and count
    of nothing are 0, the others of nothing have no value. `last`: the number of the newest event that has one."""

    tables: ClassVar[tuple[str, ...]] = ("events",)
    kind: Literal["events"]
    kinds: Annotated[list[EventKind], Field(min_length=1, max_length=50)]
    filters: Annotated[list[PropertyFilter], Field(default_factory=list, max_length=10)]
    measure: Measure
    property: Path | None = None
    window: Window = Ever()
    comparison: Comparison

    @model_validator(mode="after")
    def _fits_together(self) -> EventsLeaf:
        if (self.property is None) == (self.measure in OF_NUMBERS or self.measure == "distinct"):
            raise problem(
                "property",
                "这种统计要选一个属性；次数和天数不用。",
                "Choose a property for this measure; counts and days take none.",
            )
        values = [value for value in limits(self.comparison) if value is not None]
        if self.measure not in OF_NUMBERS and min(values) < 0:
            raise problem("negative", "这里不能是负数。", "This cannot be negative.")
        if self.measure in DAYS and max(values) > MAX_DAYS:
            raise problem("days", f"最多 {MAX_DAYS} 天。", f"At most {MAX_DAYS} days.")
        return self

    # The warehouse

    def part(self, query: Query) -> Part:
        asked = event_conditions(query, self.kinds, self.filters, query.happened("occurred_at", self.window))
        if self.measure == "count":
            return counted(query, query.rows("events", *asked), self.comparison)
        if self.measure in DAYS:
            return self._days(query, asked)
        assert self.property is not None
        where = path_sql(query, self.property)
        if self.measure == "distinct":
            rows = query.rows("events", *asked, f"JSONType({where}) = 'String'")
            return summed(query, rows, self.comparison, f"toInt64(uniqExact(JSONExtractString({where})))")
        rows, value = query.rows("events", *asked, is_number(where)), number_sql(where)
        times = f" * {THOUSAND}"
        match self.measure:
            case "sum":
                return summed(query, rows, self.comparison, f"sum({value})", times)
            case "average":
                return having(rows, limited(query, self.comparison, f"sum({value})", f"{times} * toInt64(count())"))
            case "last":
                newest = f"argMax({value}, (occurred_at, id))"
                return having(rows, limited(query, self.comparison, newest, times))
            case _:
                return having(rows, limited(query, self.comparison, f"{self.measure}({value})", times))

    def _days(self, query: Query, asked: list[str]) -> Part:
        """The last (first) one lies in [since, until): there is one inside, and none behind (before) it."""
        low, high = limits(self.comparison)
        moment = query.moment
        since = None if high is None else query.instant(moment.start_of(moment.days_ago(high)))
        until = None if low is None else query.instant(moment.start_of(moment.days_ago(low - 1)))
        if self.measure == "days_since_last":
            edge, beyond = since and f"occurred_at >= {since}", until and f"occurred_at >= {until}"
        else:
            edge, beyond = until and f"occurred_at < {until}", since and f"occurred_at < {since}"
        some = People(query.rows("events", *asked, *([edge] if edge else [])))
        return All((some, Not(People(query.rows("events", *asked, beyond))))) if beyond else some

    # One person

    def value(self, facts: Facts, moment: Moment) -> int | Fraction | None:
        """The measure of this person; numbers in thousandths; None where it has no value."""
        events = fitting_events(facts, self.kinds, self.filters, self.window, moment)
        if self.measure == "count":
            return len(events)
        if self.measure in DAYS:
            if not events:
                return None
            at = events[-1 if self.measure == "days_since_last" else 0]["occurred_at"]
            return (moment.today - moment.day_of(at)).days
        assert self.property is not None
        found = [at_path(data_of(row), self.property) for row in events]
        if self.measure == "distinct":
            return len({one for one in found if isinstance(one, str)})
        numbers = [number for one in found if (number := number_of(one)) is not None]
        if not numbers:
            return 0 if self.measure == "sum" else None
        match self.measure:
            case "sum":
                return sum(numbers)
            case "average":
                return Fraction(sum(numbers), len(numbers))
            case "min":
                return min(numbers)
            case "max":
                return max(numbers)
            case _:
                return numbers[-1]

    def holds(self, facts: Facts, moment: Moment) -> bool:
        value = self.value(facts, moment)
        if value is None:
            return False
        return fits(self.comparison, Fraction(value, THOUSAND) if self.measure in OF_NUMBERS else value)  # type: ignore[arg-type]

    # Words

    def _heads(self, language: Language) -> tuple[str, str]:
        """What is measured, and its unit."""
        zh, name = language == "zh", ".".join(self.property or [])
        heads: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
            "count": (("发生", "happened"), (" 次", " times")),
            "distinct": ((f"不同的 {name} 有", f"different {name}:"), (" 种", "")),
            "sum": ((f"{name} 合计", f"total {name}"), ("", "")),
            "average": ((f"{name} 平均", f"average {name}"), ("", "")),
            "min": ((f"{name} 最小", f"smallest {name}"), ("", "")),
            "max": ((f"{name} 最大", f"largest {name}"), ("", "")),
            "last": ((f"最近的 {name}", f"latest {name}"), ("", "")),
            "days_since_last": (("最近一次距今", "last happened"), (" 天", " days ago")),
            "days_since_first": (("第一次距今", "first happened"), (" 天", " days ago")),
        }
        head, unit = heads[self.measure]
        return head[0 if zh else 1], unit[0 if zh else 1]

    def clause(self, names: Names, language: Language) -> str:
        zh, when = language == "zh", window_words(self.window, language).strip()
        head, unit = self._heads(language)
        what = kinds_words(list(self.kinds), language)
        asked = ("，" if zh else ", ").join(one.words(language) for one in self.filters)
        details = (f"（{asked}）" if zh else f" ({asked})") if asked else ""
        words = comparison_words(self.comparison, lambda v: f"{v:,}{unit}", language)
        if zh:
            return f"{when}{what}{details}{head} {words}"
        return f"{what}{details} {head} {words}" + (f" {when}" if when else "")

    def evidence(self, facts: Facts, moment: Moment, names: Names, language: Language) -> str:
        zh, value = language == "zh", self.value(facts, moment)
        events: list[Mapping[str, Any]] = fitting_events(facts, self.kinds, self.filters, self.window, moment)
        if value is None or not events:
            return "没有这样的动态" if zh else "no such event"
        head, unit = self._heads(language)
        shown = float(Fraction(value, THOUSAND)) if self.measure in OF_NUMBERS else int(value)
        newest = moment.day_of(events[-1]["occurred_at"])
        return f"{head} {shown:,}{unit}，最近 {newest}" if zh else f"{head} {shown:,}{unit}, newest {newest}"
