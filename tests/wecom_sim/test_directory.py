"""Departments and members on the wire."""

import pytest
from sim_helpers import Receiver, Wire

from wecom_sim.testing import Control, ControlError


def test_tree_of_the_demo_brand(wire: Wire) -> None:
    departments = wire.get("department/list")["department"]
    by_name = {one["name"]: one for one in departments}
    assert by_name["半山集"]["id"] == 1
    assert by_name["半山集"]["parentid"] == 0
    assert by_name["杭州湖滨店"]["parentid"] == by_name["上海武康店"]["parentid"] == by_name["华东"]["id"]
    assert by_name["成都玉林店"]["parentid"] == by_name["西南"]["id"]
    simple = wire.get("department/simplelist", id=by_name["华东"]["id"])["department_id"]
    assert {one["id"] for one in simple} == {by_name[name]["id"] for name in ("华东", "杭州湖滨店", "上海武康店")}
    assert wire.get("department/get", id=by_name["华东"]["id"])["department"]["name"] == "华东"
    assert wire.get("department/get", id=999)["errcode"] == 60003
    assert wire.get("department/get", id="x")["errcode"] == 40058


def test_members(control: Control, wire: Wire) -> None:
    store = next(one for one in wire.get("department/list")["department"] if one["name"] == "上海武康店")
    members = wire.get("user/list", department_id=store["id"])["userlist"]
    assert [one["name"] for one in members] == ["顾晨", "徐嘉", "陆思远", "许蔓"]
    assert "mobile" not in members[0]
    control.settings(hide_private_user_fields=False)
    assert wire.get("user/get", userid="staff006")["mobile"]
    simple = wire.get("user/simplelist", department_id=store["id"])["userlist"]
    assert simple[0] == {"userid": "staff006", "name": "顾晨", "department": [store["id"]]}


def test_a_member_by_mobile_or_address(control: Control, wire: Wire) -> None:
    control.settings(hide_private_user_fields=False)
    member = wire.get("user/get", userid="staff006")
    assert wire.post("user/getuserid", mobile=member["mobile"])["userid"] == "staff006"
    assert wire.post("user/get_userid_by_email", email=member["email"], email_type=1)["userid"] == "staff006"
    assert wire.post("user/get_userid_by_email", email="nobody@example.com")["errcode"] == 46004
    assert wire.post("user/get_userid_by_email", email="a@example.com", email_type=3)["errcode"] == 40058
    assert wire.post("user/getuserid", mobile="what")["errcode"] == 60103
    assert wire.post("user/getuserid")["errcode"] == 40063
    # 20 % of 13 members are two wrong numbers a day; then even right ones are refused until tomorrow.
    wrong = [wire.post("user/getuserid", mobile=f"1990000000{n}")["errcode"] for n in range(3)]
    assert wrong == [46004, 46004, 45009]
    assert wire.post("user/getuserid", mobile=member["mobile"])["errcode"] == 45009
    control.advance(86401)
    wire.new_token()
    assert wire.post("user/getuserid", mobile=member["mobile"])["errcode"] == 0


def test_how_many_were_active(control: Control, wire: Wire) -> None:
    control.set_clock(now="2026-11-20T10:00:00+08:00")
    wire.new_token()
    person = control.scan(wire.live_code("staff006"))["external_userid"]
    assert wire.post("user/get_active_stat", date="2026-11-20")["active_cnt"] == 0
    control.chat("staff006", person, "您好", sender="staff")
    msgid = wire.ok("add_msg_template", sender="staff007", text={"content": "周三会员日"})["msgid"]
    control.confirm("staff007", msgid)
    assert wire.post("user/get_active_stat", date="2026-11-20")["active_cnt"] == 2
    assert wire.post("user/get_active_stat", date="2026-11-19")["active_cnt"] == 0
    for wrong in ("2026-11-21", "2026-01-01", "yesterday"):
        assert wire.post("user/get_active_stat", date=wrong)["errcode"] == 40058


def test_list_id_pages(wire: Wire) -> None:
    found, cursor = [], ""
    while True:
        page = wire.post("user/list_id", limit=5, cursor=cursor)
        found += [one["userid"] for one in page["dept_user"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert found == [f"staff{n:03d}" for n in range(1, 14)]


def test_who_left_is_gone(control: Control, wire: Wire, receiver: Receiver) -> None:
    control.resign("staff006")
    assert wire.get("user/get", userid="staff006")["errcode"] == 60111
    assert "staff006" not in wire.get("externalcontact/get_follow_user_list")["follow_user"]
    control.wait_for_callbacks()
    assert [(one["Event"], one["ChangeType"], one["UserID"]) for one in receiver.events] == [
        ("change_contact", "delete_user", "staff006")
    ]


def test_admin_changes_of_the_directory_raise_events(control: Control, wire: Wire, receiver: Receiver) -> None:
    made = control.post("departments", {"name": "苏州平江店", "parentid": 3})
    control.post("staff", {"userid": "xiaochen", "name": "小陈", "departments": [made["id"]]})
    control.post("staff-change", {"userid": "xiaochen", "name": "陈某"})
    control.post("department-change", {"id": made["id"], "name": "苏州观前店"})
    with pytest.raises(ControlError, match="still has"):
        control.post("department-change", {"id": made["id"], "delete": True})
    control.resign("xiaochen")
    control.post("department-change", {"id": made["id"], "delete": True})
    control.wait_for_callbacks()
    changes = sorted(one["ChangeType"] for one in receiver.events)
    assert changes == [
        "create_party", "create_user", "delete_party", "delete_user", "update_party", "update_user",
    ]  # fmt: skip
