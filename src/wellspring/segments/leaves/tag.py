"""Tags: those of all the customer's relationships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from wellspring.platform.errors import Language
from wellspring.segments.leaves.base import Facts, Leaf, NameKind, Names
from wellspring.segments.sql import FactQuery
from wellspring.segments.windows import Moment

Id = Annotated[int, Field(ge=1, le=2**62)]
Ids = Annotated[list[Id], Field(max_length=500)]
TABLE = "relationship_tags"


class TagLeaf(Leaf):
    """`match`: any, all or none of the tags is there."""

    tables: ClassVar[tuple[str, ...]] = (TABLE,)
    kind: Literal["tag"]
    match: Literal["any", "all", "none"]
    tag_ids: Annotated[list[Id], Field(min_length=1, max_length=500)]

    def sql(self, query: FactQuery) -> str:
        chosen = f"tag_id in {query.integers(self.tag_ids)}"
        if self.match == "all":
            found = query.aggregate(TABLE, f"uniqExactIf(tag_id, {chosen})")
            return f"{found} = {query.integer(len(set(self.tag_ids)))}"
        found = query.aggregate(TABLE, f"countIf({chosen})")
        return f"{found} > 0" if self.match == "any" else f"{found} = 0"

    def _there(self, facts: Facts) -> set[int]:
        return {row["tag_id"] for row in facts.rows(TABLE)} & set(self.tag_ids)

    def holds(self, facts: Facts, moment: Moment) -> bool:
        there = self._there(facts)
        if self.match == "all":
            return there == set(self.tag_ids)
        return bool(there) == (self.match == "any")

    def clause(self, names: Names, language: Language) -> str:
        tags = names.of("tag", self.tag_ids, language)
        several = len(self.tag_ids) > 1
        if language == "zh":
            head = {"any": "有标签", "all": "同时有标签" if several else "有标签", "none": "没有标签"}[self.match]
            return f"{head} {tags}" + (" 之一" if several and self.match == "any" else "")
        head = {"any": "has one of the tags", "all": "has all of the tags", "none": "has none of the tags"}[self.match]
        single = {"any": "has the tag", "all": "has the tag", "none": "lacks the tag"}[self.match]
        return f"{head if several else single} {tags}"

    def evidence(self, facts: Facts, moment: Moment, names: Names, language: Language) -> str:
        there = sorted(self._there(facts))
        if not there:
            return "这些标签一个也没有" if language == "zh" else "has none of these tags"
        return ("有标签 " if language == "zh" else "has ") + names.of("tag", there, language)

    def references(self) -> Mapping[NameKind, Sequence[int]]:
        return {"tag": self.tag_ids}
