"""What is known of the person: all that is asked must hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from wellspring.platform.errors import Language
from wellspring.segments.leaves.base import Facts, Leaf, Names
from wellspring.segments.parts import Fits, Part
from wellspring.segments.sql import Query
from wellspring.segments.windows import Ever, Moment, Window, covers, problem, window_words

GENDERS: dict[int, tuple[str, str]] = {0: ("未知", "of unknown gender"), 1: ("男", "male"), 2: ("女", "female")}


class ProfileLeaf(Leaf):
    """`genders`: WeCom's codes 0 unknown, 1 male, 2 female; empty asks nothing. `first_added`: when the first
    relationship began; somebody who was never added is in no window, not even in `ever`."""

    kind: Literal["profile"]
    genders: Annotated[list[Literal[0, 1, 2]], Field(default_factory=list, max_length=3)]
    has_mobile: bool | None = None
    first_added: Window | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> ProfileLeaf:
        if not self.genders and self.has_mobile is None and self.first_added is None:
            raise problem("empty", "至少选一项资料条件。", "Choose at least one thing to ask.")
        return self

    def part(self, query: Query) -> Part:
        conditions = [f"gender in {query.integers(self.genders)}"] if self.genders else []
        if self.has_mobile is not None:
            conditions.append(f"has_mobile = {query.integer(int(self.has_mobile))}")
        if self.first_added is not None:
            conditions += ["was_added = 1", *query.inside("first_added_at", self.first_added)]
        return Fits(" and ".join(conditions))

    def holds(self, facts: Facts, moment: Moment) -> bool:
        person = facts.customer
        first = person["first_added_at"]
        return (
            (not self.genders or person["gender"] in self.genders)
            and (self.has_mobile is None or bool(person["has_mobile"]) == self.has_mobile)
            and (self.first_added is None or (first is not None and covers(self.first_added, first, moment)))
        )

    def clause(self, names: Names, language: Language) -> str:
        zh = language == "zh"
        parts = []
        if self.genders:
            words = ("或" if zh else " or ").join(GENDERS[g][0 if zh else 1] for g in self.genders)
            parts.append(f"性别是{words}" if zh else f"is {words}")
        if self.has_mobile is not None:
            yes = self.has_mobile
            parts.append(
                ("有手机号" if yes else "没有手机号") if zh else f"{'has a' if yes else 'has no'} mobile number"
            )
        if self.first_added is not None:
            when = window_words(self.first_added, language).strip()
            if isinstance(self.first_added, Ever):
                parts.append("加过好友" if zh else "was added at some time")
            else:
                parts.append(f"{when}第一次添加" if zh else f"was first added {when}")
        return ("、" if zh else " and ").join(parts)

    def evidence(self, facts: Facts, moment: Moment, names: Names, language: Language) -> str:
        zh, person = language == "zh", facts.customer
        parts = []
        if self.genders:
            word = GENDERS.get(person["gender"], GENDERS[0])[0 if zh else 1]
            parts.append(f"性别{word}" if zh else f"is {word}")
        if self.has_mobile is not None:
            has = bool(person["has_mobile"])
            parts.append(
                ("有手机号" if has else "没有手机号") if zh else f"{'has a' if has else 'has no'} mobile number"
            )
        if self.first_added is not None:
            first = person["first_added_at"]
            if first is None:
                parts.append("从没加过好友" if zh else "never added")
            else:
                day = moment.day_of(first)
                parts.append(f"{day} 第一次添加" if zh else f"first added {day}")
        return ("，" if zh else ", ").join(parts)
