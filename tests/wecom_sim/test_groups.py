"""Customer groups: joining, leaving, what the wire shows and tells of it."""

from typing import Any

import pytest
from sim_helpers import Receiver, Wire

from wecom_sim.testing import Control, ControlError


def friends(control: Control, userid: str, count: int) -> list[str]:
    mine = (one for one in control.export() if one["userid"] == userid and one["status"] == "friend")
    return [one["external_userid"] for one, _ in zip(mine, range(count), strict=False)]


def shown(wire: Wire, chat_id: str, **more: Any) -> dict[str, Any]:
    chat: dict[str, Any] = wire.ok("groupchat/get", chat_id=chat_id, **more)["group_chat"]
    return chat


def ids(chat: dict[str, Any]) -> list[str]:
    return [one["userid"] for one in chat["member_list"]]


def chat_events(control: Control, receiver: Receiver) -> list[dict[str, str]]:
    control.wait_for_callbacks()
    found = [one for one in receiver.events if one["Event"] == "change_external_chat"]
    receiver.events.clear()
    return found


@pytest.fixture
def still(control: Control) -> Control:
    control.freeze()
    return control


def test_a_group_is_made_and_read(still: Control, wire: Wire) -> None:
    people = friends(still, "staff006", 2)
    made = still.group_create("staff006", "湖滨老友", people, userids=["staff007"])
    assert made["chat_id"].startswith("wr")
    assert len(made["chat_id"]) == 32
    still.group_change(made["chat_id"], "staff006", admins=["staff007"])
    still.group_nickname(made["chat_id"], people[0], "阿宋")
    still.advance(3)
    chat = shown(wire, made["chat_id"], need_name=1)
    assert (chat["name"], chat["owner"], chat["notice"]) == ("湖滨老友", "staff006", "")
    assert chat["admin_list"] == [{"userid": "staff007"}]
    assert ids(chat) == ["staff006", "staff007", *people]
    owner, colleague, customer, _ = chat["member_list"]
    assert (owner["type"], colleague["type"], customer["type"]) == (1, 1, 2)
    assert "invitor" not in owner
    assert customer["invitor"] == {"userid": "staff006"}
    assert (customer["join_scene"], customer["group_nickname"]) == (1, "阿宋")
    assert customer["name"] == still.customer(people[0])["name"]
    assert customer.get("unionid", "") == still.customer(people[0])["unionid"]
    assert len(chat["member_version"]) == 32
    assert "name" not in shown(wire, made["chat_id"])["member_list"][0]


def test_only_friends_are_invited_and_only_with_customer_contact(still: Control, wire: Wire) -> None:
    stranger = still.post("customers", {"name": "路人"})["external_userid"]
    with pytest.raises(ControlError, match="not_friends"):
        still.group_create("staff006", "群", [stranger])
    with pytest.raises(ControlError, match="no_customer_contact"):
        still.group_create("staff013", "群")
    chat_id = still.group_create("staff006", "群")["chat_id"]
    with pytest.raises(ControlError, match="not_in_group"):
        still.group_invite(chat_id, "staff007", *friends(still, "staff007", 1))


def test_the_detail_lags_the_event(still: Control, wire: Wire) -> None:
    first, second, third = friends(still, "staff006", 3)
    chat_id = still.group_create("staff006", "群", [first])["chat_id"]
    before = shown(wire, chat_id)
    still.group_invite(chat_id, "staff006", second)
    assert shown(wire, chat_id) == before
    still.advance(1)
    still.group_invite(chat_id, "staff006", third)
    still.advance(1.1)
    assert ids(shown(wire, chat_id)) == ["staff006", first, second]
    still.advance(1)
    after = shown(wire, chat_id)
    assert ids(after) == ["staff006", first, second, third]
    assert after["member_version"] == still.group(chat_id)["version"] != before["member_version"]
    still.settings(group_lag_seconds=0)
    still.group_quit(chat_id, third)
    assert ids(shown(wire, chat_id)) == ["staff006", first, second]


def test_events_of_members(still: Control, wire: Wire, receiver: Receiver) -> None:
    first, second, third = friends(still, "staff006", 3)
    made = still.group_create("staff006", "群", [first])
    chat_id = made["chat_id"]
    (event,) = chat_events(still, receiver)
    assert (event["ChangeType"], event["ChatId"], event["FromUserName"]) == ("create", chat_id, "sys")

    joined = still.group_invite(chat_id, "staff006", second, third)
    (event,) = chat_events(still, receiver)
    assert (event["ChangeType"], event["UpdateDetail"], event["JoinScene"]) == ("update", "add_member", "0")
    assert (event["MemChangeCnt"], event["MemChangeList"]) == ("2", f"{second},{third}")
    assert (event["LastMemVer"], event["CurMemVer"]) == (made["version"], joined["version"])

    gone = still.group_remove(chat_id, "staff006", second)
    (event,) = chat_events(still, receiver)
    assert (event["UpdateDetail"], event["QuitScene"], event["MemChangeList"]) == ("del_member", "1", second)
    assert (event["LastMemVer"], event["CurMemVer"]) == (joined["version"], gone["version"])

    still.group_quit(chat_id, third)
    (event,) = chat_events(still, receiver)
    assert (event["UpdateDetail"], event["QuitScene"]) == ("del_member", "0")

    still.settings(group_event_member_list=False)
    still.group_link(chat_id, first, third)
    (event,) = chat_events(still, receiver)
    assert (event["JoinScene"], event["MemChangeCnt"]) == ("0", "1")
    assert not {"MemChangeList", "LastMemVer", "CurMemVer"} & set(event)


def test_events_of_the_group_itself(still: Control, wire: Wire, receiver: Receiver) -> None:
    chat_id = still.group_create("staff006", "群", userids=["staff007"])["chat_id"]
    chat_events(still, receiver)
    still.group_change(chat_id, "staff006", name="新名", notice="周末见", owner="staff007")
    assert {one["UpdateDetail"] for one in chat_events(still, receiver)} == {
        "change_name",
        "change_notice",
        "change_owner",
    }
    still.advance(3)
    chat = shown(wire, chat_id)
    assert (chat["name"], chat["notice"], chat["owner"]) == ("新名", "周末见", "staff007")
    with pytest.raises(ControlError, match="not_owner"):
        still.group_dismiss(chat_id, "staff006")
    still.group_dismiss(chat_id, "staff007")
    (event,) = chat_events(still, receiver)
    assert event["ChangeType"] == "dismiss"
    assert wire.contact("groupchat/get", chat_id=chat_id)["errcode"] == 40050
    assert wire.ok("groupchat/list", limit=10)["group_chat_list"] == []


def test_who_may_do_what(still: Control, wire: Wire) -> None:
    (person,) = friends(still, "staff006", 1)
    chat_id = still.group_create("staff006", "群", [person], userids=["staff007"])["chat_id"]
    with pytest.raises(ControlError, match="owner_stays"):
        still.group_quit(chat_id, "staff006")
    with pytest.raises(ControlError, match="not_admin"):
        still.group_change(chat_id, "staff007", name="我的")
    with pytest.raises(ControlError, match="not_in_group"):
        still.group_remove(chat_id, "staff006", "staff008")
    with pytest.raises(ControlError, match="no_such_group"):
        still.group_chat("wrnone", person, "在吗")


def test_how_people_came_by_link(still: Control, wire: Wire) -> None:
    (person,) = friends(still, "staff006", 1)
    chat_id = still.group_create("staff006", "群")["chat_id"]
    assert still.group_link(chat_id, "staff006", person)["already"] is False
    assert still.group_link(chat_id, "staff006", person)["already"] is True
    still.advance(3)
    member = shown(wire, chat_id)["member_list"][1]
    assert (member["join_scene"], member["invitor"]) == (2, {"userid": "staff006"})
    scenes = [still.callbacks()["newest"][0]["fields"]["JoinScene"]]
    still.settings(group_event_link_scene=1)
    still.group_link(chat_id, "staff006")
    assert [*scenes, still.callbacks()["newest"][0]["fields"]["JoinScene"]] == [0, 1]


def test_a_large_group_takes_no_links_and_a_full_one_nobody(still: Control, wire: Wire) -> None:
    still.settings(group_scan_max=2, group_size_max=3)
    first, second, third = friends(still, "staff006", 3)
    chat_id = still.group_create("staff006", "群", [first])["chat_id"]
    with pytest.raises(ControlError, match="by invitation only"):
        still.group_link(chat_id, "staff006", second)
    still.group_invite(chat_id, "staff006", second)
    with pytest.raises(ControlError, match="group_full"):
        still.group_invite(chat_id, "staff006", third)


def test_list_by_status_and_owner_in_pages(still: Control, wire: Wire) -> None:
    made = [
        still.group_create(userid, userid)["chat_id"] for userid in ("staff006", "staff007", "staff006", "staff001")
    ]
    first = wire.ok("groupchat/list", limit=3)
    still.group_dismiss(made[0], "staff006")
    rest = wire.ok("groupchat/list", limit=3, cursor=first["next_cursor"])
    assert [one["chat_id"] for one in first["group_chat_list"] + rest["group_chat_list"]] == made
    assert rest["next_cursor"] == ""
    assert {one["status"] for one in first["group_chat_list"]} == {0}
    only = wire.ok("groupchat/list", limit=10, owner_filter={"userid_list": ["staff006"]})
    assert [one["chat_id"] for one in only["group_chat_list"]] == [made[2]]
    still.resign("staff007")
    waiting = wire.ok("groupchat/list", limit=10, status_filter=1)
    assert waiting["group_chat_list"] == [{"chat_id": made[1], "status": 1}]
    assert wire.contact("groupchat/list", limit=2, cursor=first["next_cursor"], status_filter=1)["errcode"] == 50100


def test_refusals_of_reading(still: Control, wire: Wire) -> None:
    many = {"userid_list": [f"staff{n:03d}" for n in range(1, 13)] * 9}
    cases: list[tuple[str, dict[str, Any], int]] = [
        ("groupchat/list", {}, 40063),
        ("groupchat/list", {"limit": 0}, 40058),
        ("groupchat/list", {"limit": 1001}, 40058),
        ("groupchat/list", {"limit": 10, "status_filter": 4}, 40058),
        ("groupchat/list", {"limit": 10, "owner_filter": {"userid_list": ["nobody"]}}, 60111),
        ("groupchat/list", {"limit": 10, "owner_filter": many}, 40058),
        ("groupchat/list", {"limit": 10, "cursor": "tampered"}, 50100),
        ("groupchat/get", {}, 40063),
        ("groupchat/get", {"chat_id": "wrnone"}, 40050),
        ("groupchat/get", {"chat_id": "wrnone", "need_name": 2}, 40058),
        ("opengid_to_chatid", {}, 40063),
        ("opengid_to_chatid", {"opengid": "nonsense"}, 90511),
    ]
    for path, body, code in cases:
        assert wire.contact(path, **body)["errcode"] == code, (path, body)
    still.settings(group_list_people_max=5)
    assert wire.contact("groupchat/list", limit=10)["errcode"] == 81017
    assert wire.contact("groupchat/list", limit=10, owner_filter={"userid_list": ["staff006"]})["errcode"] == 0


def test_an_app_sees_the_groups_of_its_range(still: Control, wire: Wire) -> None:
    mine = still.group_create("staff006", "武康")["chat_id"]
    other = still.group_create("staff001", "湖滨")["chat_id"]
    store = next(one for one in still.staff() if one["userid"] == "staff006")["departments"]
    app = still.post("apps", {"name": "门店", "departments": store})
    answer = wire.raw("GET", "gettoken", params={"corpid": still.company()["corpid"], "corpsecret": app["secret"]})
    wire.token = answer["access_token"]
    assert [one["chat_id"] for one in wire.ok("groupchat/list", limit=10)["group_chat_list"]] == [mine]
    assert wire.contact("groupchat/get", chat_id=other)["errcode"] == 60011
    bare = still.post("apps", {"name": "通讯录", "rights": ["directory"]})
    answer = wire.raw("GET", "gettoken", params={"corpid": still.company()["corpid"], "corpsecret": bare["secret"]})
    wire.token = answer["access_token"]
    assert wire.contact("groupchat/list", limit=10)["errcode"] == 48002


def test_opengid(still: Control, wire: Wire) -> None:
    made = still.group_create("staff006", "群")
    assert wire.ok("opengid_to_chatid", opengid=made["opengid"])["chat_id"] == made["chat_id"]


def test_who_leaves_the_company_leaves_the_groups(still: Control, wire: Wire, receiver: Receiver) -> None:
    own = still.group_create("staff007", "自己的")["chat_id"]
    other = still.group_create("staff006", "别人的", userids=["staff007"])["chat_id"]
    chat_events(still, receiver)
    still.resign("staff007")
    (event,) = chat_events(still, receiver)
    assert (event["ChatId"], event["UpdateDetail"], event["MemChangeList"]) == (other, "del_member", "staff007")
    assert [one["id"] for one in still.group(own)["members"]] == ["staff007"]


# -- transfer of groups --------------------------------------------------------------------------------------------------
def transfer(wire: Wire, path: str, new_owner: str, *chat_ids: str) -> list[int]:
    """The errcode per group, 0 for those handed over."""
    failed = wire.ok(f"groupchat/{path}", chat_id_list=list(chat_ids), new_owner=new_owner)["failed_chat_list"]
    codes = {one["chat_id"]: one["errcode"] for one in failed}
    return [codes.get(chat_id, 0) for chat_id in chat_ids]


def test_on_job_transfer(still: Control, wire: Wire, receiver: Receiver) -> None:
    chat_id = still.group_create("staff006", "群")["chat_id"]
    chat_events(still, receiver)
    assert transfer(wire, "onjob_transfer", "staff007", chat_id, "wrnone") == [0, 90501]
    assert chat_events(still, receiver) == []  # made by API
    still.advance(3)
    chat = shown(wire, chat_id)
    assert (chat["owner"], ids(chat)) == ("staff007", ["staff006", "staff007"])
    assert transfer(wire, "onjob_transfer", "staff007", chat_id) == [90504]
    assert transfer(wire, "onjob_transfer", "staff008", chat_id) == [0]
    assert transfer(wire, "onjob_transfer", "staff006", chat_id) == [40128]
    still.advance(90 * 86400)
    wire.new_token()
    assert transfer(wire, "onjob_transfer", "staff006", chat_id) == [0]


def test_limits_of_group_transfers(still: Control, wire: Wire) -> None:
    still.settings(group_transfers_per_day=1, group_size_max=1)
    first, second = (still.group_create("staff006", "群")["chat_id"] for _ in range(2))
    assert transfer(wire, "onjob_transfer", "staff007", first) == [90503]
    still.settings(group_size_max=500)
    assert transfer(wire, "onjob_transfer", "staff007", first, second) == [0, 45009]
    still.advance(86400)
    wire.new_token()
    assert transfer(wire, "onjob_transfer", "staff007", second) == [0]
    cases: list[tuple[dict[str, Any], int]] = [
        ({"new_owner": "staff007"}, 40063),
        ({"chat_id_list": [first]}, 40063),
        ({"chat_id_list": [f"wr{n}" for n in range(101)], "new_owner": "staff007"}, 40058),
        ({"chat_id_list": [first], "new_owner": "nobody"}, 60111),
        ({"chat_id_list": [first], "new_owner": "staff013"}, 84074),
    ]
    for body, code in cases:
        assert wire.contact("groupchat/onjob_transfer", **body)["errcode"] == code, body
    still.post("staff-change", {"userid": "staff008", "real_name": False})
    body = {"chat_id_list": [first], "new_owner": "staff008"}
    assert wire.contact("groupchat/transfer", **body)["errcode"] == 40098


def test_transfer_of_a_left_owners_group(still: Control, wire: Wire) -> None:
    still.settings(group_inherit_seconds=60)
    chat_id = still.group_create("staff006", "群")["chat_id"]
    assert transfer(wire, "transfer", "staff007", chat_id) == [90500]
    still.resign("staff006")
    assert transfer(wire, "onjob_transfer", "staff007", chat_id) == [90502]
    assert transfer(wire, "transfer", "staff007", chat_id, "wrnone") == [0, 90501]
    assert wire.ok("groupchat/list", limit=10)["group_chat_list"] == [{"chat_id": chat_id, "status": 2}]
    assert transfer(wire, "transfer", "staff008", chat_id) == [90507]
    still.advance(60)
    assert wire.ok("groupchat/list", limit=10, status_filter=3)["group_chat_list"] == [
        {"chat_id": chat_id, "status": 3}
    ]
    assert transfer(wire, "transfer", "staff008", chat_id) == [90508]
    still.advance(3)
    chat = shown(wire, chat_id)
    assert (chat["owner"], ids(chat)) == ("staff007", ["staff007"])


def test_a_group_left_too_long_ago(still: Control, wire: Wire) -> None:
    chat_id = still.group_create("staff006", "群")["chat_id"]
    still.resign("staff006")
    still.advance(366 * 86400)
    wire.new_token()
    assert transfer(wire, "transfer", "staff007", chat_id) == [90510]
