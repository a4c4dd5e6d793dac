"""What the builder offers to choose from: registered features, kinds of events, and what events carry.

Properties are learned from a sample: a few slices of the customers' ids, each read along the warehouse's own order and
cut off, so that it takes no longer with more events. What is rare may be missing; a path can still be typed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from wellspring.people import facade as people
from wellspring.platform.auth.actor import Scope
from wellspring.platform.errors import Language
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import readable
from wellspring.segments.asking import moment_of
from wellspring.segments.leaves.feature import feature_fields
from wellspring.segments.leaves.happenings import EVENT_WORDS, number_of
from wellspring.segments.schemas import SegmentEventKind, SegmentEventProperties, SegmentEventProperty, SegmentFeature
from wellspring.segments.sql import Query

RECENT_DAYS = 90
SLICES, ROWS_IN_SLICE = 8, 500
MAX_DEPTH, MAX_PATHS, MAX_VALUES = 4, 200, 20
LEAST_PEOPLE = 3
"""A text that fewer people have is not offered: it may tell of one of them."""


def features(language: Language) -> list[SegmentFeature]:
    at = 0 if language == "zh" else 1
    return [
        SegmentFeature(
            column=one.column,
            kind=one.kind,
            name=(one.zh, one.en)[at],
            choices={code: words[at] for code, words in one.choices.items()},
        )
        for one in feature_fields().values()
    ]


def event_kinds(session: Session, platform: Platform, scope: Scope, language: Language) -> list[SegmentEventKind]:
    """Kinds that have happened to somebody in scope, the most frequent of the last 90 days first."""
    query = _query(session, platform)
    since = query.instant(query.moment.start_of(query.moment.days_ago(RECENT_DAYS)))
    conditions = [f"occurred_at <= {query.instant(query.moment.now)}", *_in_scope(session, query, scope)]
    rows = platform.warehouse.query(
        f"select kind, countIf(occurred_at >= {since}) as recent {query.rows('events', *conditions)}"
        " group by kind order by recent desc, kind limit 500",
        query.parameters,
    )
    return [
        SegmentEventKind(kind=row["kind"], name=_name(row["kind"], language), recent=int(row["recent"])) for row in rows
    ]


def _name(kind: str, language: Language) -> str:
    return EVENT_WORDS.get(kind, (kind, kind))[0 if language == "zh" else 1]


def event_properties(
    session: Session, platform: Platform, scope: Scope, kinds: Sequence[str]
) -> SegmentEventProperties:
    """What events of these kinds carry, by path, the most frequent first."""
    seen: dict[tuple[str, ...], _Seen] = {}
    sampled = 0
    for row in _sample(session, platform, scope, kinds):
        sampled += 1
        try:
            data = json.loads(row["data"])
        except ValueError:
            continue
        for path, value in _leaves(data, ()):
            if path in seen or len(seen) < MAX_PATHS:
                seen.setdefault(path, _Seen()).note(int(row["customer_id"]), value)
    ordered = sorted(seen.items(), key=lambda item: (-item[1].times, item[0]))
    return SegmentEventProperties(sampled=sampled, properties=[one.view(path) for path, one in ordered])


@dataclass
class _Seen:
    texts: int = 0
    numbers: int = 0
    people: dict[str, set[int]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def times(self) -> int:
        return self.texts + self.numbers

    def note(self, customer: int, value: str | float) -> None:
        if not isinstance(value, str):
            self.numbers += 1
            return
        self.texts += 1
        if 0 < len(value) <= 200 and value.isprintable():
            self.counts[value] += 1
            self.people.setdefault(value, set()).add(customer)

    def view(self, path: tuple[str, ...]) -> SegmentEventProperty:
        common = [value for value, _ in self.counts.most_common() if len(self.people[value]) >= LEAST_PEOPLE]
        kind = "number" if self.numbers > self.texts else "text"
        return SegmentEventProperty(path=list(path), kind=kind, seen=self.times, values=common[:MAX_VALUES])


def _leaves(data: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str | float]]:
    """The texts and numbers that a condition could ask about, with their paths."""
    if isinstance(data, Mapping):
        for step, value in data.items():
            if len(path) < MAX_DEPTH and 0 < len(step) <= 60 and step.isprintable():
                yield from _leaves(value, (*path, step))
    elif path and (isinstance(data, str) or number_of(data) is not None):
        yield path, data  # type: ignore[misc]


def _sample(session: Session, platform: Platform, scope: Scope, kinds: Sequence[str]) -> list[dict[str, Any]]:
    bounds = platform.warehouse.query(
        f"select min(id) as low, max(id) as high from {readable(platform.warehouse, 'customers')}"  # noqa: S608
    )
    low, high = int(bounds[0]["low"]), int(bounds[0]["high"])
    query = _query(session, platform)
    width = (high - low) // SLICES + 1
    now: datetime = query.moment.now
    shared = [
        f"kind in {query.texts(kinds)}",
        f"occurred_at >= {query.instant(query.moment.start_of(query.moment.days_ago(RECENT_DAYS)))}",
        f"occurred_at <= {query.instant(now)}",
        *_in_scope(session, query, scope),
    ]
    slices = [
        f"select customer_id, data {query.rows('events', *shared, *_between(query, low + n * width, width))}"
        f" limit {ROWS_IN_SLICE}"
        for n in range(SLICES)
    ]
    return platform.warehouse.query(
        " union all ".join(f"select customer_id, data from ({one})" for one in slices),  # noqa: S608
        query.parameters,
    )


def _between(query: Query, start: int, width: int) -> list[str]:
    return [f"customer_id >= {query.integer(start)}", f"customer_id < {query.integer(start + width)}"]


def _query(session: Session, platform: Platform) -> Query:
    return Query(moment_of(session, platform), {}, readable=partial(readable, platform.warehouse))


def _in_scope(session: Session, query: Query, scope: Scope) -> list[str]:
    inside = people.staff_in_scope(scope)
    if inside is None:
        return []
    staff = query.integers(list(session.scalars(inside)))
    return [f"customer_id in (select customer_id {query.rows('relationships', f'staff_id in {staff}')})"]
