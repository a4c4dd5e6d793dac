"""Trouble on the wire, on demand."""

import time

import httpx
import pytest
from sim_helpers import Wire

from wecom_sim.testing import Control, ControlError

REMARK = "/cgi-bin/externalcontact/remark"


@pytest.fixture
def friend(control: Control) -> dict[str, str]:
    found = next(one for one in control.export() if one["status"] == "friend")
    return {"userid": found["userid"], "external_userid": found["external_userid"]}


def remark_of(control: Control, friend: dict[str, str]) -> str:
    kept = control.customer(friend["external_userid"])["relations"]
    text: str = next(one["remark"] for one in kept if one["userid"] == friend["userid"])
    return text


def test_errcode_without_effect_and_a_number_of_times(control: Control, wire: Wire, friend: dict[str, str]) -> None:
    before = remark_of(control, friend)
    control.faults({"kind": "errcode", "path": REMARK, "code": -1, "times": 2})
    assert [wire.contact("remark", **friend, remark="新")["errcode"] for _ in range(2)] == [-1, -1]
    assert remark_of(control, friend) == before
    assert wire.contact("remark", **friend, remark="新")["errcode"] == 0
    assert control.get("faults")[0]["hits"] == 2


def test_http_error(control: Control, wire: Wire) -> None:
    control.faults({"kind": "http", "path": "/cgi-bin/user/*", "code": 502})
    token = {"access_token": wire.token, "userid": "staff001"}
    assert wire.http.get("/cgi-bin/user/get", params=token).status_code == 502
    assert wire.get("department/list")["errcode"] == 0
    with pytest.raises(ControlError, match="400 to 599"):
        control.faults({"kind": "http", "code": 200})


def test_cut_before_the_effect(control: Control, wire: Wire, friend: dict[str, str]) -> None:
    before = remark_of(control, friend)
    control.faults({"kind": "cut_before", "path": REMARK, "times": 1})
    with pytest.raises(httpx.TransportError):
        wire.contact("remark", **friend, remark="新")
    assert remark_of(control, friend) == before


def test_cut_after_the_effect(control: Control, wire: Wire, friend: dict[str, str]) -> None:
    control.faults({"kind": "cut_after", "path": REMARK, "times": 1})
    with pytest.raises(httpx.TransportError):
        wire.contact("remark", **friend, remark="新")
    assert remark_of(control, friend) == "新"


def test_latency(control: Control, wire: Wire) -> None:
    control.faults({"kind": "latency", "latency_ms": 300, "times": 1})
    started = time.monotonic()
    assert wire.get("department/list")["errcode"] == 0
    assert time.monotonic() - started >= 0.3


def test_revoked_token(control: Control, wire: Wire) -> None:
    control.faults({"kind": "token_revoked", "times": 1, "path": "*/department/*"})
    assert wire.get("department/list")["errcode"] == 40014
    wire.new_token()
    assert wire.get("department/list")["errcode"] == 0


def test_rate_is_drawn_from_the_seed(control: Control, wire: Wire) -> None:
    def draw() -> list[int]:
        control.faults({"kind": "errcode", "code": -1, "rate": 0.5, "seed": 7})
        return [wire.get("department/list")["errcode"] for _ in range(20)]

    first = draw()
    assert {-1, 0} == set(first)
    assert draw() == first


def test_calls_are_counted_by_path_and_code(control: Control, wire: Wire) -> None:
    wire.get("department/list")
    wire.get("department/get", id=99)
    counted = {(one["path"], one["errcode"]): one["count"] for one in control.calls()}
    assert counted[("/cgi-bin/department/list", 0)] == 1
    assert counted[("/cgi-bin/department/get", 60003)] == 1
