"""Id conversion, everybody who was served, strategies and their tags, the session archive's helpers."""

from typing import Any

import pytest
from sim_helpers import Wire

from wecom_sim.testing import Control


def system_wire(control: Control, wire: Wire) -> Wire:
    app = control.post("apps", {"name": "客户联系", "kind": "contact_secret"})
    params = {"corpid": control.company()["corpid"], "corpsecret": app["secret"]}
    wire.token = wire.raw("GET", "gettoken", params=params)["access_token"]
    return wire


def test_unionid_becomes_an_id_or_a_pending_one(control: Control, wire: Wire) -> None:
    person = control.scan(wire.live_code("staff006"), customer={"name": "周宁", "unionid": "oU1"})["external_userid"]
    control.post("customers", {"name": "路人", "unionid": "oU2"})
    assert wire.ok("unionid_to_external_userid", unionid="oU1")["external_userid"] == person
    assert wire.contact("unionid_to_external_userid", unionid="oU2")["errcode"] == 84061
    assert wire.contact("unionid_to_external_userid", unionid="none")["errcode"] == 610014
    openid = wire.ok("convert_to_openid", external_userid=person)["openid"]
    found = wire.post("idconvert/unionid_to_external_userid", unionid="oU1", openid=openid)
    assert found["external_userid"] == person
    wrong = wire.post("idconvert/unionid_to_external_userid", unionid="oU1", openid="oX")
    assert wrong["errcode"] == 610018
    pending = wire.post("idconvert/unionid_to_external_userid", unionid="oU9", openid="oX")
    assert pending["pending_id"].startswith("pi")
    listed = wire.post("idconvert/batch/external_userid_to_pending_id", external_userid=[person, "wmnobody"])
    assert [one["external_userid"] for one in listed["result"]] == [person]
    assert wire.post("idconvert/batch/external_userid_to_pending_id", external_userid=[])["errcode"] == 40058
    assert wire.contact("convert_to_openid")["errcode"] == 41035


def test_shapes_of_migrations(control: Control, wire: Wire) -> None:
    person = next(one["external_userid"] for one in control.export() if one["on_api"])
    items = wire.ok("get_new_external_userid", external_userid_list=[person, "wmnobody"])["items"]
    assert items == [{"external_userid": person, "new_external_userid": person}]
    assert wire.ok("groupchat/get_new_external_userid", external_userid_list=[])["items"] == []
    assert len(wire.ok("to_service_external_userid", external_userid=person)["external_userid"]) == 32
    tag = wire.ok("get_corp_tag_list")["tag_group"][0]["tag"][0]["id"]
    tags = wire.post("idconvert/external_tagid", external_tagid_list=[tag, "etnone"])
    assert tags["invalid_external_tagid_list"] == ["etnone"]
    assert wire.post("idconvert/open_kfid", open_kfid_list=["wk0"])["invalid_open_kfid_list"] == ["wk0"]
    assert wire.post("idconvert/chatid", chat_id_list=["wr0"])["items"] == []


def test_everybody_who_was_served(control: Control, wire: Wire) -> None:
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = wire.ok("contact_list", limit=100, cursor=cursor)
        rows += page["info_list"]
        cursor = page["next_cursor"]
        if not cursor:
            break
    held = {(one["userid"], one["external_userid"]) for one in control.export() if one["on_api"]}
    assert {(one["follow_userid"], one["external_userid"]) for one in rows if one["is_customer"]} == held
    assert all("name" not in one for one in rows if one["is_customer"])
    assert all(one["name"].endswith("**") for one in rows if not one["is_customer"])


@pytest.mark.parametrize("kind", ["customer", "moment"])
def test_strategies(control: Control, wire: Wire, kind: str) -> None:
    assert wire.contact(f"{kind}_strategy/list")["errcode"] == 48002
    system_wire(control, wire)
    flag = {"customer": "contact_me", "moment": "send_moment"}[kind]
    wish = {
        "strategy_name": "门店", "admin_list": ["staff001"], "privilege": {flag: True},
        "range": [{"type": 1, "userid": "staff001"}, {"type": 2, "partyid": 1}],
    }  # fmt: skip
    parent = wire.ok(f"{kind}_strategy/create", **wish)["strategy_id"]
    child = wire.ok(f"{kind}_strategy/create", **wish, parent_id=parent)["strategy_id"]
    assert [one["strategy_id"] for one in wire.ok(f"{kind}_strategy/list")["strategy"]] == [parent, child]
    assert wire.ok(f"{kind}_strategy/get", strategy_id=parent)["strategy"]["privilege"][flag] is True
    gone = [{"type": 2, "partyid": 1}]
    more = [{"type": 1, "userid": "staff002"}]
    wire.ok(f"{kind}_strategy/edit", strategy_id=parent, strategy_name="新", range_add=more, range_del=gone)
    ranged = wire.ok(f"{kind}_strategy/get_range", strategy_id=parent)["range"]
    assert ranged == [{"type": 1, "userid": "staff001"}, {"type": 1, "userid": "staff002"}]
    wire.ok(f"{kind}_strategy/del", strategy_id=parent)
    assert wire.ok(f"{kind}_strategy/list")["strategy"] == []
    assert wire.contact(f"{kind}_strategy/get", strategy_id=parent)["errcode"] == 40058
    for change, code in (({"strategy_name": ""}, 40063), ({"privilege": {"fly": 1}}, 40058), ({"range": []}, 40063)):
        assert wire.contact(f"{kind}_strategy/create", **{**wish, **change})["errcode"] == code


def test_strategy_tags(control: Control, wire: Wire) -> None:
    assert wire.contact("get_strategy_tag_list")["errcode"] == 48002
    system_wire(control, wire)
    wish = {"strategy_name": "门店", "admin_list": ["staff001"], "range": [{"type": 1, "userid": "staff001"}]}
    parent = wire.ok("customer_strategy/create", **wish)["strategy_id"]
    child = wire.ok("customer_strategy/create", **wish, parent_id=parent)["strategy_id"]
    names = {"group_name": "等级", "tag": [{"name": "金"}, {"name": "银", "order": 5}, {"name": "金"}]}
    group = wire.ok("add_strategy_tag", strategy_id=parent, **names)["tag_group"]
    assert group["group_id"].startswith("st")
    listed = wire.ok("get_strategy_tag_list", strategy_id=parent)["tag_group"][0]["tag"]
    assert [one["name"] for one in listed] == ["银", "金"]
    assert wire.contact("add_strategy_tag", strategy_id=child, **names)["errcode"] == 40058
    assert wire.contact("add_strategy_tag", strategy_id=parent, group_name="空", tag=[])["errcode"] == 40063
    assert wire.contact("edit_strategy_tag", id=listed[0]["id"], name="金")["errcode"] == 40071
    assert wire.contact("edit_strategy_tag", id="stnone", name="x")["errcode"] == 40068
    assert wire.contact("edit_strategy_tag", id=listed[0]["id"], name="长" * 31)["errcode"] == 40072
    control.settings(corp_tags_max=1)
    assert (
        wire.contact("add_strategy_tag", strategy_id=parent, group_name="新", tag=[{"name": "x"}])["errcode"] == 40126
    )
    wire.ok("del_strategy_tag", tag_id=[one["id"] for one in listed])
    assert wire.ok("get_strategy_tag_list")["tag_group"] == []
    assert wire.contact("del_strategy_tag")["errcode"] == 40063


def test_session_archive(control: Control, wire: Wire) -> None:
    control.archive_permit(staff001=1, staff002=3)
    assert wire.post("msgaudit/get_permit_user_list")["ids"] == ["staff001", "staff002"]
    assert wire.post("msgaudit/get_permit_user_list", type=3)["ids"] == ["staff002"]
    person = next(one["external_userid"] for one in control.export() if one["userid"] == "staff001")
    pair = {"userid": "staff001", "exteranalopenid": person}

    def agreement() -> dict[str, Any]:
        found: dict[str, Any] = wire.post("msgaudit/check_single_agree", info=[pair])["agreeinfo"][0]
        return found

    assert agreement()["agree_status"] == "Default_Agree"
    control.archive_consent("staff001", person, "Disagree")
    assert agreement()["agree_status"] == "Disagree"
    control.archive_consent("staff001", person)
    assert control.callbacks()["newest"][0]["fields"]["ChangeType"] == "msg_audit_approved"
    assert wire.post("msgaudit/check_single_agree", info=[pair] * 101)["errcode"] == 301060
    assert wire.post("msgaudit/check_single_agree", info=[{**pair, "userid": "staff003"}])["errcode"] == 301061
    assert wire.post("msgaudit/groupchat/get", roomid="wr0")["errcode"] == 301059
    dumb = control.post("apps", {"name": "无", "rights": ["contact"]})
    params = {"corpid": control.company()["corpid"], "corpsecret": dumb["secret"]}
    wire.token = wire.raw("GET", "gettoken", params=params)["access_token"]
    assert wire.post("msgaudit/get_permit_user_list")["errcode"] == 48002
