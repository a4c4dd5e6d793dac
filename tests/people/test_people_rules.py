"""The pure rules: mobiles, grams, survivors, groups."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.people import rules


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("13800136207", "+8613800136207"),
        (" 138-0013-6207 ", "+8613800136207"),
        ("+86 138 0013 6207", "+8613800136207"),
        ("008613800136207", "+8613800136207"),
        ("１３８００１３６２０７", "+8613800136207"),
        ("+852 6123 4567", "+85261234567"),
        ("021-62345678", None),
        ("12345", None),
        ("", None),
        ("有赞", None),
    ],
)
def test_mobiles(written: str, e164: str | None) -> None:
    assert rules.normalise_mobile(written) == e164


def test_mask() -> None:
    assert rules.mask_mobile("+8613800136207") == "138 •••• 6207"


@given(st.text(min_size=1, max_size=12), st.integers(0, 11), st.integers(1, 12))
def test_a_part_of_a_word_is_always_found(name: str, start: int, length: int) -> None:
    have = set(rules.grams([name]))
    for word in rules.words(name):
        part = word[start : start + length]
        assert set(rules.query_grams(part)) <= have


def test_the_older_friendship_survives() -> None:
    old, new = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    people = [rules.Person(1, None), rules.Person(2, new), rules.Person(3, old), rules.Person(4, old)]
    assert rules.survivor_of(people).id == 3
    assert rules.survivor_of([*people[:1], rules.Person(9, None)]).id == 1


def test_groups_never_cross_a_split() -> None:
    groups, refused = rules.merge_groups([(1, 2), (2, 3), (4, 5)], [(11, 3)], {1: [1, 11]})
    assert sorted(map(sorted, groups)) == [[1, 2], [4, 5]]
    assert refused == [(2, 3)]
