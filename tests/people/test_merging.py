"""Merges by unionid, by mobile, by hand; their undo in any order; what waits for a person."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people_builders import customer_of, item, organise, sync
from sqlalchemy import text

from wellspring.people.errors import MergeUndone
from wellspring.people.identities import resolve_identities
from wellspring.people.linking import IdentityRef, link_identities
from wellspring.people.merging.duplicates import dismiss_duplicates, list_duplicates
from wellspring.people.merging.merge import Merged, merge_pairs
from wellspring.people.merging.references import customer_references
from wellspring.people.merging.undo import merges_of, undo_merge
from wellspring.people.timeline import EventFact, record_events
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform

EXAMPLE = count()


def owners(platform: Platform) -> dict[str, int]:
    """Which customer each row of every registered table belongs to; events of merging itself left out."""
    found: dict[str, int] = {}
    with platform.database.unit_of_work() as session:
        for reference in customer_references():
            where = " where kind not in ('merged', 'merge_undone')" if reference.table == "event" else ""
            rows = session.execute(text(f"select id, {reference.column} from {reference.table}{where}"))
            found |= {f"{reference.table}.{row_id}": customer for row_id, customer in rows if customer is not None}
    return found


def merge(platform: Platform, *pairs: tuple[int, int], reason: str = "manual", **more: Any) -> Merged:
    with platform.database.unit_of_work() as session:
        return merge_pairs(
            session, platform, pairs, reason=reason, actor_name="tester", now=platform.clock.now(),
            ignore_splits=reason == "manual", **more,
        )  # fmt: skip


def undo(platform: Platform, merge_id: int) -> None:
    with platform.database.unit_of_work() as session:
        undo_merge(session, merge_id, actor_name="tester", now=platform.clock.now())


def buyers(platform: Platform, *values: str) -> list[int]:
    """A customer for each value, with a few rows of their own."""
    with platform.database.unit_of_work() as session:
        now = platform.clock.now()
        found = resolve_identities(session, platform, "buyer_id", "pos", values, create=True, now=now)
        facts = [
            EventFact(found[value], "order_placed", now, "pos", f"{value}-{n}") for value in values for n in range(3)
        ]
        record_events(session, facts)
        return [found[value] for value in values]


def test_one_unionid_is_one_person(platform: Platform, clock: FixedClock) -> None:
    organise(platform)
    at = clock.now()
    sync(platform, item("wm1", "amber", at - timedelta(days=2), unionid="u1"))
    sync(platform, item("wm2", "amber", at - timedelta(days=9), unionid="u1"))
    survivor = customer_of(platform, "wm1")
    assert survivor.id == customer_of(platform, "wm2").id
    assert survivor.first_added_at == (at - timedelta(days=9)).replace(microsecond=0)
    with platform.database.unit_of_work() as session:
        (noted,) = merges_of(session, survivor.id)
        assert (noted.reason, noted.actor_name) == ("unionid", "system")


def test_a_mobile_merges_and_the_undo_splits_for_good(platform: Platform, clock: FixedClock) -> None:
    organise(platform)
    at = clock.now() - timedelta(days=5)
    sync(platform, item("wm1", "amber", at, remark_mobiles=["13800136207"]))
    sync(platform, item("wm2", "cedar", at + timedelta(days=1)))
    before = owners(platform)
    sync(platform, item("wm2", "cedar", at + timedelta(days=1), clock.now(), remark_mobiles=["138 0013 6207"]))
    assert customer_of(platform, "wm1").id == customer_of(platform, "wm2").id
    with platform.database.unit_of_work() as session:
        (noted,) = merges_of(session, customer_of(platform, "wm1").id)
    undo(platform, noted.id)
    assert owners(platform) == before
    later = clock.now() + timedelta(hours=1)
    sync(platform, item("wm2", "cedar", at + timedelta(days=1), later, remark_mobiles=["13800136207", "13900000001"]))
    assert customer_of(platform, "wm1").id != customer_of(platform, "wm2").id
    with pytest.raises(MergeUndone):
        undo(platform, noted.id)


def test_a_mobile_of_many_waits_for_a_person(platform: Platform, clock: FixedClock) -> None:
    organise(platform)
    at = clock.now() - timedelta(days=5)
    shop = [item(f"wm{n}", "amber", at, remark_mobiles=["13800136207"]) for n in range(5)]
    sync(platform, *shop)
    assert len({customer_of(platform, f"wm{n}").id for n in range(5)}) == 5
    with platform.database.unit_of_work() as session:
        (found,), total = list_duplicates(session, platform, limit=20, offset=0)
        assert (total, found.claims, len(found.customer_ids)) == (1, 5, 5)
        assert found.mobile_masked == "138 •••• 6207"
        assert dismiss_duplicates(session, found.identity_id, now=clock.now()) == 4
        assert list_duplicates(session, platform, limit=20, offset=0) == ([], 0)


def test_the_owner_says_how_many_may_share_a_mobile(
    platform: Platform, clock: FixedClock, app_client: Callable[..., TestClient]
) -> None:
    organise(platform)
    owner, path = app_client("owner"), "/api/v1/customers/settings"
    assert owner.get(path).json() == {"shared_mobile_limit": 3}
    assert app_client("operator").put(path, json={"shared_mobile_limit": 5}).status_code == 403
    assert owner.put(path, json={"shared_mobile_limit": 5}).status_code == 200
    at = clock.now() - timedelta(days=5)
    sync(platform, *(item(f"wm{n}", "amber", at, remark_mobiles=["13800136207"]) for n in range(5)))
    assert owner.get("/api/v1/customers").json()["total"] == 1


def test_linking_as_a_member_system_would(platform: Platform, clock: FixedClock) -> None:
    organise(platform)
    sync(platform, *(item(f"wm{n}", "amber", clock.now() - timedelta(days=9)) for n in range(3)))
    buyer, other = buyers(platform, "b0", "b1")
    links = [
        (IdentityRef("external_userid", "", "wm0"), IdentityRef("buyer_id", "pos", "b0")),
        (IdentityRef("external_userid", "", "wm1"), IdentityRef("buyer_id", "pos", "new")),
        (IdentityRef("external_userid", "", "nobody"), IdentityRef("buyer_id", "pos", "b1")),
        (IdentityRef("external_userid", "", "wm2"), IdentityRef("mobile", "", "no mobile")),
        (IdentityRef("external_userid", "", "wm2"), IdentityRef("mobile", "", "13800136207")),
    ]
    for expected in (
        ["merged", "linked", "not_found", "invalid", "linked"],
        ["already", "already", "not_found", "invalid", "already"],
    ):
        with platform.database.unit_of_work() as session:
            results = link_identities(session, platform, links, now=clock.now(), by="members")
            assert [result.outcome for result in results] == expected
    friend = customer_of(platform, "wm0")
    assert customer_of(platform, "b0").id == friend.id != buyer
    assert customer_of(platform, "b1").id == other


def test_undo_in_the_middle_of_a_chain(platform: Platform) -> None:
    a, b, c = buyers(platform, "a", "b", "c")
    start = owners(platform)
    first = merge(platform, (a, b)).merge_ids[0]
    second = merge(platform, (b, c)).merge_ids[0]
    assert set(owners(platform).values()) == {a}
    undo(platform, first)
    assert {start[k] for k, v in owners(platform).items() if v == b} == {b}
    undo(platform, second)
    assert owners(platform) == start


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_random_merges_and_undos_restore_everything(platform: Platform, data: st.DataObject) -> None:
    example = next(EXAMPLE)
    people = buyers(platform, *(f"{example}-{n}" for n in range(5)))
    start = {row: customer for row, customer in owners(platform).items() if customer in people}
    standing: list[int] = []
    model: dict[int, int] = {}
    for _ in range(data.draw(st.integers(1, 8))):
        if standing and data.draw(st.booleans()):
            undone = standing.pop(data.draw(st.integers(0, len(standing) - 1)))
            undo(platform, undone)
            model.pop(undone)
        else:
            pair = (data.draw(st.sampled_from(people)), data.draw(st.sampled_from(people)))
            merged = merge(platform, pair)
            standing += merged.merge_ids
            model |= dict(zip(merged.merge_ids, merged.survivor_of, strict=True))
        # Every absorbed row holds nothing and points at the survivor of its tree.
        now = {row: customer for row, customer in owners(platform).items() if row in start}
        absorbed = set(model.values())
        assert not absorbed & set(now.values())
        with platform.database.unit_of_work() as session:
            query = text("select id, merged_into_id from customer where id = any(:ids)")
            rows = {row.id: row.merged_into_id for row in session.execute(query, {"ids": people})}
        assert {row for row, into in rows.items() if into is not None} == absorbed
        assert all(rows[into] is None for into in rows.values() if into is not None)
    for merge_id in data.draw(st.permutations(standing)):
        undo(platform, merge_id)
    now = owners(platform)
    assert {row: now[row] for row in start} == start


def test_merges_and_lookups_race(platform: Platform) -> None:
    """Rows written against a looked-up customer never end up at a merged one."""
    values = [f"r{n}" for n in range(20)]
    people = buyers(platform, *values)
    failures: list[BaseException] = []

    def write(worker: int) -> None:
        try:
            for turn in range(15):
                with platform.database.unit_of_work() as session:
                    now = platform.clock.now()
                    found = resolve_identities(session, platform, "buyer_id", "pos", values, create=True, now=now)
                    facts = [
                        EventFact(c, "order_placed", now, "race", f"{worker}-{turn}-{v}") for v, c in found.items()
                    ]
                    record_events(session, facts)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(3)]
    for thread in threads:
        thread.start()
    for left, right in pairwise(people):
        merge(platform, (left, right))
    for thread in threads:
        thread.join()
    assert not failures
    assert set(owners(platform).values()) == {min(people)}
    with platform.database.unit_of_work() as session:
        assert session.scalar(text("select count(*) from event where source = 'race'")) == 3 * 15 * 20
