"""What WeCom shows of groups, written down: older answers, lives, merges, statuses, many writers at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from people_builders import customer_of, item, organise, picture, sync
from sqlalchemy import select, text

from wellspring.people.groups.intake import dismiss_group, take_groups
from wellspring.people.groups.members import Quit
from wellspring.people.identities import resolve_identities
from wellspring.people.merging.merge import merge_pairs
from wellspring.people.models import GroupChat, GroupMember
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom

TABLES = ("group_chat", "group_member", "customer", "identity", "event")


@pytest.fixture
def at(platform: Platform, clock: FixedClock) -> Callable[[float], datetime]:
    organise(platform)
    start = clock.now().replace(microsecond=0)
    return lambda minutes: start + timedelta(minutes=minutes)


def group(chat_id: str, joined: dict[str, datetime], **more: Any) -> wecom.WecomGroup:
    """`joined`: who is in it since when; `unionids` of some of them."""
    unionids = more.pop("unionids", {})
    members = [
        wecom.WecomGroupMember(
            userid=one, type=2 if one.startswith("wm") else 1, join_time=int(since.timestamp()), join_scene=3,
            unionid=unionids.get(one, ""), name=one,
        )
        for one, since in joined.items()
    ]  # fmt: skip
    return wecom.WecomGroup(chat_id=chat_id, **{"owner": "amber", "name": chat_id, "member_list": members, **more})


def take(
    platform: Platform,
    read_at: datetime,
    *groups: wecom.WecomGroup,
    status: int | None = None,
    heard: Quit | None = None,
) -> dict[str, int]:
    with platform.database.unit_of_work() as session:
        items = [wecom.GroupItem(one.chat_id, status, one, read_at) for one in groups]
        found = take_groups(session, platform, items, heard=heard)
    return {word: count for word, count in found.items() if count}


def there(platform: Platform, chat_id: str) -> set[str]:
    with platform.database.unit_of_work() as session:
        query = select(GroupMember.userid).join(GroupChat, GroupChat.id == GroupMember.group_chat_id)
        return set(session.scalars(query.where(GroupChat.chat_id == chat_id, GroupMember.left_at.is_(None))))


def events(platform: Platform) -> list[tuple[str, datetime]]:
    with platform.database.unit_of_work() as session:
        query = text("select kind, occurred_at from event where kind like 'group%' order by occurred_at, id")
        return [(kind, occurred_at) for kind, occurred_at in session.execute(query)]


def test_an_older_answer_is_dropped(platform: Platform, at: Callable[[float], datetime]) -> None:
    take(platform, at(10), group("wr1", {"amber": at(0), "wm1": at(1)}))
    before = picture(platform, *TABLES)
    assert take(platform, at(9), group("wr1", {"amber": at(0)}, name="旧名字")) == {}
    assert picture(platform, *TABLES) == before
    with platform.database.unit_of_work() as session:
        dismiss_group(session, "wr1", at=at(9), read_at=at(9))
    assert there(platform, "wr1") == {"amber", "wm1"}


def test_a_membership_lives_ends_and_lives_again(platform: Platform, at: Callable[[float], datetime]) -> None:
    take(platform, at(10), group("wr1", {"amber": at(0), "wm1": at(1)}))
    quit_ = Quit(frozenset({"wm1"}), "quit", at(20))
    assert take(platform, at(21), group("wr1", {"amber": at(0)}), heard=quit_) == {"group_member_left": 1}
    take(platform, at(31), group("wr1", {"amber": at(0), "wm1": at(30)}))
    assert take(platform, at(41), group("wr1", {"amber": at(0), "wm1": at(40)})) == {
        "group_member_joined": 1,
        "group_member_left": 1,
    }, "left and came again between two readings"
    assert events(platform) == [
        ("group_joined", at(1)),
        ("group_left", at(20)),
        ("group_joined", at(30)),
        ("group_left", at(40) - timedelta(seconds=1)),
        ("group_joined", at(40)),
    ]
    with platform.database.unit_of_work() as session:
        dismiss_group(session, "wr1", at=at(50), read_at=at(51))
    assert there(platform, "wr1") == set()
    assert take(platform, at(60), group("wr1", {"amber": at(0), "wm1": at(40)})) == {"group_found": 1}
    assert there(platform, "wr1") == {"amber", "wm1"}, "it had only been out of sight"


def test_a_unionid_shows_who_a_stranger_is(platform: Platform, at: Callable[[float], datetime]) -> None:
    with platform.database.unit_of_work() as session:
        (buyer,) = resolve_identities(session, platform, "unionid", "", ["u1"], create=True, now=at(0)).values()
    take(platform, at(10), group("wr1", {"amber": at(0), "wm1": at(1)}, unionids={"wm1": "u1"}))
    with platform.database.unit_of_work() as session:
        (member,) = session.scalars(select(GroupMember.customer_id).where(GroupMember.kind == "customer"))
    assert member == customer_of(platform, "wm1").id
    assert buyer in {member, *_absorbed(platform)}
    sync(platform, item("wm1", "amber", at(15), at(16), name="沈若宁", unionid="u1"))
    assert customer_of(platform, "wm1").id == member, "a friend later, and the same person"


def _absorbed(platform: Platform) -> list[int]:
    with platform.database.unit_of_work() as session:
        return list(session.scalars(text("select id from customer where merged_into_id is not null")))


def test_a_merge_takes_the_memberships_along(platform: Platform, at: Callable[[float], datetime]) -> None:
    take(platform, at(10), group("wr1", {"amber": at(0), "wm1": at(1), "wm2": at(2)}))
    pair = (customer_of(platform, "wm1").id, customer_of(platform, "wm2").id)
    with platform.database.unit_of_work() as session:
        merge_pairs(session, platform, [pair], reason="manual", actor_name="test", now=at(11))
    with platform.database.unit_of_work() as session:
        owners = session.scalars(select(GroupMember.customer_id).where(GroupMember.kind == "customer")).all()
    assert owners == [min(pair)] * 2
    assert take(platform, at(12), group("wr1", {"amber": at(0), "wm1": at(1)})) == {"group_member_left": 1}


def test_who_owns_it_and_how_it_stands(platform: Platform, at: Callable[[float], datetime]) -> None:
    def stands() -> tuple[str, str]:
        query = text("select g.status, s.userid from group_chat g left join staff_member s on s.id = g.owner_id")
        with platform.database.unit_of_work() as session:
            status, userid = session.execute(query).one()
        return status, userid

    take(platform, at(1), group("wr1", {"amber": at(0)}), status=1)
    assert stands() == ("owner_left", "amber")
    take(platform, at(2), group("wr1", {"amber": at(0)}))
    assert stands() == ("owner_left", "amber"), "a callback says nothing of it"
    assert take(platform, at(3), group("wr1", {"cedar": at(0)}, owner="cedar"))["group_changed"] == 1
    assert stands() == ("handed_over", "cedar")
    take(platform, at(4), group("wr1", {"hidden": at(0)}, owner="hidden"), status=0)
    assert stands() == ("normal", "hidden"), "an owner whom the directory hides"


def test_the_number_of_statements_does_not_grow(
    platform: Platform, at: Callable[[float], datetime], query_count: Callable[[], Any]
) -> None:
    def brand(first: int, count: int) -> list[wecom.WecomGroup]:
        return [
            group(f"wr{n}", {"amber": at(0), **{f"wm{n}-{m}": at(1) for m in range(30)}})
            for n in range(first, first + count)
        ]

    with query_count() as one:
        take(platform, at(5), *brand(0, 1))
    with query_count() as twenty:
        take(platform, at(5), *brand(1, 20))
    assert twenty.n == one.n <= 16


def test_many_writers_at_once(platform: Platform, at: Callable[[float], datetime]) -> None:
    """The sync and callbacks about the same groups; the newest answer stands, nobody waits for ever."""
    people = [f"wm{n}" for n in range(12)]

    def write(turn: int) -> None:
        inside = {"amber": at(0), **{one: at(1) for one in people[: turn + 3]}}
        names = [f"wr{n}" for n in range(4)]
        take(platform, at(10 + turn), *(group(name, inside) for name in (names if turn % 2 else names[::-1])))

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(write, turn) for turn in (3, 0, 8, 1, 5, 2, 7, 4, 6)]:
            done.result()
    assert there(platform, "wr2") == {"amber", *people[:11]}
    with platform.database.unit_of_work() as session:
        doubles = session.scalar(text("select count(*) - count(distinct customer_id) from identity"))
    assert doubles == 0
