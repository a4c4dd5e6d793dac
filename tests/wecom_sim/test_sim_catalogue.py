"""Product album, sensitive words, behaviour data, upload by URL."""

import hashlib
import struct
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sim_helpers import Wire

from wecom_sim.testing import Control, ControlError

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 10, 10) + b"0" * 40


def image(wire: Wire) -> dict[str, Any]:
    params = {"access_token": wire.token, "media_type": "image", "attachment_type": 2}
    answer = wire.raw("POST", "media/upload_attachment", params=params, files={"media": ("a.png", PNG)})
    return {"type": "image", "image": {"media_id": answer["media_id"]}}


def test_product_album(control: Control, wire: Wire) -> None:
    picture = image(wire)
    wish = {"description": "雪松礼盒", "price": 12800, "product_sn": "XS1", "attachments": [picture]}
    first, second = (wire.ok("add_product_album", **wish)["product_id"] for _ in range(2))
    assert wire.ok("get_product_album", product_id=first)["product"]["price"] == 12800
    third = wire.ok("add_product_album", **wish)["product_id"]
    page = wire.ok("get_product_album_list", limit=2)
    wire.ok("delete_product_album", product_id=third)
    assert wire.ok("get_product_album_list", cursor=page["next_cursor"])["product_list"] == []
    page = wire.ok("get_product_album_list", limit=1)
    assert len(wire.ok("get_product_album_list", cursor=page["next_cursor"])["product_list"]) == 1
    wire.ok("update_product_album", product_id=first, price=1)
    assert wire.ok("get_product_album", product_id=first)["product"]["price"] == 1
    wire.ok("delete_product_album", product_id=second)
    assert wire.contact("get_product_album", product_id=second)["errcode"] == 41074
    assert wire.contact("get_product_album", product_id="none")["errcode"] == 41075
    refused: list[tuple[dict[str, Any], int]] = [
        ({"description": ""}, 41087),
        ({"description": "长" * 301}, 41073),
        ({"price": 5_000_001}, 41086),
        ({"product_sn": "有"}, 41085),
        ({"attachments": []}, 41088),
        ({"attachments": [picture] * 10}, 41064),
        ({"attachments": [{"type": "video"}]}, 41065),
        ({"attachments": [{"type": "image", "image": {"media_id": "none"}}]}, 40007),
    ]
    for change, code in refused:
        assert wire.contact("add_product_album", **{**wish, **change})["errcode"] == code
    other = control.post("apps", {"name": "另一个"})
    params = {"corpid": control.company()["corpid"], "corpsecret": other["secret"]}
    wire.token = wire.raw("GET", "gettoken", params=params)["access_token"]
    assert wire.contact("update_product_album", product_id=first, price=2)["errcode"] == 60011


def test_sensitive_words(control: Control, wire: Wire) -> None:
    wish = {
        "rule_name": "竞品", "word_list": ["隔壁家"], "semantics_list": [1], "intercept_type": 1,
        "applicable_range": {"user_list": ["staff006"]},
    }  # fmt: skip
    rule_id = wire.ok("add_intercept_rule", **wish)["rule_id"]
    person = control.scan(wire.live_code("staff006"))["external_userid"]
    for text in ("隔壁家更贵", "电话 13800001111"):
        with pytest.raises(ControlError, match="竞品"):
            control.chat("staff006", person, text, sender="staff")
        control.chat("staff006", person, text)  # customers write what they like
    wire.ok("update_intercept_rule", rule_id=rule_id, intercept_type=2, extra_rule={"semantics_list": [3]},
            add_applicable_range={"department_list": [1]}, remove_applicable_range={"user_list": ["staff006"]})  # fmt: skip
    rule = wire.ok("get_intercept_rule", rule_id=rule_id)["rule"]
    assert rule["applicable_range"] == {"user_list": [], "department_list": [1]}
    assert rule["extra_rule"] == {"semantics_list": [3]}
    control.chat("staff006", person, "发红包", sender="staff")
    assert [one["data"]["blocked"] for one in control.ledger(kind="chat_intercepted")] == [True, True, False]
    assert wire.get("externalcontact/get_intercept_rule_list")["rule_list"][0]["rule_name"] == "竞品"
    refused: list[tuple[dict[str, Any], int]] = [
        ({}, 41077),
        ({"rule_name": "长" * 21}, 40058),
        ({"rule_name": "b", "word_list": ["词"] * 301}, 41068),
        ({"rule_name": "b", "word_list": ["长" * 33]}, 41083),
        ({"rule_name": "b", "semantics_list": [4]}, 41084),
        ({"rule_name": "b", "applicable_range": {}}, 40063),
        ({"rule_name": "b", "intercept_type": 3}, 40058),
    ]
    for change, code in refused:
        assert wire.contact("add_intercept_rule", **{**wish, **change})["errcode"] == code
    control.settings(intercept_rules_max=1, intercept_range_max=1)
    assert wire.contact("add_intercept_rule", **{**wish, "rule_name": "b"})["errcode"] == 41069
    both = {"user_list": ["staff006", "staff007"]}
    assert (
        wire.contact("add_intercept_rule", **{**wish, "rule_name": "b", "applicable_range": both})["errcode"] == 41076
    )
    wire.ok("del_intercept_rule", rule_id=rule_id)
    assert wire.contact("get_intercept_rule", rule_id=rule_id)["errcode"] == 41071
    assert wire.contact("get_intercept_rule", rule_id="x")["errcode"] == 41070


def test_behaviour(control: Control, wire: Wire) -> None:
    control.set_clock(now="2026-11-20T10:00:00+08:00", frozen=True)
    wire.new_token()
    people = [control.scan(wire.live_code("staff006"))["external_userid"] for _ in range(2)]
    control.chat("staff006", people[0], "在吗")
    control.chat("staff006", people[1], "在吗")
    control.advance(120)
    control.chat("staff006", people[0], "在的", sender="staff")
    control.chat("staff006", people[0], "您说", sender="staff")
    control.customer_delete("staff006", people[1])
    now = int(control.clock()["now"])
    (row,) = wire.ok("get_user_behavior_data", userid=["staff006"], start_time=now, end_time=now)["behavior_data"]
    assert row["new_contact_cnt"] >= 2
    expected = {
        "stat_time": now - now % 86400 - 8 * 3600 + (86400 if now % 86400 >= 16 * 3600 else 0),
        "chat_cnt": 1, "message_cnt": 2, "reply_percentage": 50.0, "avg_reply_time": 2, "negative_feedback_cnt": 1,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    window = {"start_time": now - 29 * 86400, "end_time": now}
    assert len(wire.ok("get_user_behavior_data", partyid=[1], **window)["behavior_data"]) == 30
    for wish, code in (
        ({**window}, 40063),
        ({"userid": ["nobody"], **window}, 60111),
        ({"userid": ["staff006"] * 101, **window}, 40058),
        ({"userid": ["staff006"], "start_time": now - 30 * 86400, "end_time": now}, 40058),
        ({"userid": ["staff006"], "start_time": now - 200 * 86400, "end_time": now - 199 * 86400}, 40058),
    ):
        assert wire.contact("get_user_behavior_data", **wish)["errcode"] == code


@pytest.fixture
def files() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/a.pdf" else 404)
            self.send_header("content-length", "9")
            self.end_headers()
            self.wfile.write(b"123456789")

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_upload_by_url(control: Control, wire: Wire, files: str) -> None:
    md5 = hashlib.md5(b"123456789", usedforsecurity=False).hexdigest()

    def fetched(url: str, digest: str = md5) -> dict[str, Any]:
        wish = {"scene": 1, "type": "file", "filename": "a.pdf", "url": url, "md5": digest}
        jobid = wire.post("media/upload_by_url", **wish)["jobid"]
        for _ in range(200):
            result = wire.post("media/get_upload_by_url_result", jobid=jobid)
            if result["status"] != 1:
                return result
            time.sleep(0.01)
        raise AssertionError("the job never ends")

    good = fetched(f"{files}/a.pdf")
    assert good["status"] == 2
    media = wire.http.get(
        "/cgi-bin/media/get", params={"access_token": wire.token, "media_id": good["detail"]["media_id"]}
    )
    assert media.content == b"123456789"
    assert fetched(f"{files}/b.pdf")["detail"]["errcode"] == 830001
    assert fetched(f"{files}/a.pdf", "0" * 32)["detail"]["errcode"] == 830003
    assert control.callbacks()["newest"][0]["event"] == "upload_media_job_finish"
    assert wire.post("media/upload_by_url", scene=2)["errcode"] == 40058
    assert (
        wire.post("media/upload_by_url", scene=1, type="file", filename="a", url="ftp://x", md5="x")["errcode"] == 40094
    )
    assert wire.post("media/get_upload_by_url_result", jobid="x")["errcode"] == 40058
