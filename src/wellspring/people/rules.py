"""The rules of people, pure: how a mobile is written, what a search looks for, who survives a merge, how a
relationship lives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import phonenumbers

_SEPARATORS = re.compile(r"[\s\-().]+")
_CHINESE_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_WORD = re.compile(r"[^\W_]+")


def normalise_mobile(value: str) -> str | None:
    """E.164 of a mobile; None when it is none. Numbers without a country are read as Chinese."""
    compact = _SEPARATORS.sub("", unicodedata.normalize("NFKC", value))
    if chinese := _CHINESE_MOBILE.fullmatch(compact):
        return "+86" + chinese.group(1)
    if not compact.startswith(("+", "00")):
        return None
    try:
        number = phonenumbers.parse("+" + compact.removeprefix("00").removeprefix("+"), None)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == 86 or not phonenumbers.is_valid_number(number):
        return None
    mobile_types = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if phonenumbers.number_type(number) not in mobile_types:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mask_mobile(e164: str) -> str:
    """`138 •••• 6207`; abroad the country code stands first."""
    if e164.startswith("+86"):
        return f"{e164[3:6]} •••• {e164[-4:]}"
    return f"{e164[:3]} •••• {e164[-4:]}"


def words(text: str) -> list[str]:
    """Runs of letters and digits in compatibility form, lower case."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())


def grams(texts: Iterable[str]) -> list[str]:
    """What a customer is found by: every letter and every pair of neighbours in each word, sorted."""
    found: set[str] = set()
    for text in texts:
        for word in words(text):
            found.update(word)
            found.update(word[i : i + 2] for i in range(len(word) - 1))
    return sorted(found)


def query_grams(text: str) -> list[str]:
    """What must all be among a customer's grams: pairs, or the letter where a word has only one."""
    wanted: set[str] = set()
    for word in words(text):
        wanted.update([word] if len(word) == 1 else (word[i : i + 2] for i in range(len(word) - 1)))
    return sorted(wanted)


def contains_words(query: str, texts: Iterable[str]) -> bool:
    """Whether each word of the query stands inside some word of the texts: what the grams only promise."""
    haystack = [word for text in texts for word in words(text)]
    return all(any(word in candidate for candidate in haystack) for word in words(query))


@dataclass(frozen=True)
class Person:
    """A row as the survivor rule sees it. `known_since`: the oldest relationship, None without any."""

    id: int
    known_since: datetime | None


def survivor_of(people: Sequence[Person]) -> Person:
    """The one with the oldest relationship; among equals, and among those without any, the lowest id."""
    return min(people, key=lambda p: (p.known_since is None, p.known_since.timestamp() if p.known_since else 0, p.id))


def merge_groups(
    pairs: Iterable[tuple[int, int]], splits: Iterable[tuple[int, int]], members: Mapping[int, Sequence[int]]
) -> tuple[list[set[int]], list[tuple[int, int]]]:
    """Join pairs of surviving rows to groups, never across a split.

    `members`: the rows that already live in a surviving row, itself included. Answers the groups of two or more,
    and the pairs that a split forbids. Pairs are taken in the order given, so the outcome is stable.
    """
    group_of: dict[int, set[int]] = {}
    refused: list[tuple[int, int]] = []
    forbidden = {frozenset(pair) for pair in splits}
    for left, right in pairs:
        a, b = group_of.setdefault(left, {left}), group_of.setdefault(right, {right})
        if a is b:
            continue
        rows_a = [row for root in a for row in members.get(root, (root,))]
        rows_b = [row for root in b for row in members.get(root, (root,))]
        if forbidden and any(frozenset((x, y)) in forbidden for x in rows_a for y in rows_b):
            refused.append((left, right))
            continue
        a |= b
        for root in b:
            group_of[root] = a
    unique = {id(group): group for group in group_of.values() if len(group) > 1}
    return list(unique.values()), refused


@dataclass(frozen=True)
class Life:
    """A relationship's present life: it began at `added_at`; `ended_at` is None while it lasts."""

    status: str
    added_at: datetime
    ended_at: datetime | None


def ends_present_life(life: Life, at: datetime) -> bool:
    """Whether a deletion sent at `at` is about the present life, not about one before it."""
    return at >= life.added_at


def begins_new_life(life: Life, added_at: datetime) -> bool:
    """Whether a friendship that began at `added_at` is a later one than the life known."""
    return added_at > life.added_at
