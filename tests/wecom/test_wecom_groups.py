"""Customer groups against the simulator: the sync's stage, callbacks in any order, what callbacks lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from group_steps import (
    Jobs,
    arrive,
    friends,
    group_events,
    members_known,
    members_there,
    move,
    picture,
    settle,
    statuses,
    sync,
    waiting,
)
from sqlalchemy import text
from wecom_helpers import context

from simulated_brand import ApiServer
from wecom_sim.testing import Control
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.wecom.company import get_client
from wellspring.wecom.facade import start_full_sync
from wellspring.wecom.inbox import handling
from wellspring.wecom.models import WecomSyncRun
from wellspring.wecom.sync import groups, jobs, registry, run

OWNER, COLLEAGUE, OTHER = "staff006", "staff007", "staff002"


@pytest.fixture
def brand(sim: Control, clock: FixedClock) -> list[str]:
    """Three groups of two owners, of which no callback was sent; their chat_ids. The lag is over."""
    made = [
        sim.group_create(OWNER, "湖滨老友", friends(sim, OWNER, 3), userids=[COLLEAGUE]),
        sim.group_create(OWNER, "湖滨福利", friends(sim, OWNER, 1)),
        sim.group_create(OTHER, "武康闲聊", friends(sim, OTHER, 2)),
    ]
    move(sim, clock, timedelta(seconds=5))
    return [group["chat_id"] for group in made]


def run_of(platform: Platform, run_id: int) -> WecomSyncRun:
    with platform.database.unit_of_work() as session:
        return session.get_one(WecomSyncRun, run_id)


# The sync's stage


def test_the_sync_takes_groups_with_their_members(
    connected: Platform, sim: Control, brand: list[str], run_jobs: Jobs
) -> None:
    row = run_of(connected, sync(connected, run_jobs))
    assert (row.status, row.error, row.progress["counts"]["groups"]) == ("done", None, 3)
    assert members_known(connected) == members_there(sim)
    with connected.database.unit_of_work() as session:
        group = session.execute(
            text("select g.*, s.userid from group_chat g join staff_member s on s.id = g.owner_id where chat_id = :c"),
            {"c": brand[0]},
        ).one()
        kinds = dict(session.execute(text("select kind, count(*) from group_member group by 1")).all())
        colleague = session.execute(text("select * from group_member where userid = :u"), {"u": COLLEAGUE}).one()
    assert (group.name, group.userid, group.status) == ("湖滨老友", OWNER, "normal")
    assert (group.member_count, group.customer_count) == (5, 3)
    assert kinds == {"staff": 4, "customer": 6}
    assert (colleague.join_scene, colleague.invitor) == ("invited", OWNER)
    assert colleague.staff_id is not None
    before = picture(connected)
    sync(connected, run_jobs)
    assert picture(connected) == before


def test_somebody_nobody_added_becomes_a_customer_and_stays_the_same_person(
    served: ApiServer, connected: Platform, sim: Control, clock: FixedClock, brand: list[str], run_jobs: Jobs
) -> None:
    sync(connected, run_jobs)
    stranger = sim.post("customers", {"name": "群里的路人"})["external_userid"]
    sim.group_link(brand[0], OWNER, stranger)
    settle(connected, sim, clock)
    query = text(
        "select c.id, c.name, c.kind, c.first_added_at from customer c join identity i on i.customer_id = c.id"
        " where i.value_index = :one"
    )
    with connected.database.unit_of_work() as session:
        known = session.execute(query, {"one": stranger}).one()
    assert (known.name, known.kind, known.first_added_at) == ("群里的路人", "wechat", None)
    assert group_events(connected, stranger) == [("group_joined", "link")]


def test_a_company_too_large_for_one_list_is_asked_owner_by_owner(
    connected: Platform,
    sim: Control,
    clock: FixedClock,
    brand: list[str],
    run_jobs: Jobs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(groups, "OWNERS", 5)
    sim.settings(group_list_people_max=3)
    row = run_of(connected, sync(connected, run_jobs))
    assert row.status == "done"
    assert members_known(connected) == members_there(sim)
    sim.group_dismiss(brand[1], OWNER)
    move(sim, clock, timedelta(minutes=10))
    assert run_of(connected, sync(connected, run_jobs)).progress["corrections"] == {"group_dismissed": 1}
    assert members_known(connected) == members_there(sim)


def test_groups_that_cannot_be_read_are_passed_over_with_a_word(
    connected: Platform, sim: Control, brand: list[str], run_jobs: Jobs, app_client: Callable[..., TestClient]
) -> None:
    sync(connected, run_jobs)
    before = members_known(connected)
    sim.faults({"kind": "errcode", "path": "*groupchat/get", "rate": 1.0, "code": 60011})
    sync(connected, run_jobs)
    latest = app_client().get("/api/v1/wecom/sync").json()["latest"]
    assert (latest["status"], latest["skipped"], latest["corrections"]) == ("done", {"no_right_on_member": 3}, {})
    assert members_known(connected) == before, "not to be read is not to be gone"
    sim.faults({"kind": "errcode", "path": "*groupchat/list", "rate": 1.0, "code": 48002})
    sync(connected, run_jobs)
    latest = app_client().get("/api/v1/wecom/sync").json()["latest"]
    assert (latest["status"], latest["skipped"]) == ("done", {"no_right": 1})
    assert members_known(connected) == before


@pytest.mark.parametrize("killed_at", [1, 2, 3])
def test_a_run_killed_among_the_groups_goes_on_there(
    connected: Platform, sim: Control, brand: list[str], monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    monkeypatch.setattr(groups, "GROUPS_PER_STEP", 1)
    read: list[str] = []
    true_deliver = registry.deliver

    class Killed(BaseException):
        pass

    def deliver(session: Any, platform: Platform, kind: Any, items: list[Any]) -> Any:
        corrected = true_deliver(session, platform, kind, items)
        if kind == "groups":
            read.extend(item.chat_id for item in items)
            if len(read) == killed_at:
                raise Killed
        return corrected

    monkeypatch.setattr(run, "deliver", deliver)
    with connected.database.unit_of_work() as session:
        run_id = start_full_sync(session, connected, SYSTEM)
    with pytest.raises(Killed):
        jobs.run_full_sync(context(connected), run_id=run_id)
    assert run_of(connected, run_id).progress["stage"] == "groups"
    jobs.run_full_sync(context(connected), run_id=run_id)
    assert run_of(connected, run_id).status == "done"
    assert members_known(connected) == members_there(sim)
    assert len(read) == 4, "only the group whose step was cut is read again"


# Callbacks


@pytest.fixture
def told(
    served: ApiServer, connected: Platform, sim: Control, brand: list[str], clock: FixedClock, run_jobs: Jobs
) -> list[str]:
    """Synced, and callbacks arrive from here on; the chat_ids."""
    settle(connected, sim, clock)
    sync(connected, run_jobs)
    assert members_known(connected) == members_there(sim)
    return brand


def test_a_new_group_and_who_comes_and_goes(
    connected: Platform, sim: Control, clock: FixedClock, told: list[str]
) -> None:
    first, second = friends(sim, OWNER, 5)[3:]
    chat_id = sim.group_create(OWNER, "新群", [first])["chat_id"]
    config_id = get_client(connected).join_ways.add([chat_id], state="shop-window")
    settle(connected, sim, clock)
    sim.group_join(config_id, second)
    settle(connected, sim, clock)
    assert members_known(connected) == members_there(sim)
    assert group_events(connected, second) == [("group_joined", "qr")]
    with connected.database.unit_of_work() as session:
        row = session.execute(text("select * from group_member where userid = :u"), {"u": second}).one()
    assert (row.join_scene, row.state, row.left_at) == ("qr", "shop-window", None)
    sim.group_quit(chat_id, second)
    sent_at = clock.now()
    settle(connected, sim, clock)
    sim.group_remove(chat_id, OWNER, first)
    settle(connected, sim, clock)
    assert group_events(connected, second)[-1] == ("group_left", "quit")
    assert group_events(connected, first) == [("group_joined", "invited"), ("group_left", "removed")]
    with connected.database.unit_of_work() as session:
        left_at = session.scalar(text("select left_at from group_member where userid = :u"), {"u": second})
    assert left_at == sent_at.replace(microsecond=0)
    sim.group_join(config_id, second)
    settle(connected, sim, clock)
    assert group_events(connected, second)[-1] == ("group_joined", "qr"), "a membership may live again"
    sim.group_change(chat_id, OWNER, name="新群改名", notice="周三会员日")
    settle(connected, sim, clock)
    sim.group_dismiss(chat_id, OWNER)
    settle(connected, sim, clock)
    assert members_known(connected) == members_there(sim)
    assert group_events(connected, second)[-1] == ("group_left", "dismissed")
    with connected.database.unit_of_work() as session:
        group = session.execute(text("select * from group_chat where chat_id = :c"), {"c": chat_id}).one()
    assert (group.name, group.notice, group.dismissed_at is not None) == ("新群改名", "周三会员日", True)
    assert set(statuses(connected)) == {"done"}


def test_what_wecom_does_not_show_yet_is_read_again_at_no_cost(
    connected: Platform, sim: Control, clock: FixedClock, told: list[str]
) -> None:
    (late,) = friends(sim, OWNER, 4)[3:]
    sim.group_invite(told[0], OWNER, late)
    sim.group_change(told[1], OWNER, name="改名的群")
    ids = arrive(connected, sim)
    handling.handle_many(connected, ids)
    assert waiting(connected) == ids
    with connected.database.unit_of_work() as session:
        rows = session.execute(text("select failures, error from wecom_inbox where status = 'pending'")).all()
    assert {row.failures for row in rows} == {0}
    assert all(row.error.startswith("NotThereYet") for row in rows)
    settle(connected, sim, clock)
    assert waiting(connected) == []
    assert members_known(connected) == members_there(sim)


def test_callbacks_repeated_and_reordered_come_to_the_same(
    connected: Platform, sim: Control, clock: FixedClock, told: list[str]
) -> None:
    staying, leaving = friends(sim, OWNER, 5)[3:]
    sim.callback_faults(duplicate=1.0)
    sim.group_invite(told[0], OWNER, staying, leaving)
    move(sim, clock, timedelta(seconds=1))
    sim.group_quit(told[0], leaving)
    move(sim, clock, timedelta(seconds=1))
    sim.group_change(told[0], OWNER, name="换了名字")
    sim.group_dismiss(told[1], OWNER)
    settle(connected, sim, clock, backwards=True)
    assert members_known(connected) == members_there(sim)
    assert group_events(connected, staying) == [("group_joined", "invited")]
    before = picture(connected)
    with connected.database.unit_of_work() as session:
        session.execute(text("update wecom_inbox set status = 'pending'"))
    settle(connected, sim, clock)
    move(sim, clock, timedelta(seconds=20))  # who came and went between two readings is not waited for for ever
    handling.handle_many(connected, waiting(connected))
    assert waiting(connected) == []
    assert picture(connected) == before


def test_an_older_company_without_lists_and_versions(
    connected: Platform, sim: Control, clock: FixedClock, told: list[str]
) -> None:
    sim.settings(group_event_member_list=False)
    (late,) = friends(sim, OWNER, 4)[3:]
    sim.group_invite(told[0], OWNER, late)
    handling.handle_many(connected, arrive(connected, sim))
    assert len(waiting(connected)) == 1
    settle(connected, sim, clock)
    assert members_known(connected) == members_there(sim)
    sim.group_quit(told[0], late)
    settle(connected, sim, clock)
    assert group_events(connected, late) == [("group_joined", "invited"), ("group_left", None)]


# What callbacks lost


def test_the_nightly_sync_finds_lost_group_events_and_counts_them(
    connected: Platform,
    sim: Control,
    clock: FixedClock,
    brand: list[str],
    run_jobs: Jobs,
    app_client: Callable[..., TestClient],
) -> None:
    sync(connected, run_jobs)
    client = app_client()
    assert client.get("/api/v1/wecom/sync").json()["latest"]["corrections"] == {}, "the first one corrects nothing"
    old = friends(sim, OWNER, 4)
    sim.group_quit(brand[0], old[0])
    sim.group_invite(brand[0], OWNER, old[3])
    sim.group_change(brand[0], OWNER, name="改过的群")
    sim.group_dismiss(brand[2], OTHER)
    sim.group_create(OTHER, "没人告诉的群", friends(sim, OTHER, 2))
    move(sim, clock, timedelta(minutes=10))
    sync(connected, run_jobs)
    assert client.get("/api/v1/wecom/sync").json()["latest"]["corrections"] == {
        "group_changed": 1,
        "group_dismissed": 1,
        "group_found": 1,
        "group_member_joined": 1,
        "group_member_left": 1,
    }
    assert members_known(connected) == members_there(sim)
    assert group_events(connected, old[0])[-1] == ("group_left", None)
    sync(connected, run_jobs)
    assert client.get("/api/v1/wecom/sync").json()["latest"]["corrections"] == {}
