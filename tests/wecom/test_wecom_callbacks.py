"""The callback address: what it takes in, what it refuses, and that a refusal leaves nothing behind."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from structlog.testing import capture_logs
from wecom_helpers import Caller, event

from wellspring.app.api import create_app
from wellspring.platform.metrics import CALLBACKS
from wellspring.platform.runtime import Platform
from wellspring.wecom.inbox import collector
from wellspring.wecom.models import WecomInbox

ADDED = event("add_external_contact", UserID="staff001", ExternalUserID="wm1", WelcomeCode="CODE")


def stored(platform: Platform) -> int:
    with platform.database.unit_of_work() as session:
        jobs = session.execute(select(func.count()).select_from(WecomInbox)).scalar_one()
        return int(jobs)


def counted(outcome: str) -> float:
    return CALLBACKS.labels(outcome)._value.get()


def post(address: TestClient, query: dict[str, str], body: bytes) -> int:
    return int(address.post("/callback/wecom", params=query, content=body).status_code)


def test_the_url_is_verified_with_the_plain_echo_alone(address: TestClient) -> None:
    encrypted = Caller().encrypt("echo 活水")
    answer = address.get("/callback/wecom", params={**Caller().query(encrypted), "echostr": encrypted})
    assert (answer.status_code, answer.text) == (200, "echo 活水")


def test_a_callback_is_stored_before_it_is_answered(address: TestClient, platform: Platform) -> None:
    query, body = Caller().delivery(ADDED)
    answer = address.post("/callback/wecom", params=query, content=body)
    assert (answer.status_code, answer.content) == (200, b"")
    with platform.database.unit_of_work() as session:
        row = session.scalars(select(WecomInbox)).one()
    assert (row.event, row.change_type, row.status) == ("change_external_contact", "add_external_contact", "pending")
    assert row.fields["ExternalUserID"] == "wm1"
    assert "wm1" in row.raw


def test_resends_are_one_and_customers_of_the_same_second_are_two(address: TestClient, platform: Platform) -> None:
    for _ in range(3):
        assert post(address, *Caller().delivery(ADDED)) == 200
    assert stored(platform) == 1
    assert post(address, *Caller().delivery({**ADDED, "ExternalUserID": "wm2"})) == 200
    assert stored(platform) == 2


def test_the_same_bytes_again_are_stored_once(address: TestClient, platform: Platform) -> None:
    query, body = Caller().delivery(ADDED)
    assert [post(address, query, body) for _ in range(3)] == [200, 200, 200]
    assert stored(platform) == 1


def cut_off(query: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    return query, body[: len(body) // 2]


def other_signature(query: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    return {**query, "msg_signature": "0" * 40}, body


def no_signature(query: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    return {}, body


def other_nonce(query: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    return {**query, "nonce": "another"}, body


def empty(query: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    return query, b""


def a_bomb(query: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    return query, b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>'


def too_large(query: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    return query, body.ljust(64 * 1024 + 1)


Damage = Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]]


@pytest.mark.parametrize(
    ("damage", "outcome", "status"),
    [
        (cut_off, "malformed", 400),
        (empty, "malformed", 400),
        (a_bomb, "malformed", 400),
        (other_signature, "bad_signature", 403),
        (no_signature, "bad_signature", 403),
        (other_nonce, "bad_signature", 403),
        (too_large, "too_large", 413),
    ],
)
def test_damaged_deliveries_are_refused_counted_logged_and_not_stored(
    address: TestClient, platform: Platform, damage: Damage, outcome: str, status: int
) -> None:
    query, body = damage(*Caller().delivery(ADDED))
    before = counted(outcome)
    with capture_logs() as logs:
        assert post(address, query, body) == status
    assert counted(outcome) == before + 1
    assert any(line["event"] == "wecom_callback_refused" and line["outcome"] == outcome for line in logs)
    assert stored(platform) == 0
    assert post(address, *Caller().delivery(ADDED)) == 200, "the same one undamaged is taken"


def test_an_old_delivery_is_refused_as_a_replay(address: TestClient, platform: Platform) -> None:
    query, body = Caller().delivery(ADDED, timestamp=int(time.time()) - 7200)
    assert post(address, query, body) == 403
    assert stored(platform) == 0


def test_a_message_for_another_company_is_refused(address: TestClient, platform: Platform) -> None:
    assert post(address, *Caller(corp_id="ww9999").delivery(ADDED)) == 403
    assert stored(platform) == 0


def test_without_a_company_wecom_is_told_to_come_again(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "CIPHER_SECONDS", 0)  # the company of the test before is remembered for a second
    client = TestClient(create_app(platform), raise_server_exceptions=False)
    assert post(client, *Caller().delivery(ADDED)) == 503


def test_an_unknown_event_is_ignored_with_its_reason(
    address: TestClient, platform: Platform, run_jobs: Callable[[], None], app_client: Callable[..., Any]
) -> None:
    assert post(address, *Caller().delivery(event("something_new", UserID="a"))) == 200
    run_jobs()
    entry = app_client().get("/api/v1/wecom/inbox").json()["items"][0]
    assert (entry["status"], entry["error"]) == ("ignored", "no_handler")


def test_nested_fields_are_kept(address: TestClient, platform: Platform) -> None:
    caller = Caller()
    message = (
        "<xml><ToUserName>c</ToUserName><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>e</Event>"
        "<MemChangeList><Item>a</Item><Item>b</Item></MemChangeList></xml>"
    )
    encrypted = caller.encrypt(message)
    body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()
    assert post(address, caller.query(encrypted), body) == 200
    with platform.database.unit_of_work() as session:
        assert session.scalars(select(WecomInbox)).one().fields["MemChangeList"] == '{"Item":["a","b"]}'


def test_an_entity_bomb_a_deep_message_and_a_nul_are_refused(address: TestClient, platform: Platform) -> None:
    caller = Caller()
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>'
    assert post(address, caller.query("&b;"), bomb.encode()) == 400
    deep = "<a>" * 2_000 + "</a>" * 2_000
    for inner in (f"<xml><Event>e</Event>{deep}</xml>", "<xml><Event>e</Event><N>\x00</N></xml>", "<xml><Event>"):
        encrypted = caller.encrypt(inner)
        assert post(address, caller.query(encrypted), f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()) == 400
    assert stored(platform) == 0


def test_many_at_once_are_stored_once_each_and_answered_in_their_turn(platform: Platform, address: TestClient) -> None:
    """Genuine, repeated and forged ones in one group: each has its own answer."""
    deliveries = [
        (*Caller().delivery({**ADDED, "ExternalUserID": f"wm{n % 40}"}), 200 if n % 5 else 403) for n in range(120)
    ]

    def send(one: tuple[dict[str, str], bytes, int]) -> tuple[int, int]:
        query, body, expected = one
        return post(address, query if expected == 200 else {**query, "nonce": "forged"}, body), expected

    with address, ThreadPoolExecutor(24) as senders:
        answers = list(senders.map(send, deliveries))
    assert all(got == expected for got, expected in answers)
    assert stored(platform) == len({n % 40 for n in range(120) if n % 5})
