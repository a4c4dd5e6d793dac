"""What a leaf of the tree must know, and the registry of leaves.

A leaf is a strict pydantic model with a literal `kind`. It says of itself how the warehouse is asked (`part`),
how one person is judged (`holds`, `evidence`) and how it reads (`clause`).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from pydantic import BaseModel
from sqlalchemy.orm import Session

from wellspring.platform.errors import Language
from wellspring.segments.parts import Part
from wellspring.segments.sql import Query
from wellspring.segments.windows import STRICT, Moment

NameKind = Literal["tag", "staff", "store", "group", "segment", "product", "broadcast"]


@dataclass(frozen=True)
class Facts:
    """What is known of one customer: the row of `customers`, and the rows of each fact table by column name. `wide`: the
    row of the wide table, for what is kept and not counted; `segments`: definitions of other segments by id."""

    customer: Mapping[str, Any]
    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    wide: Mapping[str, Any] = field(default_factory=dict)
    segments: Mapping[int, Any] = field(default_factory=dict)

    def rows(self, table: str) -> Sequence[Mapping[str, Any]]:
        return self.tables.get(table, ())


@dataclass(frozen=True)
class Names:
    """Names of tags, staff, stores, groups by id; `currency` is the symbol before amounts."""

    by_kind: Mapping[NameKind, Mapping[int, str]] = field(default_factory=dict)
    currency: str = "¥"

    def of(self, kind: NameKind, ids: Sequence[int], language: Language) -> str:
        """ "湖滨店、武康店"; an id without a name is shown as such, because it was deleted."""
        known = self.by_kind.get(kind, {})
        gone = "已删除 #{}" if language == "zh" else "deleted #{}"
        return ("、" if language == "zh" else ", ").join(known.get(i) or gone.format(i) for i in ids)

    def money(self, fen: int) -> str:
        whole, rest = divmod(abs(fen), 100)
        sign = "−" if fen < 0 else ""
        return f"{sign}{self.currency}{whole:,}" + (f".{rest:02d}" if rest else "")


class Leaf(BaseModel):
    """Subclasses add `kind: Literal["..."]` and their fields. Unknown fields are refused."""

    model_config = STRICT
    tables: ClassVar[tuple[str, ...]] = ()
    """Fact tables whose rows `holds` and `evidence` read."""

    @property
    def runs_out(self) -> bool:
        """Time alone can change the answer within a day. (Calendar windows change at midnight, which is looked after.)"""
        return False

    @abstractmethod
    def part(self, query: Query) -> Part:
        """Who it holds for, as a part of the question to the warehouse."""

    @abstractmethod
    def holds(self, facts: Facts, moment: Moment) -> bool:
        """The same in plain Python for one person."""

    @abstractmethod
    def clause(self, names: Names, language: Language) -> str:
        """How the condition reads inside a sentence."""

    @abstractmethod
    def evidence(self, facts: Facts, moment: Moment, names: Names, language: Language) -> str:
        """What is the case for this person, in words: why it holds or does not."""

    def references(self) -> Mapping[NameKind, Sequence[int]]:
        """Ids whose names the words need."""
        return {}


Lookup = Callable[[Session, Iterable[int]], Mapping[int, str]]
_lookups: dict[NameKind, Lookup] = {}


def register_names(kind: NameKind, lookup: Lookup) -> None:
    """`lookup(session, ids)` answers what things of a domain above segments are called."""
    _lookups[kind] = lookup


def registered_names() -> Mapping[NameKind, Lookup]:
    return _lookups


@dataclass(frozen=True)
class LeafKind:
    kind: str
    model: type[Leaf]
    zh: str
    en: str


_leaves: dict[str, LeafKind] = {}


def register_leaf(model: type[Leaf], *, zh: str, en: str) -> None:
    """Make a leaf known under its literal `kind`; `zh` and `en` name it in the builder."""
    (kind,) = model.model_fields["kind"].annotation.__args__  # type: ignore[union-attr]
    if kind in _leaves and _leaves[kind].model is not model:
        raise ValueError(f"leaf {kind!r} is registered twice")
    _leaves[kind] = LeafKind(kind, model, zh, en)


def leaf_kinds() -> Mapping[str, LeafKind]:
    return _leaves
