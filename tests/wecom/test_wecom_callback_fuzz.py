"""Callbacks bent in every way: refused with an answer of ours, never a failure, and nothing is left behind."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from wecom_helpers import Caller, event

from wellspring.platform.runtime import Platform
from wellspring.wecom.inbox.intake import MAX_BODY
from wellspring.wecom.inbox.receiving import PATH, ReceiveCallbacks
from wellspring.wecom.models import WecomInbox

ADDED = event("add_external_contact", UserID="staff001", ExternalUserID="wm1", WelcomeCode="CODE")
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
REFUSALS = (400, 403, 413)
NAUGHTY = [
    b"\x00",
    b"\xff\xfe\x00\x00",
    "<?xml version='1.0' encoding='utf-16'?><xml/>".encode("utf-16"),
    b"<?xml version='1.0' encoding='no-such-thing'?><xml><Encrypt>AAAA</Encrypt></xml>",
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Encrypt>&a;</Encrypt></xml>',
    b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><xml><Encrypt>AAAA</Encrypt></xml>',
    b"<xml>" * 8_000,
    b"<xml>" * 5_000 + b"</xml>" * 5_000,
    b"<xml " + b"a='1' " * 9_000 + b"/>",
    b"<xml><Encrypt></Encrypt></xml>",
    b"<xml><Encrypt>" + b"A" * 60_000 + b"</Encrypt></xml>",
    b"{}",
]


def stored(platform: Platform) -> int:
    with platform.database.unit_of_work() as session:
        return int(session.scalar(select(func.count()).select_from(WecomInbox)) or 0)


def post(address: TestClient, query: dict[str, str], body: bytes) -> int:
    return int(address.post(PATH, params=query, content=body).status_code)


def test_what_is_no_envelope_is_refused(address: TestClient, platform: Platform) -> None:
    query, _ = Caller().delivery(ADDED)
    answers = {body: post(address, query, body) for body in NAUGHTY}
    assert [body[:60] for body, status in answers.items() if status not in REFUSALS] == []
    assert stored(platform) == 0


def test_an_odd_message_inside_a_genuine_envelope_is_refused(address: TestClient, platform: Platform) -> None:
    for message in (body.decode("latin-1") for body in NAUGHTY):
        encrypted = Caller().encrypt(message)
        body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()
        assert post(address, Caller().query(encrypted), body) in REFUSALS, message[:60]
    assert stored(platform) == 0


def test_damage_anywhere_is_refused(address: TestClient, platform: Platform) -> None:
    @FUZZ
    @given(st.data())
    def damage(data: st.DataObject) -> None:
        query, body = Caller().delivery(ADDED)
        at = data.draw(st.integers(body.index(b"<Encrypt>"), len(body) - 1))
        other = data.draw(st.binary(min_size=1, max_size=4).filter(lambda bent: bent != body[at : at + len(bent)]))
        bent = body[:at] + other + body[at + len(other) :]
        status = post(address, query, bent)
        assert status in REFUSALS or (status == 200 and stored(platform) == 1), (status, bent)
        if status == 200:  # the damage fell on what is not part of the message, a space behind it for one
            assert b"<Encrypt><![CDATA[" in bent

    damage()


def test_a_query_of_anything_is_refused(address: TestClient, platform: Platform) -> None:
    @FUZZ
    @given(st.dictionaries(st.sampled_from(["msg_signature", "timestamp", "nonce", "x"]), st.text(max_size=30)))
    def ask(query: dict[str, str]) -> None:
        _, body = Caller().delivery(ADDED)
        assert post(address, query, body) in REFUSALS
        assert address.get(PATH, params={**query, "echostr": "AAAA"}).status_code in REFUSALS

    ask()
    assert stored(platform) == 0


def test_more_fields_in_the_query_than_wecom_sends_are_refused(address: TestClient, platform: Platform) -> None:
    query, body = Caller().delivery(ADDED)
    many = query | {f"x{n}": "1" for n in range(40)}
    assert post(address, many, body) == 400
    assert address.get(PATH, params=many).status_code == 400
    assert stored(platform) == 0


def test_of_a_huge_body_no_more_is_read_than_a_callback_may_have(platform: Platform) -> None:
    """However long it goes on: memory is bounded by what is taken from the caller."""
    piece, taken, answers = b"x" * 16_384, 0, []

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += len(piece)
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    async def nobody(*_: Any) -> None:
        raise AssertionError("not for the application")

    scope = {"type": "http", "method": "POST", "path": PATH, "query_string": b""}
    asyncio.run(ReceiveCallbacks(nobody, platform)(scope, receive, send))
    assert answers[0]["status"] == 413
    assert taken <= MAX_BODY + len(piece)
