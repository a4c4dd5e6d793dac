"""Moments: from the job to likes; attachments for them."""

import struct
from typing import Any

import pytest
from sim_helpers import Wire

from wecom_sim.testing import Control, ControlError

TEXT = {"content": "新品到店"}


def png(width: int = 100, height: int = 100) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"0" * 40


def mp4(seconds: int) -> bytes:
    return b"\0\0\0\x18ftypmp42" + b"mvhd" + b"\0" * 12 + struct.pack(">II", 1000, seconds * 1000) + b"\0" * 40


def attach(wire: Wire, kind: str, body: bytes, scene: Any = 1) -> dict[str, Any]:
    params = {"access_token": wire.token, "media_type": kind, "attachment_type": scene}
    return wire.raw("POST", "media/upload_attachment", params=params, files={"media": (f"a.{kind}", body)})


def done(control: Control, wire: Wire, **wish: Any) -> dict[str, Any]:
    """Make a moment and let its job end; answers the job's result."""
    jobid = wire.ok("add_moment_task", **({"text": TEXT} | wish))["jobid"]
    control.advance(4)
    result: dict[str, Any] = wire.get("externalcontact/get_moment_task_result", jobid=jobid)["result"]
    return result


def held(control: Control, userid: str) -> list[str]:
    rows = (one for one in control.export() if one["userid"] == userid)
    return [one["external_userid"] for one in rows if one["status"] == "friend"]


def test_a_job_starts_runs_and_is_done_for_a_day(control: Control, wire: Wire) -> None:
    control.freeze()
    jobid = wire.ok("add_moment_task", text=TEXT)["jobid"]

    def ask() -> dict[str, Any]:
        return wire.get("externalcontact/get_moment_task_result", jobid=jobid)

    assert ask()["status"] == 1
    control.advance(1.5)
    assert ask()["status"] == 2
    assert control.moments_of("staff001") == []
    control.advance(2)
    assert ask()["type"] == "add_moment_task"
    assert ask()["result"]["moment_id"].startswith("mom")
    assert len(control.moments_of("staff001")) == 1
    control.advance(86400)
    wire.new_token()
    assert ask()["errcode"] == 40058


def test_senders_tags_and_both(control: Control, wire: Wire) -> None:
    control.freeze()
    tag = wire.ok("get_corp_tag_list")["tag_group"][0]["tag"][0]["id"]
    everyone = done(control, wire)["moment_id"]
    tasks = wire.ok("get_moment_task", moment_id=everyone)["task_list"]
    assert len(tasks) == 12
    assert {one["publish_status"] for one in tasks} == {0}
    wish = {"sender_list": {"user_list": ["staff006", "nobody"], "department_list": [999]}}
    some = done(control, wire, visible_range=wish)
    assert some["invalid_sender_list"] == {"user_list": ["nobody"], "department_list": [999]}
    tagged = {"external_contact_list": {"tag_list": [tag, "etnone"]}}
    both = done(control, wire, visible_range=wish | tagged)
    assert both["invalid_external_contact_list"] == {"tag_list": ["etnone"]}
    control.moment_confirm("staff006")
    wanted = {one["external_userid"] for one in control.export() if one["userid"] == "staff006" and tag in one["tags"]}
    chosen = wire.ok("get_moment_customer_list", moment_id=both["moment_id"], userid="staff006", limit=2)
    ids = {one["external_userid"] for one in chosen["customer_list"]}
    while chosen["next_cursor"]:
        chosen = wire.ok(
            "get_moment_customer_list", moment_id=both["moment_id"], userid="staff006", limit=2,
            cursor=chosen["next_cursor"],
        )  # fmt: skip
        ids |= {one["external_userid"] for one in chosen["customer_list"]}
    assert ids == wanted
    now = int(control.clock()["now"])
    listed = wire.ok("get_moment_list", start_time=now - 100, end_time=now)["moment_list"]
    assert [one["visible_type"] for one in listed] == [1, 1, 0]
    assert "creator" not in listed[0]
    assert listed[0]["text"] == TEXT


def test_only_published_moments_have_results(control: Control, wire: Wire) -> None:
    control.freeze()
    moment_id = done(control, wire, visible_range={"sender_list": {"user_list": ["staff006"]}})["moment_id"]
    for path in ("get_moment_customer_list", "get_moment_send_result", "get_moment_comments"):
        assert wire.contact(path, userid="staff006")["errcode"] == 41059
        assert wire.contact(path, moment_id="mom0", userid="staff006")["errcode"] == 41060
        assert wire.contact(path, moment_id=moment_id, userid="staff007")["errcode"] == 41061
        assert wire.contact(path, moment_id=moment_id, userid="staff006")["errcode"] == 41062
    control.moment_confirm("staff006", moment_id)
    seen = wire.ok("get_moment_send_result", moment_id=moment_id, userid="staff006")["customer_list"]
    assert sorted(one["external_userid"] for one in seen) == sorted(held(control, "staff006"))
    with pytest.raises(ControlError, match="published before"):
        control.moment_confirm("staff006", moment_id)


def test_likes_and_comments(control: Control, wire: Wire) -> None:
    control.freeze()
    moment_id = done(control, wire, visible_range={"sender_list": {"user_list": ["staff006"]}})["moment_id"]
    control.moment_confirm("staff006")
    fan = held(control, "staff006")[0]
    assert control.moments_seen_by(fan)[0]["moment_id"] == moment_id
    control.moment_like(moment_id, "staff006", fan)
    control.moment_comment(moment_id, "staff006", fan, "想要")
    control.moment_comment(moment_id, "staff006", "staff006", "给您留")
    with pytest.raises(ControlError, match="liked it before"):
        control.moment_like(moment_id, "staff006", fan)
    stranger = control.post("customers", {"name": "路人"})["external_userid"]
    with pytest.raises(ControlError, match="can't see"):
        control.moment_like(moment_id, "staff006", stranger)
    found = wire.ok("get_moment_comments", moment_id=moment_id, userid="staff006")
    now = int(control.clock()["now"])
    assert found["like_list"] == [{"external_userid": fan, "create_time": now}]
    whose = [{"external_userid": fan, "create_time": now}, {"userid": "staff006", "create_time": now}]
    assert found["comment_list"] == whose


def test_cancelling_stops_what_is_unpublished(control: Control, wire: Wire) -> None:
    control.freeze()
    moment_id = done(control, wire)["moment_id"]
    control.moment_confirm("staff006")
    wire.ok("cancel_moment_task", moment_id=moment_id)
    assert wire.contact("cancel_moment_task", moment_id=moment_id)["errcode"] == 41093
    with pytest.raises(ControlError, match="cancelled"):
        control.moment_confirm("staff007", moment_id)
    assert control.moment_confirm("staff007")["confirmed"] == []
    tasks = {
        one["userid"]: one["publish_status"] for one in wire.ok("get_moment_task", moment_id=moment_id)["task_list"]
    }
    assert (tasks["staff006"], tasks["staff007"]) == (1, 0)


def test_display_caps(control: Control, wire: Wire) -> None:
    control.set_clock(now="2026-11-02T10:00:00+08:00", frozen=True)
    wire.new_token()
    control.settings(moment_corp_per_month=1)
    wish = {"sender_list": {"user_list": ["staff006"]}}
    first, second = (done(control, wire, visible_range=wish)["moment_id"] for _ in range(2))
    control.moment_confirm("staff006")
    counts = [len(control.moments()[n]["parts"][0]["seen"]) for n in (0, 1)]
    assert counts == [len(held(control, "staff006")), 0]
    own = [control.moment_publish("staff006", "早") for _ in range(4)]
    fan = held(control, "staff006")[0]
    shown = [one["moment_id"] for one in control.moments_seen_by(fan)]
    assert shown == [own[n]["moment_id"] for n in (2, 1, 0)] + [first]
    assert second not in shown


def test_personal_moments(control: Control, wire: Wire) -> None:
    own = control.moment_publish("staff006", "早", location={"name": "湖滨", "latitude": "30", "longitude": "120"})
    now = int(control.clock()["now"])
    window = {"start_time": now - 100, "end_time": now + 100}
    (listed,) = wire.ok("get_moment_list", **window, creator="staff006")["moment_list"]
    assert (listed["creator"], listed["create_type"], listed["location"]["name"]) == ("staff006", 1, "湖滨")
    assert wire.ok("get_moment_list", **window, filter_type=0)["moment_list"] == []
    assert wire.contact("get_moment_task", moment_id=own["moment_id"])["errcode"] == 41067
    control.moment_delete("staff006", own["moment_id"])
    assert wire.ok("get_moment_list", **window)["moment_list"] == []
    assert wire.contact("get_moment_comments", moment_id=own["moment_id"], userid="staff006")["errcode"] == 41060
    assert wire.contact("get_moment_list", start_time=now - 31 * 86400, end_time=now)["errcode"] == 40058


def test_attachments_of_a_moment(control: Control, wire: Wire) -> None:
    control.freeze()
    picture, video = attach(wire, "image", png())["media_id"], attach(wire, "video", mp4(20))["media_id"]
    image = {"msgtype": "image", "image": {"media_id": picture}}
    film = {"msgtype": "video", "video": {"media_id": video}}
    link = {"msgtype": "link", "link": {"title": "题", "url": "https://a.example.com", "media_id": picture}}
    plain = wire.raw(
        "POST", "media/upload", params={"access_token": wire.token, "type": "image"}, files={"media": ("a.png", png())}
    )["media_id"]
    for attachments in ([image] * 9, [film], [link]):
        done(control, wire, attachments=attachments)
    refused: list[tuple[Any, int]] = [
        ([image] * 10, 41064),
        ([film, film], 41064),
        ([image, film], 41065),
        ([{"msgtype": "file", "file": {}}], 41065),
        ([{"msgtype": "image", "image": {"media_id": plain}}], 40007),
        ([{"msgtype": "image", "image": {}}], 41088),
        ([{"msgtype": "link", "link": {**link["link"], "title": "长" * 22}}], 40058),  # type: ignore[dict-item]
    ]
    for wish, code in refused:
        control.settings(moments_per_minute=1000)
        assert wire.contact("add_moment_task", attachments=wish)["errcode"] == code, code
    assert wire.contact("add_moment_task")["errcode"] == 41089
    assert wire.contact("add_moment_task", text={"content": "字" * 2001})["errcode"] == 40058
    mass = wire.contact("add_msg_template", sender="staff006", attachments=[image])
    assert mass["errcode"] == 40007
    now = int(control.clock()["now"])
    listed = wire.ok("get_moment_list", start_time=now - 100, end_time=now)["moment_list"]
    assert len(listed[0]["image"]) == 9
    assert listed[1]["video"]["media_id"] == video
    assert listed[2]["link"]["url"] == "https://a.example.com"


def test_what_upload_attachment_refuses(control: Control, wire: Wire) -> None:
    assert attach(wire, "voice", b"0" * 9)["errcode"] == 40004
    assert attach(wire, "image", png(), 7)["errcode"] == 40058
    assert attach(wire, "file", b"0" * 99)["errcode"] == 41072
    assert attach(wire, "video", mp4(5), 2)["errcode"] == 41072
    assert attach(wire, "image", png(2000, 1000))["errcode"] == 41081
    assert attach(wire, "video", b"0" * 99)["errcode"] == 41090
    assert attach(wire, "video", mp4(31))["errcode"] == 41082
    control.settings(attachment_image_bytes=10)
    assert attach(wire, "image", png())["errcode"] == 41080


def test_rate_and_running_jobs(control: Control, wire: Wire) -> None:
    control.freeze()
    control.settings(moment_jobs_running_max=2)
    codes = [wire.contact("add_moment_task", text=TEXT)["errcode"] for _ in range(11)]
    assert codes == [0, 0] + [41078] * 8 + [45009]
