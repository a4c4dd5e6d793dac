"""The page for developers: calls and callbacks as they come, without secrets."""

import contextlib
from typing import Any

import httpx
from sim_helpers import Receiver, Wire

from wecom_sim.testing import Control, SimulatorServer


def rows(control: Control, **wish: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = control.get("trace", **wish)["rows"]
    return found


def test_calls_are_shown_without_secrets(server: SimulatorServer, control: Control) -> None:
    control.post("trace-clear")
    wire = Wire(server)
    token = wire.new_token()
    wire.contact("get_contact_way", config_id="0" * 32)
    first, second = rows(control)
    assert (first["title"], first["method"], first["errcode"]) == ("/cgi-bin/gettoken", "GET", 0)
    assert (second["title"], second["errcode"], second["app"]) == (
        "/cgi-bin/externalcontact/get_contact_way",
        41044,
        "活水",
    )
    assert second["request"] == '{"config_id":"' + "0" * 32 + '"}'
    assert second["ms"] >= 0
    shown = str([first, second])
    assert token not in shown
    assert control.company()["secret"] not in shown
    assert "corpid=" in first["query"]
    assert "•••" in first["response"]


def test_attempts_of_callbacks_are_shown(control: Control, receiver: Receiver) -> None:
    control.settings(callback_retry_gap_seconds=0.01)
    control.post("trace-clear")
    receiver.answers = [500]
    relation = next(control.export())
    control.staff_delete(relation["userid"], relation["external_userid"])
    control.wait_for_callbacks()
    failed, delivered = rows(control)
    assert (failed["outcome"], failed["message"], failed["attempt"]) == ("failed", "HTTP 500", 1)
    assert (delivered["outcome"], delivered["attempt"]) == ("delivered", 2)
    assert delivered["fields"]["ChangeType"] == "del_external_contact"


def test_events_without_a_listener_are_shown(control: Control) -> None:
    control.post("trace-clear")
    relation = next(control.export())
    control.customer_delete(relation["userid"], relation["external_userid"])
    assert [one["outcome"] for one in rows(control)] == ["skipped"]


def test_broken_connections_and_http_errors_are_shown(control: Control, wire: Wire) -> None:
    control.faults({"kind": "http", "code": 503, "times": 1}, {"kind": "cut_after", "times": 1, "path": "*/list"})
    control.post("trace-clear")
    wire.http.get("/cgi-bin/department/simplelist", params={"access_token": wire.token})
    with contextlib.suppress(httpx.HTTPError):
        wire.get("department/list")
    assert [one["errcode"] for one in rows(control)] == [-1000, -1000]


def test_only_what_is_new_is_sent(control: Control, wire: Wire) -> None:
    wire.get("department/list")
    last = control.get("trace")["last"]
    assert rows(control, after=last) == []
    wire.get("department/list")
    assert [one["seq"] for one in rows(control, after=last)] == [last + 1]
    assert len(rows(control, limit=1)) == 1


def test_the_page_speaks_both_languages(server: SimulatorServer) -> None:
    with httpx.Client(base_url=server.base_url, trust_env=False) as http:
        chinese, english = http.get("/developers"), http.get("/developers?lang=en")
        assert "调用与回调" in chinese.text
        assert "Calls and callbacks" in english.text
        assert "script-src 'self'" in chinese.headers["content-security-policy"]
        for name in ("main.js", "row.js", "text.js", "developers.css"):
            assert http.get(f"/developers/static/{name}").is_success
