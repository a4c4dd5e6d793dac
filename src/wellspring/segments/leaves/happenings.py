"""What happened to somebody, as conditions name it: events of some kinds with properties, or orders.

A property of an event is found by its path in the event's data. A text property is a JSON string; a number property is a
JSON number below 10^12, kept to thousandths, so that sums are exact whoever computes them. Anything else has no value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, model_validator

from wellspring.platform.errors import Language
from wellspring.segments.comparisons import Comparison, comparison_words, limits
from wellspring.segments.leaves.base import Facts
from wellspring.segments.sql import Query
from wellspring.segments.windows import STRICT, AnyWindow, Moment, covers, printable, problem

THOUSAND = 1000
TOO_LARGE = 10**12
Text = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(printable)]
EventKind = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(printable)]
Path = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=60), AfterValidator(printable)]],
    Field(min_length=1, max_length=4),
]

EVENT_WORDS: dict[str, tuple[str, str]] = {
    "friend_added": ("添加好友", "friend added"),
    "friend_lost": ("删除好友", "friend lost"),
    "friend_removed": ("被员工删除", "removed by staff"),
    "tag_added": ("打上标签", "tag put on"),
    "tag_removed": ("去掉标签", "tag taken off"),
    "remark_changed": ("备注改动", "remark changed"),
    "order_placed": ("下单", "order placed"),
    "order_refunded": ("退款", "order refunded"),
    "message_delivered": ("收到群发", "message delivered"),
    "message_refused": ("群发未送达", "message refused"),
    "welcome_sent": ("收到欢迎语", "welcome sent"),
    "welcome_failed": ("欢迎语未送达", "welcome failed"),
    "group_joined": ("进群", "joined a group"),
    "group_left": ("退群", "left a group"),
    "chat_started": ("开口聊天", "chat started"),
    "archive_agreed": ("同意会话存档", "agreed to archiving"),
    "transfer_failed": ("转接失败", "transfer failed"),
    "identity_linked": ("多了一个身份", "identity linked"),
    "lifecycle_changed": ("生命周期变化", "lifecycle changed"),
    "merged": ("客户合并", "customers merged"),
    "merge_undone": ("撤销合并", "merge undone"),
}
"""Kinds of events that the product itself records; others are shown by their code."""


def register_event_words(kind: str, *, zh: str, en: str) -> None:
    EVENT_WORDS[kind] = (zh, en)


def kinds_words(kinds: list[str], language: Language) -> str:
    zh = language == "zh"
    words = [EVENT_WORDS.get(kind, (kind, kind))[0 if zh else 1] for kind in kinds]
    return ("或" if zh else " or ").join(f"「{word}」" if zh else f"“{word}”" for word in words)


class PropertyFilter(BaseModel):
    """Exactly one of: `texts` (the property is one of them), `comparison` (it is a number that fits), or neither with
    `exists`: it is there and is a text or a number."""

    model_config = STRICT
    path: Path
    texts: Annotated[list[Text], Field(default_factory=list, max_length=50)]
    comparison: Comparison | None = None
    exists: Literal[True] | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> PropertyFilter:
        if sum((bool(self.texts), self.comparison is not None, self.exists is not None)) != 1:
            raise problem("filter", "属性条件要选一种比较。", "A property condition compares in exactly one way.")
        return self

    def sql(self, query: Query) -> str:
        where = path_sql(query, self.path)
        if self.texts:
            return f"(JSONExtractString({where}) in {query.texts(self.texts)} and JSONType({where}) = 'String')"
        if self.comparison is None:
            return f"(JSONType({where}) = 'String' or {is_number(where)})"
        low, high = limits(self.comparison)
        value, roughly = number_sql(where), f"JSONExtractFloat({where})"
        # Every function reads the text again, so one of them drops most events before the others ask exactly.
        rough, exact = [], [is_number(where)]
        if low is not None:
            rough.append(f"{roughly} >= {query.integer(low)} - 0.001")
            exact.append(f"{value} >= {query.integer(low * THOUSAND)}")
        if high is not None:
            rough.append(f"{roughly} <= {query.integer(high)} + 0.001")
            exact.append(f"{value} <= {query.integer(high * THOUSAND)}")
        return f"if({' and '.join(rough)}, {' and '.join(exact)}, 0)"

    def holds(self, data: object) -> bool:
        value = at_path(data, self.path)
        if self.texts:
            return isinstance(value, str) and value in self.texts
        number = number_of(value)
        if self.comparison is None:
            return isinstance(value, str) or number is not None
        low, high = limits(self.comparison)
        if number is None:
            return False
        return (low is None or number >= low * THOUSAND) and (high is None or number <= high * THOUSAND)

    def words(self, language: Language) -> str:
        zh, name = language == "zh", ".".join(self.path)
        if self.texts:
            listed = ("、" if zh else ", ").join(self.texts)
            return f"{name} 是 {listed}" if zh else f"{name} is {listed}"
        if self.comparison is None:
            return f"有 {name}" if zh else f"has {name}"
        return f"{name} {comparison_words(self.comparison, str, language)}"


def path_sql(query: Query, path: list[str]) -> str:
    """Arguments of the JSON functions: the column and the bound steps of the path."""
    return ", ".join(["data", *(query.text(step) for step in path)])


def is_number(where: str) -> str:
    number = f"JSONExtractFloat({where})"
    return f"(JSONType({where}) in ('Int64', 'UInt64', 'Double') and abs({number}) < {TOO_LARGE})"


def number_sql(where: str) -> str:
    """Thousandths, for rows where `is_number` holds."""
    return f"toInt64(if({is_number(where)}, round(JSONExtractFloat({where}) * {THOUSAND}), 0))"


def data_of(row: Mapping[str, Any]) -> object:
    """The event's data; the warehouse and its feed keep them as text."""
    data = row["data"]
    return json.loads(data) if isinstance(data, str) else data


def at_path(data: object, path: list[str]) -> object:
    for step in path:
        if not isinstance(data, Mapping) or step not in data:
            return None
        data = data[step]
    return data


def number_of(value: object) -> int | None:
    """Thousandths, rounded half to even as the engine does; None: no number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(float(value)) < TOO_LARGE:
        return None
    return round(float(value) * THOUSAND)


def event_conditions(query: Query, kinds: list[str], filters: list[PropertyFilter], when: Sequence[str]) -> list[str]:
    """`when`: conditions over the instant; what reads JSON comes last."""
    return [f"kind in {query.texts(kinds)}", *when, *(one.sql(query) for one in filters)]


def fitting_events(
    facts: Facts, kinds: list[str], filters: list[PropertyFilter], window: AnyWindow, moment: Moment
) -> list[Mapping[str, Any]]:
    """The same for one person, oldest first; of one instant the lower id first."""
    found = [
        row
        for row in facts.rows("events")
        if row["kind"] in kinds
        and row["occurred_at"] <= moment.now
        and covers(window, row["occurred_at"], moment)
        and (not filters or all(one.holds(data_of(row)) for one in filters))
    ]
    return sorted(found, key=lambda row: (row["occurred_at"], row["id"]))
