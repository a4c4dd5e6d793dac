"""Being in another segment, as that one is defined now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from wellspring.platform.errors import Language
from wellspring.segments.leaves.base import Facts, Leaf, NameKind, Names
from wellspring.segments.leaves.tag import Id
from wellspring.segments.parts import Not, Part
from wellspring.segments.sql import Query
from wellspring.segments.windows import Moment


class SegmentLeaf(Leaf):
    """`inside` false: everybody who is not. Definitions are looked up before a question is put together (`references.py`),
    which also refuses circles."""

    kind: Literal["segment"]
    segment_id: Id
    inside: bool = True

    def part(self, query: Query) -> Part:
        from wellspring.segments.compile import part_of  # a leaf that holds a tree

        part = part_of(query.segments[self.segment_id].root, query)
        return part if self.inside else Not(part)

    def holds(self, facts: Facts, moment: Moment) -> bool:
        from wellspring.segments.evaluate import holds

        return holds(facts.segments[self.segment_id].root, facts, moment) == self.inside

    def clause(self, names: Names, language: Language) -> str:
        name = names.of("segment", [self.segment_id], language)
        if language == "zh":
            return f"{'在' if self.inside else '不在'}人群「{name}」里"
        return f"is {'' if self.inside else 'not '}in the segment “{name}”"

    def evidence(self, facts: Facts, moment: Moment, names: Names, language: Language) -> str:
        there = self.holds(facts, moment) == self.inside
        if language == "zh":
            return "在里面" if there else "不在里面"
        return "is in it" if there else "is not in it"

    def references(self) -> Mapping[NameKind, Sequence[int]]:
        return {"segment": [self.segment_id]}
