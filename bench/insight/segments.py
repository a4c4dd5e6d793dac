"""The suite by the product and by hand, taking turns; and against the way the others do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.insight.brand import Size
from bench.insight.by_hand import Form, forms
from bench.insight.measuring import percentile, side_by_side
from bench.insight.others import copied, measured
from bench.insight.stores import Asking
from bench.insight.suite import SUITE, definition

from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse.wide_columns import wide_columns
from wellspring.segments.definition import Definition, parse


@dataclass(frozen=True)
class Answered:
    """`way`: which of the hand-written forms was fastest. Seconds are medians."""

    name: str
    people: int
    product_s: float
    by_hand_s: float
    way: str

    @property
    def ratio(self) -> float:
        return self.product_s / self.by_hand_s


def suite(platform: Platform, asking: Asking, size: Size, rounds: int) -> list[Answered]:
    """Every segment, warm. Raises when two ways of asking don't agree."""
    by_hand = forms(size)
    assert by_hand.keys() == SUITE.keys()
    return [_answered(platform, asking, name, by_hand[name], rounds) for name in SUITE]


def _answered(platform: Platform, asking: Asking, name: str, ways: list[Form], rounds: int) -> Answered:
    tree = parse(definition(SUITE[name]))
    possible = [form for form in ways if set(form.needs) <= wide_columns().keys()]
    asked = [_product(asking, tree), *(_by_hand(platform, form) for form in possible)]
    counts = [one() for one in asked]
    if len(set(counts)) != 1:
        said = dict(zip(["product", *(form.way for form in possible)], counts, strict=True))
        raise AssertionError(f"{name}: {said}")
    # All of them once more to find the fastest by hand, then only that one against the product.
    trial = side_by_side(asked, 1)
    best = min(range(1, len(asked)), key=trial.__getitem__)
    product, by_hand = side_by_side([asked[0], asked[best]], rounds)
    return Answered(name, counts[0], product, by_hand, possible[best - 1].way)


def _product(asking: Asking, tree: Definition) -> Callable[[], int]:
    return lambda: asking.count(tree)


def _by_hand(platform: Platform, form: Form) -> Callable[[], int]:
    def ask() -> int:
        (row,) = platform.warehouse.query(form.sql)
        (count,) = row.values()
        return int(count)

    return ask


def figures(answered: list[Answered]) -> dict[str, float]:
    seconds = [one.product_s for one in answered]
    return {
        "suite_p50_s": percentile(seconds, 50),
        "suite_p95_s": percentile(seconds, 95),
        "suite_worst_s": max(seconds),
        "suite_worst_ratio_to_handwritten": max(one.ratio for one in answered),
    }


@dataclass(frozen=True)
class Compared:
    name: str
    product_s: float
    others_s: float


def against_others(platform: Platform, asking: Asking, folder: Path, rounds: int) -> list[Compared]:
    """The same people by both, asserted; the brand is copied to PostgreSQL first."""
    with copied(platform, folder) as connection:
        theirs = measured(connection)
    found = []
    for name, (seconds, people) in theirs.items():
        ask = _product(asking, parse(definition(SUITE[name])))
        if ask() != people:
            raise AssertionError(f"{name}: product {ask()}, PostgreSQL {people}")
        (mine,) = side_by_side([ask], rounds)
        found.append(Compared(name, mine, seconds))
    return found
