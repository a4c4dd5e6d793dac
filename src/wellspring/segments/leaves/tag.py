"""Tags: those of all the customer's relationships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from wellspring.platform.errors import Language
from wellspring.segments.leaves.base import Facts, Leaf, NameKind, Names
from wellspring.segments.parts import All, Not, Part, People
from wellspring.segments.sql import Query
from wellspring.segments.windows import Ever, Moment, Window, covers, window_words

Id = Annotated[int, Field(ge=1, le=2**62)]
Ids = Annotated[list[Id], Field(max_length=500)]
TABLE = "relationship_tags"
Source = Literal["wecom", "manual", "live_code"]
SOURCE_WORDS: Mapping[str, tuple[str, str]] = {
    "wecom": ("企业微信", "WeCom"),
    "manual": ("手工", "by hand"),
    "live_code": ("活码", "live code"),
}


class TagLeaf(Leaf):
    """`match`: any, all or none of the tags is there. `sources`: where the tag came from (wecom: seen there, manual: set
    in the console, live_code), empty asks nothing; `since`: when it was put on."""

    tables: ClassVar[tuple[str, ...]] = (TABLE,)
    kind: Literal["tag"]
    match: Literal["any", "all", "none"]
    tag_ids: Annotated[list[Id], Field(min_length=1, max_length=100)]
    sources: Annotated[list[Source], Field(default_factory=list, max_length=3)]
    since: Window = Ever()

    def part(self, query: Query) -> Part:
        if self.match == "all":
            return All(tuple(self._tagged(query, [tag]) for tag in sorted(set(self.tag_ids))))
        found = self._tagged(query, self.tag_ids)
        return found if self.match == "any" else Not(found)

    def _tagged(self, query: Query, ids: Sequence[int]) -> Part:
        return People(query.rows(TABLE, f"tag_id in {query.integers(ids)}", *self._since(query)))

    def _since(self, query: Query) -> list[str]:
        asked = [f"source in {query.texts(self.sources)}"] if self.sources else []
        return [*asked, *query.inside("created_at", self.since)]

    def _there(self, facts: Facts, moment: Moment) -> set[int]:
        fitting = (
            row["tag_id"]
            for row in facts.rows(TABLE)
            if (not self.sources or row["source"] in self.sources) and covers(self.since, row["created_at"], moment)
        )
        return set(fitting) & set(self.tag_ids)

    def holds(self, facts: Facts, moment: Moment) -> bool:
        there = self._there(facts, moment)
        if self.match == "all":
            return there == set(self.tag_ids)
        return bool(there) == (self.match == "any")

    def clause(self, names: Names, language: Language) -> str:
        tags = names.of("tag", self.tag_ids, language) + self._details(language)
        several = len(self.tag_ids) > 1
        if language == "zh":
            head = {"any": "有标签", "all": "同时有标签" if several else "有标签", "none": "没有标签"}[self.match]
            return f"{head} {tags}" + (" 之一" if several and self.match == "any" else "")
        head = {"any": "has one of the tags", "all": "has all of the tags", "none": "has none of the tags"}[self.match]
        single = {"any": "has the tag", "all": "has the tag", "none": "lacks the tag"}[self.match]
        return f"{head if several else single} {tags}"

    def _details(self, language: Language) -> str:
        zh = language == "zh"
        words = [SOURCE_WORDS[source][0 if zh else 1] for source in self.sources]
        details = [("来自" if zh else "from ") + ("、" if zh else ", ").join(words)] if words else []
        if when := window_words(self.since, language):
            details.append(f"{when.strip()}打上" if zh else f"put on {when}")
        return (f"（{'，'.join(details)}）" if zh else f" ({', '.join(details)})") if details else ""

    def evidence(self, facts: Facts, moment: Moment, names: Names, language: Language) -> str:
        there = sorted(self._there(facts, moment))
        if not there:
            return "这些标签一个也没有" if language == "zh" else "has none of these tags"
        return ("有标签 " if language == "zh" else "has ") + names.of("tag", there, language)

    def references(self) -> Mapping[NameKind, Sequence[int]]:
        return {"tag": self.tag_ids}
