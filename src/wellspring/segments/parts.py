"""What a condition is to the compiler: rows of the wide table that fit, sets of people, and what is made of both.

A set of people is a query for customer ids; the compiler makes a bitmap of it. A condition over the wide table stays a
condition, because several of them cost one scan. Neither says how many there are of somebody: a set is a set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fits:
    """A condition over a row of the wide table; true or false, never NULL."""

    condition: str


@dataclass(frozen=True)
class People:
    """Those whose rows the rest of a query finds: `from` and everything behind it, rows with customer_id.
    The same person may come many times, unless `grouped`: then the rows end in `group by customer_id having ...`."""

    rows: str
    grouped: bool = False


@dataclass(frozen=True)
class Not:
    part: Part


@dataclass(frozen=True)
class All:
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class AnyOf:
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class AtLeast:
    """At least `n` of the parts hold."""

    n: int
    parts: tuple[Part, ...]


Part = Fits | People | Not | All | AnyOf | AtLeast


def everybody() -> Part:
    return Fits("1")


def condition_of(part: Part) -> str | None:
    """The part as one condition over the wide table; None where it holds a set of people."""
    match part:
        case Fits(condition=condition):
            return condition
        case People():
            return None
        case Not(part=inner):
            inside = condition_of(inner)
            return None if inside is None else f"not ({inside})"
        case All(parts=parts):
            return _joined(parts, " and ")
        case AnyOf(parts=parts):
            return _joined(parts, " or ")
        case AtLeast(n=n, parts=parts):
            conditions = [condition_of(one) for one in parts]
            if any(one is None for one in conditions):
                return None
            return "(" + " + ".join(f"toUInt8({one})" for one in conditions) + f") >= {int(n)}"


def _joined(parts: Sequence[Part], word: str) -> str | None:
    conditions = [condition_of(one) for one in parts]
    if any(one is None for one in conditions):
        return None
    return word.join(f"({one})" for one in conditions)
