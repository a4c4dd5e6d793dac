"""The inbox: duplicates, any order, failures, an absent WeCom."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from wecom_helpers import AES_KEY, CORP, TOKEN, Caller, Recorder, event, take_in

from simulated_brand import ApiServer
from wecom_sim.testing import Control
from wellspring.app.api import create_app
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.wecom.errors import RetryLater
from wellspring.wecom.facade import EventContext, connect_company, get_client, on_event
from wellspring.wecom.inbox import handling
from wellspring.wecom.models import WecomInbox


def connect(platform: Platform) -> None:
    with platform.database.unit_of_work() as session:
        connect_company(
            session,
            platform,
            SYSTEM,
            corp_id=CORP,
            secret="s",
            token=TOKEN,
            aes_key=AES_KEY,
            base_url="http://127.0.0.1:9",
        )


def take(platform: Platform, fields: dict[str, str]) -> str:
    return take_in(platform, *Caller().delivery(fields))


def rows(platform: Platform) -> list[WecomInbox]:
    with platform.database.unit_of_work() as session:
        return list(session.scalars(select(WecomInbox).order_by(WecomInbox.id)))


def handle_all(platform: Platform) -> None:
    for row in rows(platform):
        handling.handle(platform, row.id)


STORY = [
    event("add_external_contact", 1, UserID="s1", ExternalUserID="wmA"),
    event("edit_external_contact", 2, UserID="s1", ExternalUserID="wmA"),
    event("del_follow_user", 3, UserID="s1", ExternalUserID="wmA"),
    event("add_external_contact", 4, UserID="s1", ExternalUserID="wmA"),
    event("add_external_contact", 4, UserID="s1", ExternalUserID="wmB"),
    event("add_external_contact", 4, UserID="s2", ExternalUserID="wmA"),
]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(list(range(len(STORY))) * 2), handled_between=st.booleans())
def test_any_order_with_duplicates_ends_in_the_same_state(
    platform: Platform, recorder: Recorder, order: list[int], handled_between: bool
) -> None:
    """The handler re-reads the object, so the state is what WeCom says at the end, whatever came in which order."""
    with platform.database.unit_of_work() as session:
        session.execute(text("truncate wecom_inbox, procrastinate_jobs restart identity cascade"))
    connect(platform)
    at_wecom = {"wmA": {"s1", "s2"}, "wmB": {"s1"}}
    state: dict[str, set[str]] = {}
    applied: list[tuple[str, str]] = []

    def apply(context: EventContext, reading: set[str]) -> None:
        state[context.fields["ExternalUserID"]] = reading
        applied.append((context.fields["ExternalUserID"], str(context.inbox_id)))

    for change in ("add_external_contact", "edit_external_contact", "del_follow_user"):
        on_event(
            "change_external_contact",
            change,
            read=lambda platform, fields: set(at_wecom[fields["ExternalUserID"]]),
            apply=apply,
        )
    for index in order:
        take(platform, STORY[index])
        if handled_between:
            handle_all(platform)
    handle_all(platform)
    assert state == at_wecom
    assert [row.status for row in rows(platform)] == ["done"] * len(STORY)
    edits = 1 if handled_between else 0  # an edit that comes again after it was handled is read again
    assert len(STORY) <= len(applied) <= len(STORY) + edits


def test_two_edits_within_one_second_are_both_seen(platform: Platform, recorder: Recorder) -> None:
    connect(platform)
    remark = {"now": "first"}
    seen: list[str] = []
    on_event(
        "change_external_contact",
        "edit_external_contact",
        read=lambda platform, fields: remark["now"],
        apply=lambda context, reading: seen.append(reading),
    )
    now = int(platform.clock.now().timestamp())
    edit = event("edit_external_contact", now, UserID="s1", ExternalUserID="wmA")
    take(platform, edit)
    handle_all(platform)
    remark["now"] = "second"
    assert take(platform, edit) == "duplicate"
    handle_all(platform)
    assert seen == ["first", "second"]


def test_a_replay_long_after_it_was_read_changes_nothing(
    platform: Platform, clock: FixedClock, recorder: Recorder
) -> None:
    connect(platform)
    seen: list[int] = []
    on_event("change_external_contact", "edit_external_contact", apply=lambda context, _: seen.append(context.inbox_id))
    edit = event("edit_external_contact", int(clock.now().timestamp()), UserID="s1", ExternalUserID="wmA")
    clock.advance(timedelta(seconds=5))
    take(platform, edit)
    handle_all(platform)
    assert take(platform, edit) == "duplicate"
    assert [row.status for row in rows(platform)] == ["done"]
    handle_all(platform)
    assert len(seen) == 1


def test_an_edit_that_comes_while_the_object_is_read_is_read_again(platform: Platform, recorder: Recorder) -> None:
    connect(platform)
    edit = event("edit_external_contact", UserID="s1", ExternalUserID="wmA")
    remark = {"now": "first"}
    seen: list[str] = []

    def read(platform: Platform, fields: dict[str, str]) -> str:
        found = remark["now"]
        if found == "first":
            remark["now"] = "second"
            assert take(platform, edit) == "duplicate"
        return found

    on_event("change_external_contact", "edit_external_contact", read=read, apply=lambda _, found: seen.append(found))
    take(platform, edit)
    handle_all(platform)
    assert rows(platform)[0].status == "pending"
    handle_all(platform)
    assert seen == ["first", "second"]
    assert rows(platform)[0].status == "done"


def test_one_customer_is_handled_by_one_at_a_time(platform: Platform, recorder: Recorder) -> None:
    connect(platform)
    inside, worst, lock = 0, 0, threading.Lock()
    barrier = threading.Event()

    def read(platform: Platform, fields: dict[str, str]) -> None:
        nonlocal inside, worst
        with lock:
            inside += 1
            worst = max(worst, inside)
        barrier.wait(0.05)

    def apply(context: EventContext, reading: None) -> None:
        nonlocal inside
        with lock:
            inside -= 1

    on_event("change_external_contact", "edit_external_contact", read=read, apply=apply)
    for second in range(6):
        take(platform, event("edit_external_contact", second, UserID="s1", ExternalUserID="wmA"))
    threads = [threading.Thread(target=handling.handle, args=(platform, row.id)) for row in rows(platform)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert worst == 1
    assert {row.status for row in rows(platform)} == {"done"}


def test_a_failing_handler_ends_visible_and_can_be_retried(
    platform: Platform, recorder: Recorder, app_client: Callable[..., TestClient]
) -> None:
    connect(platform)
    broken = True

    def apply(context: EventContext, reading: None) -> None:
        context.session.execute(update(WecomInbox).values(change_type="half-done"))
        if broken:
            raise ValueError("no such column")

    on_event("change_external_contact", "del_follow_user", apply=apply)
    take(platform, event("del_follow_user", UserID="s1", ExternalUserID="wmA"))
    for attempt in range(handling.MAX_FAILURES):
        assert rows(platform)[0].status == "pending", attempt
        handle_all(platform)
    row = rows(platform)[0]
    assert (row.status, row.attempts, row.change_type) == ("failed", handling.MAX_FAILURES, "del_follow_user")
    client = app_client()
    listed = client.get("/api/v1/wecom/inbox", params={"status": "failed"}).json()
    assert listed["total"] == 1
    assert "no such column" in listed["items"][0]["error"]
    assert client.get("/api/v1/wecom/status").json()["inbox_failed"] == 1
    broken = False
    assert client.post(f"/api/v1/wecom/inbox/{row.id}/retry").json()["status"] == "pending"
    handle_all(platform)
    assert rows(platform)[0].status == "done"
    assert client.post(f"/api/v1/wecom/inbox/{row.id}/retry").json()["error"]["code"] == "wecom_not_open"


def test_an_absent_wecom_never_fails_a_callback(platform: Platform, recorder: Recorder) -> None:
    connect(platform)
    away = True

    def read(platform: Platform, fields: dict[str, str]) -> str:
        if away:
            raise RetryLater("busy", errcode=-1)
        return "read"

    on_event("change_external_contact", "del_follow_user", read=read, apply=lambda context, reading: None)
    take(platform, event("del_follow_user", UserID="s1", ExternalUserID="wmA"))
    for _ in range(handling.MAX_FAILURES * 3):
        handle_all(platform)
    assert rows(platform)[0].status == "pending"
    away = False
    handle_all(platform)
    assert rows(platform)[0].status == "done"


def test_a_lost_job_does_not_lose_the_callback(
    platform: Platform, recorder: Recorder, run_jobs: Callable[[], None]
) -> None:
    connect(platform)
    on_event("change_external_contact", "del_follow_user", apply=lambda context, reading: None)
    take(platform, event("del_follow_user", UserID="s1", ExternalUserID="wmA"))
    with platform.database.unit_of_work() as session:
        session.execute(text("truncate procrastinate_jobs cascade"))
        session.execute(text("update wecom_inbox set due_at = now() - interval '5 minutes'"))
    assert handling.sweep(platform) == 1
    assert handling.sweep(platform) == 0
    run_jobs()
    assert rows(platform)[0].status == "done"


def test_the_simulators_callbacks_arrive_and_the_object_is_read(
    connected: Platform, served: ApiServer, sim: Control, recorder: Recorder, run_jobs: Callable[[], None]
) -> None:
    """Scan -> callback over HTTP -> inbox -> re-read at WeCom; with every callback sent twice and out of order."""
    found: dict[str, Any] = {}

    def apply(context: EventContext, detail: Any) -> None:
        found[context.fields["ExternalUserID"]] = (context.fields.get("State"), detail.external_contact.name)

    on_event(
        "change_external_contact",
        "add_external_contact",
        read=lambda platform, fields: get_client(platform).customers.get(fields["ExternalUserID"]),
        apply=apply,
    )
    sim.callback_faults(duplicate=1.0, reorder=1.0)
    way = get_client(connected).contact_ways.add(type=2, scene=2, user=["staff001", "staff002"], state="door")
    scanned = [sim.scan(way.config_id, customer={"name": name})["external_userid"] for name in ("陈一", "林二", "周三")]
    sim.wait_for_callbacks()
    run_jobs()
    assert found == dict(zip(scanned, [("door", "陈一"), ("door", "林二"), ("door", "周三")], strict=True))
    assert len(rows(connected)) == 3


def test_the_inbox_list_needs_its_permission(platform: Platform, app_client: Callable[..., TestClient]) -> None:
    assert app_client(role="staff").get("/api/v1/wecom/inbox").status_code == 403
    assert TestClient(create_app(platform)).get("/api/v1/wecom/inbox").status_code == 401


def test_what_was_handled_a_month_ago_is_forgotten(platform: Platform, clock: FixedClock, recorder: Recorder) -> None:
    connect(platform)
    on_event("change_external_contact", "del_follow_user", apply=lambda context, reading: None)
    take(platform, event("del_follow_user", 1, UserID="s1", ExternalUserID="wmA"))
    handle_all(platform)
    clock.advance(handling.KEEP + timedelta(minutes=1))
    take(platform, event("del_follow_user", 2, UserID="s1", ExternalUserID="wmA"))
    assert handling.forget(platform) == 1
    assert [row.status for row in rows(platform)] == ["pending"]
