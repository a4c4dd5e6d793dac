"""The outbox against the simulator: no deed twice, none lost, whatever is cut where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text, update
from wecom_helpers import Recorder

from wecom_sim.testing import Control
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.wecom.errors import RetryLater
from wellspring.wecom.facade import get_client, on_settled
from wellspring.wecom.models import WecomOutbox, WecomQuotaWindow
from wellspring.wecom.outbox import registry, sending

Plan = Callable[..., int]


class Killed(BaseException):
    """The process dies here."""


def row_of(platform: Platform, outbox_id: int) -> WecomOutbox:
    with platform.database.unit_of_work() as session:
        return session.get_one(WecomOutbox, outbox_id)


def make_due(platform: Platform) -> None:
    with platform.database.unit_of_work() as session:
        session.execute(text("update wecom_outbox set due_at = now() - interval '1 second'"))


def send_until_settled(platform: Platform, outbox_id: int, turns: int = 5) -> WecomOutbox:
    for _ in range(turns):
        make_due(platform)
        sending.send(platform, outbox_id)
    return row_of(platform, outbox_id)


def friends(sim: Control, userid: str) -> list[str]:
    return [
        r["external_userid"] for r in sim.export() if r["userid"] == userid and r["status"] == "friend" and r["on_api"]
    ]


def message(sim: Control, content: str = "新品到店", userid: str = "staff001", count: int = 3) -> dict[str, Any]:
    return {"sender": userid, "external_userids": friends(sim, userid)[:count], "text": content, "attachments": []}


def dies_after(monkeypatch: pytest.MonkeyPatch, kind: str, *, before: bool = False) -> None:
    """The next call of this kind is made, then the process dies before anything is recorded."""
    executor = registry.executor_of(kind)

    def make(platform: Platform, client: Any, payload: dict[str, Any]) -> dict[str, Any]:
        registry.add_executor(executor)
        if not before:
            executor.make(platform, client, payload)
        raise Killed

    monkeypatch.setitem(registry._executors, kind, registry.Executor(kind, make, executor.resolve, executor.repeatable))


def test_the_same_key_is_one_call(connected: Platform, sim: Control, recorder: Recorder, plan: Plan) -> None:
    recorder.watch("mass_message")
    first = plan("mass_message", "broadcast:1:staff001", message(sim))
    assert plan("mass_message", "broadcast:1:staff001", message(sim, "another text")) == first
    for _ in range(3):
        sending.send(connected, first)
    row = row_of(connected, first)
    assert row.status == "done"
    assert row.result["msgid"].startswith("msg")
    assert recorder.settled == [(first, "done", None)], "told once"
    assert len(sim.ledger(kind="mass_created")) == 1


def test_a_job_is_there_exactly_when_the_plan_is(
    connected: Platform, sim: Control, recorder: Recorder, plan: Plan, run_jobs: Callable[[], None]
) -> None:
    outbox_id = plan("mass_message", "k", message(sim))
    run_jobs()
    assert row_of(connected, outbox_id).status == "done"


@pytest.mark.parametrize("how", ["killed", "cut"])
def test_a_mass_message_made_but_not_recorded_is_found_not_repeated(
    connected: Platform, sim: Control, recorder: Recorder, plan: Plan, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    recorder.watch("mass_message")
    outbox_id = plan("mass_message", "k", message(sim))
    if how == "killed":
        dies_after(monkeypatch, "mass_message")
        with pytest.raises(Killed):
            sending.send(connected, outbox_id)
        assert row_of(connected, outbox_id).status == "sending"
    else:
        sim.faults({"kind": "cut_after", "path": "*add_msg_template", "rate": 1.0, "times": 1})
        sending.send(connected, outbox_id)
        assert row_of(connected, outbox_id).status == "unknown"
    assert recorder.settled == []
    row = send_until_settled(connected, outbox_id)
    created = sim.ledger(kind="mass_created")
    assert len(created) == 1
    assert (row.status, row.result["msgid"]) == ("done", created[0]["data"]["msgid"])
    assert recorder.settled == [(outbox_id, "done", None)]


def test_a_mass_message_never_made_is_made_after_asking_twice(
    connected: Platform, sim: Control, recorder: Recorder, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox_id = plan("mass_message", "k", message(sim))
    dies_after(monkeypatch, "mass_message", before=True)
    with pytest.raises(Killed):
        sending.send(connected, outbox_id)
    make_due(connected)
    sending.send(connected, outbox_id)
    assert row_of(connected, outbox_id).status == "unknown", "one answer is not believed"
    assert sim.ledger(kind="mass_created") == []
    assert send_until_settled(connected, outbox_id).status == "done"
    assert len(sim.ledger(kind="mass_created")) == 1


def test_parts_that_differ_only_in_recipients_are_told_apart(
    connected: Platform, sim: Control, recorder: Recorder, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = friends(sim, "staff001")
    halves = [everybody[:2], everybody[2:4]]
    ids = []
    for number, half in enumerate(halves):
        payload = {"sender": "staff001", "external_userids": half, "text": "同一句话", "attachments": []}
        ids.append(plan("mass_message", f"part:{number}", payload))
        dies_after(monkeypatch, "mass_message")
        with pytest.raises(Killed):
            sending.send(connected, ids[-1])
    found = [send_until_settled(connected, outbox_id) for outbox_id in ids]
    assert [row.status for row in found] == ["done", "done"]
    assert len(sim.ledger(kind="mass_created")) == 2
    for row, half in zip(found, halves, strict=True):
        results = get_client(connected).messages.results(row.result["msgid"], "staff001")
        assert {result.external_userid for result in results} == set(half)


def test_what_cannot_be_told_waits_for_a_person(
    connected: Platform,
    sim: Control,
    recorder: Recorder,
    plan: Plan,
    monkeypatch: pytest.MonkeyPatch,
    app_client: Callable[..., TestClient],
) -> None:
    """The same words to the same people twice: WeCom shows two messages that could be it."""
    recorder.watch("mass_message")
    payload = message(sim)
    get_client(connected).messages.add(
        text=payload["text"], external_userids=payload["external_userids"], sender=payload["sender"]
    )
    outbox_id = plan("mass_message", "k", payload)
    dies_after(monkeypatch, "mass_message")
    with pytest.raises(Killed):
        sending.send(connected, outbox_id)
    row = send_until_settled(connected, outbox_id)
    assert row.status == "unknown"
    assert len(row.result["candidates"]) == 2
    assert len(sim.ledger(kind="mass_created")) == 2
    client = app_client()
    listed = client.get("/api/v1/wecom/outbox", params={"status": "unknown"}).json()["items"]
    assert [entry["id"] for entry in listed] == [outbox_id]
    path = f"/api/v1/wecom/outbox/{outbox_id}/decide"
    assert client.post(path, json={"decision": "took_effect"}).json()["error"]["fields"].keys() == {"reference"}
    decided = client.post(path, json={"decision": "took_effect", "reference": row.result["candidates"][1]}).json()
    assert (decided["status"], decided["result"]) == ("done", {"msgid": row.result["candidates"][1]})
    assert recorder.settled == [(outbox_id, "done", None)]
    assert client.post(path, json={"decision": "send_again"}).json()["error"]["code"] == "wecom_not_open"


def scan(sim: Control, connected: Platform) -> dict[str, Any]:
    way = get_client(connected).contact_ways.add(type=2, scene=2, user=["staff001"], state="door")
    result: dict[str, Any] = sim.scan(way.config_id, customer={"name": "陈一"})
    return result


def welcome(sim: Control, connected: Platform, plan: Plan, clock: FixedClock) -> tuple[int, str]:
    scanned = scan(sim, connected)
    payload = {"welcome_code": scanned["welcome_code"], "text": "你好，我是小陈", "attachments": []}
    not_after = clock.now() + timedelta(seconds=20)
    outbox_id = plan("welcome", f"welcome:{scanned['external_userid']}", payload, not_after=not_after)
    return outbox_id, scanned["external_userid"]


def test_a_welcome_is_delivered_once(
    connected: Platform, sim: Control, recorder: Recorder, plan: Plan, clock: FixedClock
) -> None:
    outbox_id, external_userid = welcome(sim, connected, plan, clock)
    sending.send(connected, outbox_id)
    sending.send(connected, outbox_id)
    assert row_of(connected, outbox_id).status == "done"
    delivered = sim.ledger(kind="welcome_delivered", external_userid=external_userid)
    assert [entry["data"]["text"] for entry in delivered] == ["你好，我是小陈"]


def test_a_welcome_whose_answer_was_lost_arrives_once(
    connected: Platform,
    sim: Control,
    recorder: Recorder,
    plan: Plan,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorder.watch("welcome")
    outbox_id, external_userid = welcome(sim, connected, plan, clock)
    dies_after(monkeypatch, "welcome")
    with pytest.raises(Killed):
        sending.send(connected, outbox_id)
    row = send_until_settled(connected, outbox_id)
    assert (row.status, row.errcode) == ("done", 41051)
    assert len(sim.ledger(kind="welcome_delivered", external_userid=external_userid)) == 1
    assert [status for _, status, _ in recorder.settled] == ["done"]


def test_a_welcome_after_twenty_seconds_is_not_even_tried(
    connected: Platform, sim: Control, recorder: Recorder, plan: Plan, clock: FixedClock
) -> None:
    outbox_id, _ = welcome(sim, connected, plan, clock)
    clock.advance(timedelta(seconds=21))
    sending.send(connected, outbox_id)
    row = row_of(connected, outbox_id)
    assert (row.status, row.error, row.attempts) == ("refused", "too_late", 0)


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [(41050, "refused", "welcome_code_expired"), (41051, "refused", "chat_already_started"), (41096, "done", None)],
)
def test_what_wecom_says_to_a_welcome(
    connected: Platform,
    sim: Control,
    recorder: Recorder,
    plan: Plan,
    clock: FixedClock,
    code: int,
    status: str,
    error: str | None,
) -> None:
    """41096: another app is sending its own, which may be over a moment later."""
    outbox_id, _ = welcome(sim, connected, plan, clock)
    sim.faults({"kind": "errcode", "path": "*send_welcome_msg", "rate": 1.0, "code": code, "times": 2})
    sending.send(connected, outbox_id)
    row = row_of(connected, outbox_id)
    assert (row.status, row.error, row.attempts) == (status, error, 1)


def test_busy_and_absent_put_it_back_with_its_next_time(
    connected: Platform, sim: Control, recorder: Recorder, plan: Plan
) -> None:
    outbox_id = plan("mass_message", "k", message(sim))
    sim.faults({"kind": "errcode", "path": "*add_msg_template", "rate": 1.0, "code": 45009, "times": 1})
    sending.send(connected, outbox_id)
    row = row_of(connected, outbox_id)
    assert (row.status, row.errcode, row.attempts) == ("planned", 45009, 1)
    assert send_until_settled(connected, outbox_id, turns=3).status == "planned", "the window is closed for a minute"
    assert row_of(connected, outbox_id).attempts == 1
    with connected.database.unit_of_work() as session:
        session.execute(update(WecomQuotaWindow).values(blocked_until=None))
    sim.faults({"kind": "cut_before", "path": "*add_msg_template", "rate": 1.0, "times": 1})
    assert send_until_settled(connected, outbox_id).status == "done"
    assert len(sim.ledger(kind="mass_created")) == 1


def test_tries_are_used_up_but_absence_is_no_try(
    connected: Platform, sim: Control, recorder: Recorder, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.watch("remark")
    errors: list[Exception] = []

    def make(platform: Platform, client: Any, payload: dict[str, Any]) -> dict[str, Any]:
        raise errors[0]

    monkeypatch.setitem(registry._executors, "remark", registry.Executor("remark", make, repeatable=True))
    outbox_id = plan("remark", "k", {"userid": "staff001", "external_userid": "wm", "remark": "a"})
    from wellspring.wecom.errors import Unreachable

    errors[:] = [Unreachable("away")]
    row = send_until_settled(connected, outbox_id, turns=sending.MAX_TRIES + 5)
    assert (row.status, row.attempts) == ("planned", 0)
    errors[:] = [RetryLater("busy", errcode=-1)]
    row = send_until_settled(connected, outbox_id, turns=sending.MAX_TRIES + 5)
    assert (row.status, row.error, row.attempts) == ("refused", "tries_used_up", sending.MAX_TRIES)
    assert len(recorder.settled) == 1


def test_repeatable_deeds_are_repeated_after_a_crash(
    connected: Platform, sim: Control, recorder: Recorder, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = friends(sim, "staff001")[0]
    outbox_id = plan("remark", "k", {"userid": "staff001", "external_userid": customer, "remark": "老客"})
    dies_after(monkeypatch, "remark")
    with pytest.raises(Killed):
        sending.send(connected, outbox_id)
    assert send_until_settled(connected, outbox_id).status == "done"
    assert any(f.remark == "老客" for f in get_client(connected).customers.get(customer).follow_user)


def test_a_contact_way_whose_answer_was_lost_is_found_by_its_state(
    connected: Platform, sim: Control, recorder: Recorder, plan: Plan
) -> None:
    outbox_id = plan(
        "contact_way_add", "k", {"type": 2, "scene": 2, "user": ["staff001", "staff002"], "state": "lc-77"}
    )
    sim.faults({"kind": "cut_after", "path": "*add_contact_way", "rate": 1.0, "times": 1})
    row = send_until_settled(connected, outbox_id)
    assert row.status == "done"
    assert list(get_client(connected).contact_ways.ids()) == [row.result["config_id"]]
    assert row.result["qr_code"]


def test_tags_whose_answer_was_lost_are_found_by_name(
    connected: Platform, sim: Control, recorder: Recorder, plan: Plan
) -> None:
    outbox_id = plan("corp_tag_add", "k", {"group_name": "来源门店", "names": ["湖滨", "武康"]})
    sim.faults({"kind": "cut_after", "path": "*add_corp_tag", "rate": 1.0, "times": 1})
    row = send_until_settled(connected, outbox_id)
    assert (row.status, {tag["name"] for tag in row.result["tags"]}) == ("done", {"湖滨", "武康"})


def test_a_refusal_is_told_with_its_reason(connected: Platform, sim: Control, recorder: Recorder, plan: Plan) -> None:
    recorder.watch("mark_tag")
    outbox_id = plan("mark_tag", "k", {"userid": "staff001", "external_userid": "wmNOBODY", "add_tag": ["et1"]})
    sending.send(connected, outbox_id)
    row = row_of(connected, outbox_id)
    assert row.status == "refused"
    assert row.errcode
    assert recorder.settled == [(outbox_id, "refused", row.error)]


def test_an_outcome_survives_a_listener_that_fails(
    connected: Platform, sim: Control, recorder: Recorder, plan: Plan, clock: FixedClock
) -> None:
    """A welcome that was delivered is recorded as delivered, even when the listener only works the second time."""
    calls: list[str] = []

    def listen(session: Any, platform: Platform, row: WecomOutbox) -> None:
        calls.append(row.status)
        if len(calls) == 1:
            raise ValueError("listener is broken")

    on_settled("welcome", listen)
    outbox_id, external_userid = welcome(sim, connected, plan, clock)
    with pytest.raises(ValueError, match="listener is broken"):
        sending.send(connected, outbox_id)
    assert row_of(connected, outbox_id).status == "sending"
    sending.send(connected, outbox_id)
    assert row_of(connected, outbox_id).status == "done"
    assert calls == ["done", "done"]
    assert len(sim.ledger(kind="welcome_delivered", external_userid=external_userid)) == 1


def test_a_lost_job_does_not_lose_the_call(
    connected: Platform, sim: Control, recorder: Recorder, plan: Plan, run_jobs: Callable[[], None]
) -> None:
    outbox_id = plan("mass_message", "k", message(sim))
    with connected.database.unit_of_work() as session:
        session.execute(text("truncate procrastinate_jobs cascade"))
        session.execute(text("update wecom_outbox set due_at = now() - interval '5 minutes'"))
    assert sending.sweep(connected) == 1
    assert sending.sweep(connected) == 0
    run_jobs()
    assert row_of(connected, outbox_id).status == "done"


def test_while_somebody_sends_nobody_else_does(
    connected: Platform, sim: Control, recorder: Recorder, plan: Plan
) -> None:
    from wellspring.wecom.locks import try_alone

    outbox_id = plan("mass_message", "k", message(sim))
    with try_alone(connected, f"wecom.outbox:{outbox_id}") as held:
        assert held
        sending.send(connected, outbox_id)
        assert row_of(connected, outbox_id).status == "planned"
