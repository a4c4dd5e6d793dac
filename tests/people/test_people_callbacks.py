"""Callbacks of change_external_contact: repeated, reordered, contradicted by what WeCom shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from people_builders import (
    callback,
    customer_of,
    detail,
    event_kinds,
    follow,
    item,
    organise,
    picture,
    relationship,
    sync,
)

from wellspring.people import announcements
from wellspring.people.announcements import FriendAdded, FriendEnded
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform

ADD, HALF = "add_external_contact", "add_half_external_contact"
LOST, REMOVED, EDIT = "del_follow_user", "del_external_contact", "edit_external_contact"
TABLES = ("customer", "identity", "relationship", "relationship_change", "relationship_tag", "event")
Told = list[FriendAdded | FriendEnded]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    heard: Told = []
    monkeypatch.setattr(announcements, "_added", [lambda session, platform, added: heard.append(added)])
    monkeypatch.setattr(announcements, "_ended", [lambda session, platform, ended: heard.append(ended)])
    return heard


@pytest.fixture
def at(platform: Platform, clock: FixedClock) -> Callable[[float], datetime]:
    organise(platform)
    start = clock.now().replace(microsecond=0)
    return lambda minutes: start + timedelta(minutes=minutes)


def test_an_add_makes_a_friend_and_tells_once(platform: Platform, at: Callable[[float], datetime], told: Told) -> None:
    shown = detail("wm1", follow("amber", at(0), state="window", tags=["香氛"]), name="宋予")
    callback(platform, ADD, "wm1", "amber", at(0), shown, State="window", WelcomeCode="W1")
    row = relationship(platform, "wm1", "amber")
    assert (row.status, row.state, row.added_at) == ("friend", "window", at(0))
    (added,) = told
    assert isinstance(added, FriendAdded)
    assert (added.first, added.half, added.welcome_code, added.state) == (True, False, "W1", "window")
    before = picture(platform, *TABLES)
    callback(platform, ADD, "wm1", "amber", at(0), shown, State="window", WelcomeCode="W1")
    assert picture(platform, *TABLES) == before
    assert [a.first for a in told if isinstance(a, FriendAdded)] == [True, False]


def test_half_then_whole(platform: Platform, at: Callable[[float], datetime], told: Told) -> None:
    callback(platform, HALF, "wm1", "amber", at(0), None, State="window", WelcomeCode="W1")
    assert relationship(platform, "wm1", "amber").status == "half"
    shown = detail("wm1", follow("amber", at(5), state="window"), name="宋予")
    callback(platform, ADD, "wm1", "amber", at(5), shown, State="window")
    row = relationship(platform, "wm1", "amber")
    assert row.status == "friend"
    assert customer_of(platform, "wm1").name == "宋予"
    assert [(a.half, a.first) for a in told if isinstance(a, FriendAdded)] == [(True, True), (False, False)]
    assert event_kinds(platform) == ["friend_added"]


def test_whole_then_half(platform: Platform, at: Callable[[float], datetime], told: Told) -> None:
    """Reordered: the half add comes late, and with it the only welcome code."""
    shown = detail("wm1", follow("amber", at(5)))
    callback(platform, ADD, "wm1", "amber", at(5), shown)
    callback(platform, HALF, "wm1", "amber", at(0), shown, at(6), WelcomeCode="W1")
    assert relationship(platform, "wm1", "amber").status == "friend"
    assert [a.welcome_code for a in told if isinstance(a, FriendAdded)] == [None, "W1"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_add_lost_and_edit_in_any_order(
    platform: Platform, at: Callable[[float], datetime], told: Told, order: tuple[int, ...]
) -> None:
    """WeCom goes on showing a customer who deleted the member; only the callback tells."""
    shown = detail("wm1", follow("amber", at(0), remark="若宁"))
    steps = [(ADD, at(0)), (EDIT, at(1)), (LOST, at(2))]
    for number, index in enumerate(order):
        change, sent_at = steps[index]
        callback(platform, change, "wm1", "amber", sent_at, shown, at(3 + number))
    row = relationship(platform, "wm1", "amber")
    assert (row.status, row.added_at, row.ended_at) == ("lost", at(0), at(2))
    assert event_kinds(platform) == ["friend_added", "friend_lost"]
    assert sum(isinstance(one, FriendEnded) for one in told) == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_both_sides_delete_in_any_order(
    platform: Platform, at: Callable[[float], datetime], order: tuple[int, ...]
) -> None:
    steps = [(ADD, at(0)), (LOST, at(1)), (REMOVED, at(2))]
    for number, index in enumerate(order):
        change, sent_at = steps[index]
        callback(platform, change, "wm1", "amber", sent_at, None, at(3 + number))
    row = relationship(platform, "wm1", "amber")
    assert (row.status, row.ended_at) == ("removed", at(1))
    kinds = event_kinds(platform)
    assert kinds.count("friend_added") == 1
    assert kinds.count("friend_lost") == 1
    assert kinds.count("friend_removed") in (1, 2)  # an add that WeCom doesn't confirm ends when it was asked


def test_a_late_deletion_does_not_end_the_next_life(
    platform: Platform, at: Callable[[float], datetime], told: Told
) -> None:
    callback(platform, ADD, "wm1", "amber", at(0), detail("wm1", follow("amber", at(0))))
    again = detail("wm1", follow("amber", at(20)))
    callback(platform, ADD, "wm1", "amber", at(20), again)
    callback(platform, LOST, "wm1", "amber", at(10), again, at(21))
    row = relationship(platform, "wm1", "amber")
    assert (row.status, row.added_at, row.ended_at) == ("friend", at(20), None)
    assert event_kinds(platform) == ["friend_added", "friend_lost", "friend_added"]
    assert not [one for one in told if isinstance(one, FriendEnded)]


def test_a_sync_never_revives_a_lost_friend(platform: Platform, at: Callable[[float], datetime]) -> None:
    sync(platform, item("wm1", "amber", at(-100), at(-50)))
    callback(platform, LOST, "wm1", "amber", at(0), detail("wm1", follow("amber", at(-100))))
    sync(platform, item("wm1", "amber", at(-100), at(5)))
    assert relationship(platform, "wm1", "amber").status == "lost"
    callback(platform, ADD, "wm1", "amber", at(9), detail("wm1", follow("amber", at(9))))
    assert relationship(platform, "wm1", "amber").status == "friend"


def test_deleted_and_added_again_within_a_second(platform: Platform, at: Callable[[float], datetime]) -> None:
    sync(platform, item("wm1", "amber", at(-100), at(-50)))
    shown = detail("wm1", follow("amber", at(0)))
    callback(platform, LOST, "wm1", "amber", at(0), shown)
    callback(platform, ADD, "wm1", "amber", at(0), shown, at(1))
    assert relationship(platform, "wm1", "amber").status == "friend"


def test_transfers(platform: Platform, at: Callable[[float], datetime]) -> None:
    sync(platform, item("wm1", "amber", at(-100), at(-50)))
    callback(platform, REMOVED, "wm1", "amber", at(0), None, Source="DELETE_BY_TRANSFER")
    assert relationship(platform, "wm1", "amber").status == "transferred"
    callback(platform, "transfer_fail", "wm1", "cedar", at(1), None, FailReason="customer_refused")
    assert event_kinds(platform)[-1] == "transfer_failed"


def test_an_unseen_deletion_is_kept(platform: Platform, at: Callable[[float], datetime]) -> None:
    """Somebody we never heard of is gone already: the row says so, and no friend is left."""
    callback(platform, REMOVED, "wm9", "amber", at(0), None)
    assert relationship(platform, "wm9", "amber").status == "removed"
    callback(platform, ADD, "wm9", "amber", at(-5), None, at(1))
    row = relationship(platform, "wm9", "amber")
    assert (row.status, row.added_at) == ("removed", at(-5))
    assert event_kinds(platform) == ["friend_added", "friend_removed"]


def test_a_chat_begun_and_consent_to_archiving_are_told_once(
    platform: Platform, at: Callable[[float], datetime], told: Told
) -> None:
    shown = detail("wm1", follow("amber", at(0), state="link"))
    callback(platform, ADD, "wm1", "amber", at(0), shown)
    for _ in range(2):
        callback(platform, "customer_start_chat", "wm1", "amber", at(1), shown, State="link")
        callback(platform, "msg_audit_approved", "wm1", "amber", at(2), shown, WelcomeCode="W9")
    assert event_kinds(platform) == ["friend_added", "chat_started", "archive_agreed"]
    assert [one.welcome_code for one in told if isinstance(one, FriendAdded)] == [None, "W9", "W9"], (
        "the welcome code may come with the consent"
    )
    callback(platform, "customer_start_chat", "wm-nobody", "amber", at(3), None)
    assert event_kinds(platform).count("chat_started") == 1
