"""The welcome message: 20 s, once, first caller wins."""

import threading

import pytest
from sim_helpers import Receiver, Wire

from wecom_sim.testing import Control

HELLO = {"content": "你好"}


@pytest.fixture
def code(control: Control, wire: Wire) -> str:
    """The welcome code of a friend made just now."""
    found: str = control.scan(wire.live_code("staff006"), customer={"name": "宋予"})["welcome_code"]
    return found


def send(wire: Wire, code: str, **more: object) -> int:
    errcode: int = wire.contact("send_welcome_msg", welcome_code=code, **(more or {"text": HELLO}))["errcode"]
    return errcode


def test_once(control: Control, wire: Wire, code: str) -> None:
    assert send(wire, code) == 0
    assert send(wire, code) == 41051
    kinds = [one["kind"] for one in control.ledger(kind="welcome_")]
    assert kinds == ["welcome_delivered", "welcome_refused"]


@pytest.mark.parametrize(("age", "errcode"), [(20, 0), (20.5, 41050)])
def test_twenty_seconds(control: Control, wire: Wire, age: float, errcode: int) -> None:
    control.freeze()
    code = control.scan(wire.live_code("staff006"))["welcome_code"]
    control.advance(age)
    assert send(wire, code) == errcode


def test_not_once_they_talk(control: Control, wire: Wire) -> None:
    friend = control.scan(wire.live_code("staff006"))
    control.chat(friend["userid"], friend["external_userid"], "在吗")
    assert send(wire, friend["welcome_code"]) == 41051


def test_talk_of_an_earlier_friendship_does_not_count(control: Control, wire: Wire) -> None:
    control.freeze()
    way = wire.live_code("staff006")
    friend = control.scan(way)
    pair = (friend["userid"], friend["external_userid"])
    control.chat(*pair, "在吗")
    control.customer_delete(*pair)
    assert send(wire, control.scan(way, friend["external_userid"])["welcome_code"]) == 0


def test_who_comes_while_another_sends(control: Control, wire: Wire, code: str) -> None:
    control.settings(welcome_delivery_ms=400)
    codes: list[int] = []
    senders = [threading.Thread(target=lambda: codes.append(send(wire, code))) for _ in range(3)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    assert sorted(codes) == [0, 41096, 41096]
    assert send(wire, code) == 41051


def test_content_is_checked(control: Control, wire: Wire, code: str) -> None:
    link = {"msgtype": "link", "link": {"title": "t", "url": "http://a.example/"}}
    cases: list[tuple[dict[str, object], int]] = [
        ({"text": {"content": ""}}, 41089),
        ({"text": {"content": "一" * 1334}}, 40058),
        ({"attachments": [link] * 10}, 41064),
        ({"attachments": [{"msgtype": "voice"}]}, 41065),
        ({"attachments": [{"msgtype": "link", "link": {}}]}, 41088),
        ({"attachments": [{"msgtype": "image", "image": {"media_id": "none"}}]}, 40007),
        ({"attachments": [{"msgtype": "link", "link": {"title": "t", "url": "ftp://a"}}]}, 40094),
        ({"attachments": [{"msgtype": "link", "link": {"title": "t" * 129, "url": "http://a.example/"}}]}, 40058),
        ({"text": "plain"}, 40058),
    ]
    for body, errcode in cases:
        assert send(wire, code, **body) == errcode, body
    assert send(wire, code, text={"content": "一" * 1333}, attachments=[link] * 9) == 0
    assert send(wire, "CALLBACKnone") == 41050
    assert send(wire, "") == 41049


def test_an_admin_welcome_takes_the_code_away(control: Control, wire: Wire, receiver: Receiver) -> None:
    control.post("staff-change", {"userid": "staff006", "admin_welcome": "欢迎光临"})
    friend = control.scan(wire.live_code("staff006"))
    control.wait_for_callbacks()
    added = next(one for one in receiver.events if one["ChangeType"] == "add_external_contact")
    assert "WelcomeCode" not in added
    (relation,) = control.customer(friend["external_userid"])["relations"]
    assert [line["part"]["text"]["content"] for line in relation["chat"] if line["origin"] == "welcome"] == ["欢迎光临"]
