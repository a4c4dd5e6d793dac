"""Scan -> friend -> welcome, tags, remark: once each, whatever comes twice, late or in another order."""

from __future__ import annotations

from typing import Any

import pytest
from acquisition_world import World

from wellspring.platform.runtime import Platform
from wellspring.wecom.outbox import registry


class Killed(BaseException):
    """The process dies here."""


def picture(world: World) -> list[Any]:
    """Everything that a repeated event must not change."""
    return [
        world.rows("select * from live_code_add order by id"),
        world.rows("select * from live_code_welcome order by id"),
        world.rows("select kind, idempotency_key, status from wecom_outbox order by id"),
        world.rows("select relationship_id, tag_id, source from relationship_tag order by 1, 2"),
        world.rows("select kind, idempotency_key from event order by id"),
    ]


def test_a_scan_makes_a_friend_who_is_welcomed_tagged_and_remarked(world: World) -> None:
    code = world.code()
    scanned = world.scan(code)
    world.settle()

    (welcome,) = world.welcomes(scanned["external_userid"])
    name = world.rows("select name from staff_member where userid = 'staff006'")[0][0]
    assert welcome["data"]["text"] == f"林小满你好，我是{name}，门关了也能问我。"
    assert welcome["data"]["age"] <= 20

    there, here = world.relation(scanned), world.relationship(scanned)
    assert there["remark"] == here.remark == "林小满-武康店橱窗"
    wecom_ids = {
        row[0]
        for row in world.rows("select wecom_id from tag where id = any(:ids)", ids=[t["id"] for t in code["tags"]])
    }
    assert set(there["tags"]) == wecom_ids
    assert len(wecom_ids) == 2

    kinds = [
        row[0] for row in world.rows("select kind from event where customer_id = :id order by id", id=here.customer_id)
    ]
    assert kinds.count("welcome_sent") == 1
    assert {"friend_added", "tag_added", "remark_changed", "welcome_sent"} <= set(kinds)

    (origin,) = world.client.get(f"/api/v1/customers/{here.customer_id}/origins").json()["items"]
    assert (origin["live_code"]["id"], origin["still_friends"]) == (code["id"], True)
    figures = world.read(code["id"])
    assert (figures["figures"]["today"], figures["welcomes"]["sent"]) == (1, 1)


def test_duplicated_and_reordered_callbacks_change_nothing(world: World) -> None:
    code = world.code()
    scanned = world.scan(code)
    world.settle()
    before = picture(world)
    raw = world.rows("select id from wecom_inbox where change_type = 'add_external_contact' order by id desc limit 1")
    # The same event under another dedupe key, as when WeCom sends it again with another nonce.
    world.rows(
        "insert into wecom_inbox (dedupe_key, event, change_type, fields, raw, sent_at, received_at)"
        " select dedupe_key || '-again', event, change_type, fields, raw, sent_at, received_at"
        " from wecom_inbox where id = :id returning id",
        id=raw[0][0],
    )
    again = world.rows("select max(id) from wecom_inbox")[0][0]
    with world.platform.database.unit_of_work() as session:
        world.platform.jobs.defer(session, "wecom.inbox.handle", inbox_ids=[again])
    world.settle()
    assert world.rows("select status from wecom_inbox where id = :id", id=again)[0][0] == "done"
    assert picture(world) == before
    assert len(world.welcomes(scanned["external_userid"])) == 1


def test_many_scans_under_duplicates_and_reordering(world: World) -> None:
    code = world.code(staff_ids=[world.staff["staff006"], world.staff["staff007"]])
    world.sim.callback_faults(duplicate=0.7, reorder=0.7, delay=0, seed=5)
    scans = [world.scan(code, f"客户{n}") for n in range(12)]
    world.settle()
    world.settle()
    assert {scan["userid"] for scan in scans} == {"staff006", "staff007"}
    for number, scan in enumerate(scans):
        assert len(world.welcomes(scan["external_userid"])) == 1
        assert world.relation(scan)["remark"] == f"客户{number}-武康店橱窗"
        assert len(world.relation(scan)["tags"]) == 2
    assert world.rows("select count(*) from live_code_add")[0][0] == 12
    assert world.rows("select count(*) from event where kind = 'welcome_sent'")[0][0] == 12


def test_a_half_added_friend_is_welcomed_once_and_marked_at_the_confirmation(world: World) -> None:
    world.sim.post("staff-change", {"userid": "staff006", "confirmed": False})
    code = world.code()
    scanned = world.scan(code)
    assert scanned["status"] == "half"
    world.settle()
    (welcome,) = world.welcomes(scanned["external_userid"])
    assert welcome["data"]["text"].startswith("朋友你好")
    assert world.relation(scanned)["tags"] == []

    world.advance(3600)
    world.sim.staff_accept("staff006", scanned["external_userid"])
    world.settle()
    assert len(world.welcomes(scanned["external_userid"])) == 1
    assert world.relation(scanned)["remark"] == "林小满-武康店橱窗"
    assert len(world.relation(scanned)["tags"]) == 2
    assert world.rows("select count(*) from live_code_add")[0][0] == 1


@pytest.mark.parametrize("half", [False, True])
def test_a_welcome_does_not_wait_for_the_reading_of_the_customer(world: World, half: bool) -> None:
    """45009 on externalcontact/get closes it for a minute, and a welcome code dies after twenty seconds."""
    world.sim.post("staff-change", {"userid": "staff006", "confirmed": not half})
    code = world.code()
    world.sim.faults({"path": "*externalcontact/get", "kind": "errcode", "code": 45009})
    scanned = world.scan(code)
    world.settle()
    (welcome,) = world.welcomes(scanned["external_userid"])
    assert welcome["data"]["text"].startswith("朋友你好")
    here = world.relationship(scanned)
    assert (here.status, here.state) == ("half" if half else "friend", world.relation(scanned)["state"])
    assert world.rows("select status from wecom_inbox where event = 'change_external_contact'") == [("pending",)]

    world.sim.faults()
    # The minute is over: windows and waiting jobs go by the database's own time.
    world.rows("delete from wecom_quota_window returning path")
    world.rows("update procrastinate_jobs set scheduled_at = now() where status = 'todo' returning id")
    world.settle()
    assert world.rows("select status from wecom_inbox where event = 'change_external_contact'") == [("done",)]
    names = "select count(*) from customer where name = '林小满'"
    assert world.rows(names)[0][0] == (0 if half else 1)
    assert len(world.welcomes(scanned["external_userid"])) == 1
    added = "select count(*) from event where kind = 'friend_added' and customer_id = :id"
    assert world.rows(added, id=here.customer_id)[0][0] == 1
    if not half:
        assert world.relation(scanned)["remark"] == "林小满-武康店橱窗"


def test_a_late_welcome_is_not_sent_and_says_why(world: World) -> None:
    code = world.code()
    scanned = world.scan(code)
    world.sim.wait_for_callbacks()
    world.advance(21)
    world.run_jobs()
    assert world.welcomes(scanned["external_userid"]) == []
    assert world.rows("select status, reason from live_code_welcome") == [("failed", "too_late")]
    (event,) = world.rows("select data from event where kind = 'welcome_failed'")
    assert event[0]["reason"] == "too_late"
    assert world.read(code["id"])["welcomes"]["reasons"] == {"too_late": 1}
    # Late for the welcome is not late for the rest.
    assert world.relation(scanned)["remark"] == "林小满-武康店橱窗"


def test_a_code_that_wecom_lets_expire_is_a_failed_welcome(world: World) -> None:
    """The platform's clock and WeCom's need not agree: what WeCom says counts."""
    code = world.code()
    scanned = world.scan(code)
    world.sim.wait_for_callbacks()
    world.sim.advance(30)
    world.run_jobs()
    assert world.welcomes(scanned["external_userid"]) == []
    assert world.rows("select status, reason from live_code_welcome") == [("failed", "welcome_code_expired")]


@pytest.mark.parametrize("died", ["before the call", "after the call"])
def test_killed_around_the_call_nobody_is_welcomed_twice(
    world: World, monkeypatch: pytest.MonkeyPatch, died: str
) -> None:
    code = world.code()
    scanned = world.scan(code)
    world.sim.wait_for_callbacks()
    executor = registry.executor_of("welcome")

    def dies(platform: Platform, client: Any, payload: dict[str, Any]) -> dict[str, Any]:
        if died == "after the call":
            executor.make(platform, client, payload)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setitem(registry._executors, "welcome", registry.Executor("welcome", dies, patience=executor.patience))
        from wellspring.wecom.inbox import handling
        from wellspring.wecom.outbox import sending

        for (inbox_id,) in world.rows("select id from wecom_inbox where status = 'pending'"):
            handling.handle(world.platform, inbox_id)
        ((outbox_id,),) = world.rows("select id from wecom_outbox where kind = 'welcome'")
        with pytest.raises(Killed):
            sending.send(world.platform, outbox_id)
    world.rows("update wecom_outbox set due_at = now() - interval '1 second' returning id")
    for _ in range(3):
        sending.send(world.platform, outbox_id)
        world.rows("update wecom_outbox set due_at = now() - interval '1 second' returning id")
    world.run_jobs()
    assert len(world.welcomes(scanned["external_userid"])) == 1
    assert world.rows("select status from live_code_welcome") == [("sent",)]
    assert world.rows("select count(*) from event where kind = 'welcome_sent'")[0][0] == 1


def test_who_was_removed_and_scans_again_is_greeted_again_and_counted_once(world: World) -> None:
    code = world.code()
    scanned = world.scan(code)
    world.settle()
    world.advance(60)
    world.sim.staff_delete(scanned["userid"], scanned["external_userid"])
    world.settle()
    assert world.relation(scanned)["tags"] == []
    world.advance(60)
    world.sim.scan(world.config_id(code["id"]), scanned["external_userid"])
    world.settle()
    assert len(world.welcomes(scanned["external_userid"])) == 2
    assert len(world.relation(scanned)["tags"]) == 2
    assert world.rows("select count(*) from live_code_add")[0][0] == 1


def test_no_welcome_without_a_code_or_a_text(world: World) -> None:
    silent = world.code(name="不打招呼", welcome={"text": "", "attachments": []})
    world.scan(silent)
    world.sim.post("staff-change", {"userid": "staff007", "admin_welcome": "管理员的欢迎语"})
    admin = world.code(name="后台欢迎语", staff_ids=[world.staff["staff007"]])
    world.scan(admin, "另一位")
    world.settle()
    assert world.rows("select count(*) from live_code_welcome")[0][0] == 0
    assert world.rows("select count(*) from live_code_add")[0][0] == 2


def test_pictures_and_links_arrive_with_the_text(world: World) -> None:
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (60, 60), "#0B5F63").save(buffer, "PNG")
    uploaded = world.client.post("/api/v1/media", files={"file": ("x.png", buffer.getvalue(), "image/png")})
    assert uploaded.status_code == 201, uploaded.text
    link = {"kind": "link", "title": "新到的茶", "url": "https://example.com/tea", "desc": "明前", "pic_url": ""}
    attachments = [{"kind": "image", "media_file_id": uploaded.json()["id"]}, link]
    code = world.code(welcome={"text": "", "attachments": attachments})
    scanned = world.scan(code)
    world.settle()
    (welcome,) = world.welcomes(scanned["external_userid"])
    kinds = [part["msgtype"] for part in welcome["data"]["attachments"]]
    assert kinds == ["image", "link"]
    assert welcome["data"]["attachments"][1]["link"]["url"] == "https://example.com/tea"
