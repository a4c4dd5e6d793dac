"""Customer groups: who is in them now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from wellspring.platform.errors import Language
from wellspring.segments.leaves.base import Facts, Leaf, NameKind, Names
from wellspring.segments.leaves.tag import Id
from wellspring.segments.parts import All, Not, Part, People
from wellspring.segments.sql import Query
from wellspring.segments.windows import Ever, Moment, Window, covers, window_words

TABLE = "group_members"
Scene = Literal["invited", "link", "qr"]
SCENE_WORDS: Mapping[str, tuple[str, str]] = {
    "invited": ("成员邀请", "invitation"),
    "link": ("邀请链接", "invitation link"),
    "qr": ("扫描群二维码", "QR code"),
}
"""How somebody came into a group (groupchat/get, field join_scene 1 to 3)."""


class GroupLeaf(Leaf):
    """`match`: the customer is now in any, all or none of the groups. `scenes`: by which way they came in, empty asks
    nothing; `joined`: when their present stay began. A membership that ended counts for nothing."""

    tables: ClassVar[tuple[str, ...]] = (TABLE,)
    kind: Literal["group"]
    match: Literal["any", "all", "none"]
    group_ids: Annotated[list[Id], Field(min_length=1, max_length=100)]
    scenes: Annotated[list[Scene], Field(default_factory=list, max_length=3)]
    joined: Window = Ever()

    def part(self, query: Query) -> Part:
        if self.match == "all":
            return All(tuple(self._inside(query, [group]) for group in sorted(set(self.group_ids))))
        found = self._inside(query, self.group_ids)
        return found if self.match == "any" else Not(found)

    def _inside(self, query: Query, ids: Sequence[int]) -> Part:
        conditions = [f"group_id in {query.integers(ids)}", "isNull(left_at)"]
        if self.scenes:
            conditions.append(f"scene in {query.texts(self.scenes)}")
        return People(query.rows(TABLE, *conditions, *query.inside("joined_at", self.joined)))

    def _fits(self, row: Mapping[str, Any], moment: Moment) -> bool:
        return (
            row["left_at"] is None
            and (not self.scenes or row["scene"] in self.scenes)
            and covers(self.joined, row["joined_at"], moment)
        )

    def _there(self, facts: Facts, moment: Moment) -> set[int]:
        return {row["group_id"] for row in facts.rows(TABLE) if self._fits(row, moment)} & set(self.group_ids)

    def holds(self, facts: Facts, moment: Moment) -> bool:
        there = self._there(facts, moment)
        if self.match == "all":
            return there == set(self.group_ids)
        return bool(there) == (self.match == "any")

    def clause(self, names: Names, language: Language) -> str:
        groups, several = names.of("group", self.group_ids, language), len(self.group_ids) > 1
        if language == "zh":
            head = {"any": "在客户群", "all": "同时在客户群" if several else "在客户群", "none": "不在客户群"}[
                self.match
            ]
            of_them = {"any": " 之一", "all": "", "none": " 中的任何一个"}[self.match] if several else ""
            return f"{head} {groups}{of_them}{self._details(language)}"
        many = {"any": "is in one of the groups", "all": "is in all of the groups", "none": "is in none of the groups"}
        single = {"any": "is in the group", "all": "is in the group", "none": "is not in the group"}
        return f"{(many if several else single)[self.match]} {groups}{self._details(language)}"

    def _details(self, language: Language) -> str:
        zh = language == "zh"
        words = [SCENE_WORDS[scene][0 if zh else 1] for scene in self.scenes]
        details = [("通过" if zh else "by ") + ("、" if zh else ", ").join(words)] if words else []
        if when := window_words(self.joined, language):
            details.append(f"{when.strip()}入群" if zh else f"joined {when}")
        return (f"（{'，'.join(details)}）" if zh else f" ({', '.join(details)})") if details else ""

    def evidence(self, facts: Facts, moment: Moment, names: Names, language: Language) -> str:
        zh = language == "zh"
        rows = [row for row in facts.rows(TABLE) if row["group_id"] in self.group_ids]
        inside = sorted((row for row in rows if self._fits(row, moment)), key=lambda row: row["group_id"])
        if inside:
            told = [
                f"{names.of('group', [row['group_id']], language)}"
                + (
                    f"（{moment.day_of(row['joined_at'])} 入群）"
                    if zh
                    else f" (joined {moment.day_of(row['joined_at'])})"
                )
                for row in inside
            ]
            return ("在 " if zh else "is in ") + ("、" if zh else ", ").join(told)
        if any(row["left_at"] is None for row in rows):
            return "在群里，但入群方式或时间不符" if zh else "is in a group, but came another way or at another time"
        if rows:
            day = moment.day_of(max(row["left_at"] for row in rows))
            return f"已在 {day} 退群" if zh else f"left on {day}"
        return "不在这些群里" if zh else "is in none of these groups"

    def references(self) -> Mapping[NameKind, Sequence[int]]:
        return {"group": self.group_ids}
