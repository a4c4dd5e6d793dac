"""Live codes over the API: made, changed, refused, seen by whom; their pictures."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import zxingcpp
from acquisition_world import World
from PIL import Image

from wellspring.acquisition import fonts, qr_picture
from wellspring.acquisition.errors import QrNotFetched
from wellspring.platform.auth import Scope


def error_of(answer: Any) -> tuple[int, str, list[str]]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], sorted(error.get("fields") or {})


def test_a_code_waits_for_wecom_and_then_has_its_qr(world: World) -> None:
    answer = world.client.post("/api/v1/live-codes", json=world.body())
    made = answer.json()
    assert (answer.status_code, made["status"], made["has_qr"], made["waiting"]) == (201, "pending", False, True)
    assert error_of(world.client.get(f"/api/v1/live-codes/{made['id']}/poster.png"))[1] == "qr_not_ready"
    world.run_jobs()
    found = world.read(made["id"])
    assert (found["status"], found["has_qr"], found["waiting"], found["error"]) == ("active", True, False, None)
    way = world.sim.get(f"qr/{world.config_id(made['id'])}")
    assert way["state"] == found["state"]


def test_changing_staff_changes_the_contact_way_and_not_the_qr(world: World) -> None:
    code = world.code()
    before = world.config_id(code["id"])
    picture = world.client.get(f"/api/v1/live-codes/{code['id']}/qr.png").content
    changed = world.change(code, staff_ids=[world.staff["staff007"], world.staff["staff008"]]).json()
    assert changed["waiting"] is True
    world.run_jobs()
    assert world.read(code["id"])["waiting"] is False
    assert world.config_id(code["id"]) == before
    assert world.client.get(f"/api/v1/live-codes/{code['id']}/qr.png").content == picture
    assert {world.scan(code, f"客户{n}")["userid"] for n in range(4)} == {"staff007", "staff008"}


def test_what_wecom_does_not_show_needs_no_call(world: World) -> None:
    code = world.code()
    calls = world.rows("select count(*) from wecom_outbox")[0][0]
    changed = world.change(
        code, welcome={"text": "新的", "attachments": []}, poster={"title": "门关了", "look": "teal"}
    )
    assert changed.json()["waiting"] is False
    assert world.rows("select count(*) from wecom_outbox")[0][0] == calls


def test_changes_during_the_first_call_follow_it(world: World) -> None:
    made = world.client.post("/api/v1/live-codes", json=world.body()).json()
    world.change(made, name="换个名字", staff_ids=[world.staff["staff008"]]).raise_for_status()
    world.run_jobs()
    found = world.read(made["id"])
    assert (found["status"], found["waiting"]) == ("active", False)
    assert len(world.rows("select 1 from wecom_outbox where kind = 'contact_way_add'")) == 1
    assert world.scan(found)["userid"] == "staff008"


def test_a_refusal_is_told_with_its_reason_and_can_be_tried_again(world: World) -> None:
    world.sim.faults({"kind": "errcode", "path": "*add_contact_way", "code": 41054, "rate": 1})
    code = world.code()
    assert (code["status"], code["error"], code["has_qr"]) == ("failed", "user_not_activated", False)
    world.sim.faults()
    assert world.client.post(f"/api/v1/live-codes/{code['id']}/retry").json()["status"] == "pending"
    world.run_jobs()
    assert world.read(code["id"])["status"] == "active"
    assert error_of(world.client.post(f"/api/v1/live-codes/{code['id']}/retry"))[1] == "nothing_to_retry"


def test_a_refused_change_leaves_the_code_working(world: World) -> None:
    code = world.code()
    world.sim.faults({"kind": "errcode", "path": "*update_contact_way", "code": 41054, "rate": 1})
    world.change(code, staff_ids=[world.staff["staff008"]]).raise_for_status()
    world.run_jobs()
    found = world.read(code["id"])
    assert (found["status"], found["error"], found["waiting"]) == ("active", "user_not_activated", True)
    world.sim.faults()
    world.client.post(f"/api/v1/live-codes/{code['id']}/retry").raise_for_status()
    world.run_jobs()
    assert world.scan(found)["userid"] == "staff008"


def test_a_lost_answer_makes_no_second_contact_way(world: World) -> None:
    world.sim.faults({"kind": "cut_after", "path": "*add_contact_way", "rate": 1, "times": 1})
    made = world.client.post("/api/v1/live-codes", json=world.body()).json()
    world.run_jobs()
    for _ in range(3):
        world.rows("update wecom_outbox set due_at = now() - interval '1 second' returning id")
        world.rows("update procrastinate_jobs set scheduled_at = now() where status = 'todo' returning id")
        world.run_jobs()
    assert world.read(made["id"])["status"] == "active"
    assert len(world.sim.get("qr")) == 1


WRONG: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"staff_ids": [999_999]}, "staff_unknown", ["staff_ids"]),
    ({"staff_ids": []}, "invalid", ["staff_ids"]),
    ({"channel_id": 999_999}, "channel_not_found", []),
    ({"tag_ids": [999_999]}, "tag_unknown", ["tag_ids"]),
    ({"store_id": 999_999}, "store_out_of_scope", ["store_id"]),
    ({"remark_template": "{nmae}"}, "invalid", ["remark_template"]),
    ({"welcome": {"text": "{nmae}"}}, "invalid", ["welcome.text"]),
    ({"welcome": {"text": "活" * 1334}}, "invalid", ["welcome.text"]),
    (
        {"welcome": {"text": "", "attachments": [{"kind": "image", "media_file_id": 99}]}},
        "media_unknown",
        ["welcome.attachments.0.media_file_id"],
    ),
    (
        {"welcome": {"attachments": [{"kind": "link", "title": "茶", "url": "example.com"}]}},
        "invalid",
        ["welcome.attachments.0.url"],
    ),
    (
        {"welcome": {"attachments": [{"kind": "link", "title": "茶" * 43, "url": "https://example.com"}]}},
        "invalid",
        ["welcome.attachments.0.title"],
    ),
]


def test_wrong_input_is_named_beside_its_field(world: World) -> None:
    channel_id = world.channel()
    for changes, code, fields in WRONG:
        answer = world.client.post("/api/v1/live-codes", json=world.body(channel_id=channel_id) | changes)
        assert error_of(answer)[1:] == (code, fields), answer.text


def test_staff_without_the_right_cannot_receive(world: World) -> None:
    answer = world.client.post("/api/v1/live-codes", json=world.body(staff_ids=[world.staff["staff013"]]))
    assert error_of(answer) == (422, "staff_cannot_receive", ["staff_ids"])


def test_an_old_version_does_not_overwrite_a_newer_one(world: World) -> None:
    code = world.code()
    world.change(code, name="先到").raise_for_status()
    assert error_of(world.change(code, name="后到"))[:2] == (409, "live_code_changed")
    assert world.read(code["id"])["name"] == "先到"


def test_a_store_manager_sees_and_makes_only_codes_of_the_own_store(world: World) -> None:
    store = next(iter(world.stores.values()))
    other = next(ident for ident in world.stores.values() if ident != store)
    mine = world.rows("select id from staff_member where store_id = :id and may_contact order by id limit 1", id=store)[
        0
    ][0]
    theirs = world.rows(
        "select id from staff_member where store_id = :id and may_contact order by id limit 1", id=other
    )[0][0]
    headquarters = world.code(name="总部码")
    elsewhere = world.code(name="别店码", store_id=other, staff_ids=[theirs])
    manager = world.app_client("store_manager", Scope("store", store))
    channel_id = world.channel("店里")
    body = world.body(store_id=store, staff_ids=[mine], channel_id=channel_id)
    own = manager.post("/api/v1/live-codes", json=body)
    assert own.status_code == 201, own.text
    listed = manager.get("/api/v1/live-codes").json()
    assert [row["id"] for row in listed["items"]] == [own.json()["id"]]
    for hidden in (headquarters, elsewhere):
        assert manager.get(f"/api/v1/live-codes/{hidden['id']}").status_code == 404
        assert manager.post(f"/api/v1/live-codes/{hidden['id']}/archive").status_code == 404
        assert manager.get(f"/api/v1/live-codes/{hidden['id']}/poster.png").status_code == 404
    assert error_of(manager.post("/api/v1/live-codes", json=body | {"store_id": other}))[1] == "store_out_of_scope"
    assert error_of(manager.post("/api/v1/live-codes", json=body | {"store_id": None}))[1] == "store_out_of_scope"
    assert error_of(manager.post("/api/v1/live-codes", json=body | {"staff_ids": [theirs]}))[1] == "staff_unknown"


def test_an_archived_code_goes_on_working_and_comes_back(world: World) -> None:
    code = world.code()
    world.client.post(f"/api/v1/live-codes/{code['id']}/archive").raise_for_status()
    assert world.client.get("/api/v1/live-codes").json()["total"] == 0
    assert world.client.get("/api/v1/live-codes", params={"status": "archived"}).json()["total"] == 1
    scanned = world.scan(code)
    world.settle()
    assert len(world.welcomes(scanned["external_userid"])) == 1
    assert world.read(code["id"])["figures"]["total"] == 1
    world.client.post(f"/api/v1/live-codes/{code['id']}/restore").raise_for_status()
    assert world.client.get("/api/v1/live-codes").json()["total"] == 1


def test_lists_search_filter_sort_and_ask_little(world: World, query_count: Callable[[], Any]) -> None:
    store = next(iter(world.stores.values()))
    root = world.channel("线下")
    branch = world.channel("橱窗", parent_id=root)
    busy = world.code(name="收银台", channel_id=branch, store_id=store)
    world.code(name="包裹卡")
    for number in range(3):
        world.scan(busy, f"客户{number}")
    world.settle()

    def ids(**params: Any) -> list[int]:
        return [row["id"] for row in world.client.get("/api/v1/live-codes", params=params).json()["items"]]

    assert ids(sort="-today")[0] == busy["id"]
    assert ids(q="收银") == ids(channel_id=root) == ids(store_id=store) == [busy["id"]]
    name = busy["staff"][0]["name"]
    assert len(ids(q=name)) == 2
    with query_count() as counted:
        page = world.client.get("/api/v1/live-codes").json()
    assert counted.n <= 11
    assert page["totals"] == {"today": 3, "last_30_days": 3, "kept_30": None, "kept_30_of": 0}
    exported = world.client.get("/api/v1/live-codes/export", params={"format": "csv"})
    assert exported.content.decode("utf-8-sig").count("\r\n") == 3


def test_who_stayed_thirty_days_is_counted_of_those_who_could(world: World) -> None:
    code = world.code()
    stays, leaves, late = (world.scan(code, name) for name in ("留下", "离开", "晚走"))
    world.settle()
    world.advance(10 * 86400)
    world.sim.customer_delete(leaves["userid"], leaves["external_userid"])
    world.settle()
    world.advance(25 * 86400)
    world.sim.customer_delete(late["userid"], late["external_userid"])
    world.settle()
    world.scan(code, "新来")
    world.settle()
    figures = world.read(code["id"])["figures"]
    assert (figures["total"], figures["kept_30_of"], round(figures["kept_30"], 3)) == (4, 3, 0.667)
    assert world.relationship(stays).status == "friend"


def test_the_poster_carries_the_same_code_as_wecoms_picture(world: World) -> None:
    code = world.code(poster={"title": "门关了，也能问问我们", "subtitle": "上海武康店", "look": "teal"})
    answer = world.client.get(f"/api/v1/live-codes/{code['id']}/poster.png", params={"download": True})
    assert answer.headers["content-type"] == "image/png"
    assert "attachment" in answer.headers["content-disposition"]
    poster = Image.open(io.BytesIO(answer.content))
    assert poster.size == (1080, 1680)
    (read,) = zxingcpp.read_barcodes(poster)
    assert read.text == f"{world.sim_server.base_url}/phone/scan/{world.config_id(code['id'])}"
    for look in ("ink",):
        code = world.change(code, poster={"title": "A" * 24, "subtitle": "字" * 48, "look": look}).json()
        sheet = Image.open(io.BytesIO(world.client.get(f"/api/v1/live-codes/{code['id']}/poster.png").content))
        assert zxingcpp.read_barcodes(sheet)[0].text == read.text


def test_without_a_chinese_font_the_poster_says_what_to_install(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    code = world.code()
    monkeypatch.setattr(fonts, "FOLDERS", ())
    monkeypatch.setattr(fonts, "_ask_fontconfig", lambda: None)
    fonts.find_chinese_font.cache_clear()
    try:
        answer = world.client.get(f"/api/v1/live-codes/{code['id']}/poster.png")
    finally:
        fonts.find_chinese_font.cache_clear()
    assert error_of(answer)[:2] == (503, "no_chinese_font")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:5432/",
        "http://localhost/qr.png",
        "https://user@example.com/qr.png",
        "https://[::1]/qr.png",
        "http://169.254.169.254/latest/meta-data",
        "https://10.0.0.8/qr.png",
    ],
)
def test_the_picture_is_fetched_from_nowhere_private(url: str) -> None:
    with pytest.raises(QrNotFetched):
        qr_picture._destination(url, "https://qyapi.weixin.qq.com")


def test_the_home_page_says_what_to_do_about_codes(world: World) -> None:
    def steps() -> set[str]:
        codes = {step["code"] for step in world.client.get("/api/v1/home").json()["next_steps"]}
        return codes & {"MAKE_LIVE_CODE", "LIVE_CODE_REFUSED", "LIVE_CODE_NOBODY"}

    assert steps() == {"MAKE_LIVE_CODE"}
    world.sim.faults({"kind": "errcode", "path": "*add_contact_way", "code": 41054, "rate": 1})
    code = world.code()
    assert steps() == {"LIVE_CODE_REFUSED"}
    world.sim.faults()
    world.client.post(f"/api/v1/live-codes/{code['id']}/retry").raise_for_status()
    world.run_jobs()
    assert steps() == set()
    world.rows("update staff_member set status = 'left' where userid = 'staff006' returning id")
    assert steps() == {"LIVE_CODE_NOBODY"}
