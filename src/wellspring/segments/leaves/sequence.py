"""Sequences: one thing happened and then another within some time, or did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Field, model_validator

from wellspring.platform.errors import Language
from wellspring.segments.leaves.base import Facts, Leaf, NameKind, Names
from wellspring.segments.leaves.happenings import (
    EventKind,
    PropertyFilter,
    event_conditions,
    fitting_events,
    kinds_words,
)
from wellspring.segments.leaves.measures import having
from wellspring.segments.leaves.tag import Ids
from wellspring.segments.parts import Part, People
from wellspring.segments.sql import Query
from wellspring.segments.windows import STRICT, AnyWindow, Ever, Moment, Window, bounds, covers, problem, window_words

UNITS: Mapping[str, tuple[timedelta, str, str]] = {
    "minutes": (timedelta(minutes=1), "分钟", "minutes"),
    "hours": (timedelta(hours=1), "小时", "hours"),
    "days": (timedelta(days=1), "天", "days"),
}


class Step(BaseModel):
    """`order`: an order was placed (in one of `store_ids`, empty: anywhere). `event`: an event of one of the kinds."""

    model_config = STRICT
    what: Literal["order", "event"]
    kinds: Annotated[list[EventKind], Field(default_factory=list, max_length=50)]
    filters: Annotated[list[PropertyFilter], Field(default_factory=list, max_length=10)]
    store_ids: Ids = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits_together(self) -> Step:
        if self.what == "event" and not self.kinds:
            raise problem("kinds", "至少选一种动态。", "Choose at least one kind of event.")
        if self.what == "event" and self.store_ids:
            raise problem("stores", "门店只能用在订单上。", "Stores go with orders only.")
        if self.what == "order" and (self.kinds or self.filters):
            raise problem("kinds", "订单没有动态类型和属性。", "An order has no kinds of events and no properties.")
        return self

    @property
    def instant(self) -> str:
        return "occurred_at" if self.what == "event" else "placed_at"

    def sql(self, query: Query, *when: str) -> str:
        """Rows of (customer_id, at), at in epoch milliseconds. `when`: conditions over the instant."""
        if self.what == "event":
            rows = query.rows("events", *event_conditions(query, self.kinds, self.filters, when))
        else:
            stores = [f"store_id in {query.integers(self.store_ids)}"] if self.store_ids else []
            rows = query.rows("orders", *when, *stores)
        return f"select customer_id, toUnixTimestamp64Milli({self.instant}) as at {rows}"

    def instants(self, facts: Facts, window: AnyWindow, moment: Moment) -> list[datetime]:
        if self.what == "event":
            return [row["occurred_at"] for row in fitting_events(facts, self.kinds, self.filters, window, moment)]
        return sorted(
            row["placed_at"]
            for row in facts.rows("orders")
            if row["placed_at"] <= moment.now
            and covers(window, row["placed_at"], moment)
            and (not self.store_ids or row["store_id"] in self.store_ids)
        )

    def words(self, names: Names, language: Language) -> str:
        zh = language == "zh"
        if self.what == "event":
            asked = ("，" if zh else ", ").join(one.words(language) for one in self.filters)
            return kinds_words(list(self.kinds), language) + (
                (f"（{asked}）" if zh else f" ({asked})") if asked else ""
            )
        where = names.of("store", self.store_ids, language) if self.store_ids else ""
        return (f"在{where}下单" if where else "下单") if zh else "an order" + (f" at {where}" if where else "")


class SequenceLeaf(Leaf):
    """There is a `first` in the window with a `then` after it, at most `within` `unit` later. With `happened` false: there
    is a `first` whose time has run out without a `then`. Two things of the same instant are in no order."""

    tables: ClassVar[tuple[str, ...]] = ("events", "orders")
    kind: Literal["sequence"]
    first: Step
    then: Step
    happened: bool
    within: Annotated[int, Field(ge=1, le=10_000)]
    unit: Literal["minutes", "hours", "days"]
    window: Window = Ever()

    @property
    def runs_out(self) -> bool:
        return not self.happened

    @property
    def span(self) -> timedelta:
        return UNITS[self.unit][0] * self.within

    def part(self, query: Query) -> Part:
        low, high = bounds(self.window, query.moment)
        firsts = self.first.sql(query, *query.happened(self.first.instant, self.window))
        # What comes before the window, or too long after it, follows nothing in it.
        asked = query.happened(self.then.instant, Ever())
        asked += [f"{self.then.instant} >= {query.instant(low)}"] if low else []
        asked += [f"{self.then.instant} < {query.instant(high + self.span)}"] if high else []
        thens = self.then.sql(query, *asked)
        return self._followed(query, firsts, thens) if self.happened else self._unfollowed(query, firsts, thens)

    def _followed(self, query: Query, firsts: str, thens: str) -> Part:
        """Of every second step only the nearest first one before it has to be looked at."""
        return People(
            f"from (select b.customer_id as customer_id from ({thens}) as b asof join ({firsts}) as a"  # noqa: S608
            " on a.customer_id = b.customer_id and a.at < b.at"
            f" where b.at <= a.at + {self._milliseconds(query)})"
        )

    def _unfollowed(self, query: Query, firsts: str, thens: str) -> Part:
        span = self._milliseconds(query)
        over = query.integer(round(query.moment.now.timestamp() * 1000))
        rows = (
            f"from (select customer_id, at, 1 as step from ({firsts}) where at <= {over} - {span}"  # noqa: S608
            f" union all select customer_id, at, 2 as step from ({thens}))"
        )
        found, answers = "groupArrayIf(at, step = 1)", "groupArrayIf(at, step = 2)"
        return having(rows, f"arrayExists(x -> not arrayExists(y -> y > x and y <= x + {span}, {answers}), {found})")

    def _milliseconds(self, query: Query) -> str:
        return query.integer(round(self.span.total_seconds() * 1000))

    def _found(self, facts: Facts, moment: Moment) -> datetime | None:
        """The first step by which it holds."""
        thens = self.then.instants(facts, Ever(), moment)
        for at in self.first.instants(facts, self.window, moment):
            followed = any(at < other <= at + self.span for other in thens)
            if followed if self.happened else (at + self.span <= moment.now and not followed):
                return at
        return None

    def holds(self, facts: Facts, moment: Moment) -> bool:
        return self._found(facts, moment) is not None

    def clause(self, names: Names, language: Language) -> str:
        zh, when = language == "zh", window_words(self.window, language).strip()
        first, then = self.first.words(names, language), self.then.words(names, language)
        _, unit_zh, unit_en = UNITS[self.unit]
        if zh:
            did = "又" if self.happened else "没有"
            return f"{when}{first}之后 {self.within} {unit_zh}内{did}{then}"
        unit = unit_en[:-1] if self.within == 1 else unit_en
        did = "followed" if self.happened else "not followed"
        return f"had {first}{f' {when}' if when else ''} {did} by {then} within {self.within} {unit}"

    def evidence(self, facts: Facts, moment: Moment, names: Names, language: Language) -> str:
        zh, at = language == "zh", self._found(facts, moment)
        if at is not None:
            day = moment.day_of(at)
            return f"{day} 的那一次符合" if zh else f"the one of {day} fits"
        firsts = self.first.instants(facts, self.window, moment)
        if not firsts:
            return "前一件事没有发生" if zh else "the first thing did not happen"
        return f"发生了 {len(firsts)} 次，都不符合" if zh else f"happened {len(firsts)} times, none fits"

    def references(self) -> Mapping[NameKind, Sequence[int]]:
        return {"store": [*self.first.store_ids, *self.then.store_ids]}
