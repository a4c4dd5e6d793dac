"""The segments' condition about touches: what reached somebody, what they left unanswered, what they were spared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.insight import facade as insight
from wellspring.outreach.models import Broadcast
from wellspring.platform.errors import Language
from wellspring.segments import facade as segments

AT = "ifNull(settled_at, assigned_at)"
WORDS: Mapping[str, tuple[str, str]] = {
    "delivered": ("收到触达", "received touches"),
    "ignored": ("收到后没有回应的触达", "left touches unanswered"),
    "refused": ("没送达的触达", "had touches that could not be delivered"),
    "withheld": ("没有发给本人的触达", "was spared touches"),
}


class TouchLeaf(segments.Leaf):
    """How many touches of this `outcome` somebody had. delivered, refused (WeCom or the member did not deliver it), withheld
    (kept back: control group, care policy); ignored: delivered, and neither an order nor another act of the customer's own
    followed within `answer_days`, which have passed. `broadcast_ids` empty: of any broadcast. A touch counts at the moment
    when it was settled, before that at its assignment."""

    tables: ClassVar[tuple[str, ...]] = ("touches", "orders", "events")
    kind: Literal["touch"]
    outcome: Literal["delivered", "ignored", "refused", "withheld"]
    broadcast_ids: segments.Ids = Field(default_factory=list)
    answer_days: Annotated[int, Field(ge=1, le=90)] = 7
    window: segments.Window = segments.Ever()
    comparison: segments.Comparison

    @model_validator(mode="after")
    def _in_range(self) -> TouchLeaf:
        if min(value for value in segments.limits(self.comparison) if value is not None) < 0:
            raise segments.problem("negative", "这里不能是负数。", "This cannot be negative.")
        return self

    @property
    def runs_out(self) -> bool:
        return self.outcome == "ignored"

    @property
    def _span(self) -> timedelta:
        return timedelta(days=self.answer_days)

    @property
    def _status(self) -> str:
        return "delivered" if self.outcome == "ignored" else self.outcome

    def part(self, query: segments.Query) -> segments.Part:
        conditions = [f"status = {query.text(self._status)}", *query.happened(AT, self.window)]
        if self.broadcast_ids:
            conditions.append(f"broadcast_id in {query.integers(self.broadcast_ids)}")
        if self.outcome != "ignored":
            return segments.counted(query, query.rows("touches", *conditions), self.comparison)
        return self._ignored(query, conditions)

    def _ignored(self, query: segments.Query, conditions: Sequence[str]) -> segments.Part:
        span = query.integer(round(self._span.total_seconds() * 1000))
        over = query.integer(round(query.moment.now.timestamp() * 1000))
        touched = query.rows("touches", *conditions, f"toUnixTimestamp64Milli({AT}) <= {over} - {span}")
        ordered = query.rows("orders", *query.happened("placed_at", segments.Ever()))
        acts = query.rows(
            "events",
            f"kind in {query.texts(sorted(insight.own_acts()))}",
            *query.happened("occurred_at", segments.Ever()),
        )
        rows = (
            f"from (select customer_id, toUnixTimestamp64Milli({AT}) as at, 1 as step {touched}"
            f" union all select customer_id, toUnixTimestamp64Milli(placed_at), 2 {ordered}"
            f" union all select customer_id, toUnixTimestamp64Milli(occurred_at), 2 {acts})"
        )
        found, answers = "groupArrayIf(at, step = 1)", "groupArrayIf(at, step = 2)"
        ignored = f"toInt64(arrayCount(x -> not arrayExists(y -> y > x and y <= x + {span}, {answers}), {found}))"
        return segments.summed(query, rows, self.comparison, ignored)

    # One person

    def _touches(self, facts: segments.Facts, moment: segments.Moment) -> list[datetime]:
        chosen = [
            row["settled_at"] or row["assigned_at"]
            for row in facts.rows("touches")
            if row["status"] == self._status and (not self.broadcast_ids or row["broadcast_id"] in self.broadcast_ids)
        ]
        chosen = [at for at in chosen if at <= moment.now and segments.covers(self.window, at, moment)]
        if self.outcome != "ignored":
            return sorted(chosen)
        acts = [row["placed_at"] for row in facts.rows("orders")]
        acts += [row["occurred_at"] for row in facts.rows("events") if row["kind"] in insight.own_acts()]
        return sorted(
            at
            for at in chosen
            if at + self._span <= moment.now
            and not any(at < act <= at + self._span and act <= moment.now for act in acts)
        )

    def holds(self, facts: segments.Facts, moment: segments.Moment) -> bool:
        return segments.fits(self.comparison, len(self._touches(facts, moment)))

    # Words

    def clause(self, names: segments.Names, language: Language) -> str:
        zh = language == "zh"
        when = segments.window_words(self.window, language).strip()
        words = segments.comparison_words(self.comparison, _times(language), language)
        of = names.of("broadcast", self.broadcast_ids, language) if self.broadcast_ids else ""
        days = self.answer_days
        if zh:
            head = WORDS[self.outcome][0].replace("回应", f"在 {days} 天内回应")
            return f"{when}{head}{f'（{of}）' if of else ''} {words}"
        head = WORDS[self.outcome][1] + (f" for {days} {'day' if days == 1 else 'days'}" if self.runs_out else "")
        return f"{head}{f' of {of}' if of else ''}{f' {when}' if when else ''}: {words}"

    def evidence(
        self, facts: segments.Facts, moment: segments.Moment, names: segments.Names, language: Language
    ) -> str:
        zh, found = language == "zh", self._touches(facts, moment)
        if not found:
            return "一次也没有" if zh else "none"
        times, newest = _times(language)(len(found)), moment.day_of(found[-1])
        return f"{times}，最近 {newest}" if zh else f"{times}, newest {newest}"

    def references(self) -> Mapping[segments.NameKind, Sequence[int]]:
        return {"broadcast": self.broadcast_ids}


def _times(language: Language) -> Callable[[int], str]:
    return lambda value: f"{value:,} 次" if language == "zh" else f"{value:,} {'time' if value == 1 else 'times'}"


def broadcast_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    return dict(session.execute(select(Broadcast.id, Broadcast.name).where(Broadcast.id.in_(set(ids)))).all())


def register_touch_leaf() -> None:
    segments.register_fact_table("touches")
    segments.register_names("broadcast", broadcast_names)
    segments.register_leaf(TouchLeaf, zh="触达", en="Touches")
