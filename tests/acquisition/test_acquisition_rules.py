"""The rules alone."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.acquisition.rules import (
    REMARK_CHARACTERS,
    STATE_CHARACTERS,
    WELCOME_BYTES,
    channel_paths,
    contact_way,
    cut_bytes,
    fill,
    makes_cycle,
    new_state,
    remark_of,
    unknown_placeholders,
    welcome_text,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 3, 5, 17, 0, tzinfo=UTC)  # already the 6th in Shanghai


def test_a_remark_is_filled_in_the_brands_time_and_cut_by_characters() -> None:
    filled = remark_of("{date} {name}·{channel}", name="林小满", channel="橱窗", code="武康", at=AT, zone=SHANGHAI)
    assert filled == "260306 林小满·橱窗"
    long = remark_of("{name}{code}", name="林" * 30, channel="", code="码", at=AT, zone=SHANGHAI)
    assert long == "林" * REMARK_CHARACTERS
    assert remark_of("  ", name="a", channel="b", code="c", at=AT, zone=SHANGHAI) == ""


def test_values_are_never_filled_a_second_time() -> None:
    assert fill("{name}/{staff}", {"name": "{staff}", "staff": "顾晨"}) == "{staff}/顾晨"


def test_words_in_braces_that_mean_nothing_are_found() -> None:
    assert unknown_placeholders("{name}{nmae}{ }", ("name", "staff")) == ["nmae", " "]


@given(st.text(max_size=3000), st.text(max_size=50))
def test_a_welcome_never_passes_wecoms_limit_and_never_splits_a_character(text: str, name: str) -> None:
    out = welcome_text(text, name=name, staff="顾晨")
    assert len(out.encode()) <= WELCOME_BYTES
    assert fill(text, {"name": name or "朋友", "staff": "顾晨"}).startswith(out)


@given(st.text(max_size=200), st.integers(0, 300))
def test_cutting_bytes_keeps_a_beginning(text: str, limit: int) -> None:
    cut = cut_bytes(text, limit)
    assert text.startswith(cut)
    assert len(cut.encode()) <= limit < len(cut.encode()) + 4 or cut == text


def test_states_are_unique_short_and_plain() -> None:
    states = {new_state(secrets.SystemRandom()) for _ in range(2000)}
    assert len(states) == 2000
    assert all(len(state) <= STATE_CHARACTERS and state.isalnum() and state.isascii() for state in states)


@pytest.mark.parametrize(("channel", "parent", "cycle"), [(1, 3, True), (1, 1, True), (3, 1, False), (2, None, False)])
def test_a_channel_never_hangs_under_itself(channel: int, parent: int | None, cycle: bool) -> None:
    assert makes_cycle({1: None, 2: 1, 3: 2}, channel, parent) is cycle


def test_paths_are_whole_even_where_a_circle_was_stored() -> None:
    assert channel_paths([(1, "线下", None), (2, "武康", 1)]) == {1: "线下", 2: "线下 / 武康"}
    assert set(channel_paths([(1, "a", 2), (2, "b", 1)])) == {1, 2}


def test_a_contact_way_can_take_more_colleagues_later() -> None:
    way = contact_way(userids=["a"], name="码" * 40, skip_verify=True, state="ws1")
    assert (way["type"], way["scene"], len(str(way["remark"]))) == (2, 2, 30)
