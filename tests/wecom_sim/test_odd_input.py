"""Whatever comes in, the wire answers HTTP 200 with a code, and nothing half-done stays behind."""

import threading
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sim_helpers import Wire

from wecom_sim.testing import Control
from wecom_sim.wire import ENDPOINTS

NAMES = (
    "userid", "external_userid", "userid_list", "cursor", "limit", "remark", "remark_mobiles", "type", "scene", "style",
    "user", "party", "state", "config_id", "start_time", "end_time", "welcome_code", "text", "attachments", "tag_id",
    "group_id", "group_name", "order", "tag", "id", "name", "add_tag", "remove_tag", "chat_type", "sender", "msgid",
    "tag_filter", "allow_select", "filter_type", "is_temp", "skip_verify", "description",
)  # fmt: skip
SCALARS: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6) | st.sampled_from(["staff001", "single", "wm1", "1", "²", "9" * 30])
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["content", "msgtype", "image", "link", "url", "title", "name", "order", "tag_list", "group_list"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
POSTS = sorted(path for path, one in ENDPOINTS.items() if one.method == "POST" and not one.multipart)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(POSTS), body=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6))
def test_any_body_gets_a_code(control: Control, wire: Wire, path: str, body: dict[str, Any]) -> None:
    answer = wire.http.post(path, params={"access_token": wire.token}, json=body)
    assert answer.status_code == 200
    assert isinstance(answer.json()["errcode"], int)


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe", b'{"name": "\\ud800"}', b"[" * 5000, b"null", b'{"limit": 1e999}', b'{"limit": ' + b"9" * 5000]
)
def test_any_bytes_get_a_code(wire: Wire, raw: bytes) -> None:
    for path in POSTS:
        answer = wire.http.post(path, params={"access_token": wire.token}, content=raw)
        assert answer.status_code == 200, path
        assert "errcode" in answer.json()


def test_too_many_at_once(control: Control, wire: Wire) -> None:
    control.settings(calls_at_once=1, welcome_delivery_ms=300)
    code = wire.live_code("staff006")
    codes = [control.scan(code)["welcome_code"] for _ in range(2)]
    got: list[int] = []

    def send(welcome_code: str) -> None:
        got.append(wire.contact("send_welcome_msg", welcome_code=welcome_code, text={"content": "你好"})["errcode"])

    first = threading.Thread(target=send, args=[codes[0]])
    first.start()
    time.sleep(0.1)
    send(codes[1])
    first.join()
    assert got == [45033, 0]


def test_too_many_reads_at_once(control: Control, wire: Wire) -> None:
    """A slow platform is where parallel reads meet the cap: what waits counts as running."""
    control.settings(calls_at_once=3)
    control.faults({"kind": "latency", "latency_ms": 400, "path": "*department/list"})
    got: list[int] = []

    def read() -> None:
        client = Wire(wire.server)
        client.token = wire.token
        got.append(client.get("department/list")["errcode"])

    callers = [threading.Thread(target=read) for _ in range(8)]
    for one in callers:
        one.start()
    assert wire.get("user/get", userid="staff006")["errcode"] == 0  # one count a path
    for one in callers:
        one.join()
    assert sorted(got) == [0] * 3 + [45033] * 5
    assert wire.get("department/list")["errcode"] == 0
