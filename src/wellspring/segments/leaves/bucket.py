"""A random part of everybody: the same people for the same name, whenever it is asked."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from wellspring.platform.errors import Language
from wellspring.segments.leaves.base import Facts, Leaf, Names
from wellspring.segments.parts import Fits, Part
from wellspring.segments.sql import Query
from wellspring.segments.windows import Moment, printable, problem

MASK = 2**64 - 1


def int_hash_64(value: int) -> int:
    """ClickHouse's intHash64: the finalizer of MurmurHash3 (public domain) over a value mixed with a constant."""
    value = (value ^ 0x4CF2D2BAAE6DA887) & MASK
    value ^= value >> 33
    value = value * 0xFF51AFD7ED558CCD & MASK
    value ^= value >> 33
    value = value * 0xC4CEB9FE1A85EC53 & MASK
    return value ^ value >> 33


class BucketLeaf(Leaf):
    """Percent `from_percent` (included) to `to_percent` (excluded) of a shuffled deck; `name` is the deck."""

    kind: Literal["bucket"]
    name: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(printable)]
    from_percent: Annotated[int, Field(ge=0, le=99)]
    to_percent: Annotated[int, Field(ge=1, le=100)]

    @model_validator(mode="after")
    def _in_order(self) -> BucketLeaf:
        if self.to_percent <= self.from_percent:
            raise problem("range", "上限要大于下限。", "The end must lie above the start.")
        return self

    @property
    def _salt(self) -> int:
        return int.from_bytes(hashlib.sha256(self.name.encode()).digest()[:8], "little")

    def part(self, query: Query) -> Part:
        salt = query.bind(self._salt, "UInt64")
        percent = f"intHash64(bitXor(toUInt64(id), {salt})) % 100"
        return Fits(f"{percent} >= {query.integer(self.from_percent)} and {percent} < {query.integer(self.to_percent)}")

    def _percent(self, facts: Facts) -> int:
        return int_hash_64(facts.customer["id"] ^ self._salt) % 100

    def holds(self, facts: Facts, moment: Moment) -> bool:
        return self.from_percent <= self._percent(facts) < self.to_percent

    def clause(self, names: Names, language: Language) -> str:
        if language == "zh":
            return f"在随机分组「{self.name}」的 {self.from_percent}%–{self.to_percent}% 里"
        return f"is in {self.from_percent}–{self.to_percent} % of the random deck “{self.name}”"

    def evidence(self, facts: Facts, moment: Moment, names: Names, language: Language) -> str:
        percent = self._percent(facts)
        return f"分到 {percent}%" if language == "zh" else f"drawn at {percent} %"
