"""Join ways, group welcomes, figures of groups, mass messages to groups."""

from typing import Any

import httpx
import pytest
from sim_helpers import Receiver, Wire

from wecom_sim.testing import Control, ControlError

TEXT = {"content": "周末见"}
DAY = 86400


def join_way(wire: Wire, *chat_ids: str, **more: Any) -> str:
    config_id: str = wire.ok("groupchat/add_join_way", scene=2, chat_id_list=list(chat_ids), **more)["config_id"]
    return config_id


@pytest.fixture
def still(control: Control) -> Control:
    control.freeze()
    return control


# -- join ways -----------------------------------------------------------------------------------------------------------
def test_joining_by_way(still: Control, wire: Wire, receiver: Receiver) -> None:
    chat_id = still.group_create("staff006", "群")["chat_id"]
    config_id = join_way(wire, chat_id, state="橱窗")
    joined = still.group_join(config_id, customer={"name": "宋予"})
    assert (joined["chat_id"], joined["already"], joined["created"]) == (chat_id, False, False)
    assert still.group_join(config_id, joined["external_userid"])["already"] is True
    still.wait_for_callbacks()
    event = next(one for one in receiver.events if one.get("UpdateDetail") == "add_member")
    assert (event["JoinScene"], event["MemChangeList"]) == ("3", joined["external_userid"])
    still.advance(3)
    member = wire.ok("groupchat/get", chat_id=chat_id)["group_chat"]["member_list"][1]
    assert (member["join_scene"], member["state"]) == (3, "橱窗")
    # In the group, and yet nobody's friend.
    answer = wire.get("externalcontact/get", external_userid=joined["external_userid"])
    assert answer["errcode"] == 84061


def test_a_full_group_rolls_over_and_then_new_ones_are_made(still: Control, wire: Wire, receiver: Receiver) -> None:
    still.settings(group_scan_max=2)
    first, second = still.group_create("staff006", "一")["chat_id"], still.group_create("staff007", "二")["chat_id"]
    config_id = join_way(wire, first, second, room_base_name="老友", room_base_id=10)
    came = [still.group_join(config_id) for _ in range(4)]
    assert [one["chat_id"] for one in came[:2]] == [first, second]
    assert [one["created"] for one in came] == [False, False, True, True]
    made = [still.group(one["chat_id"]) for one in came[2:]]
    assert [(one["name"], one["owner"]) for one in made] == [("老友10", "staff007"), ("老友11", "staff007")]
    way = wire.ok("groupchat/get_join_way", config_id=config_id)["join_way"]
    assert way["chat_id_list"] == [first, second, *(one["chat_id"] for one in came[2:])]
    still.wait_for_callbacks()
    created = [one["ChatId"] for one in receiver.events if one["ChangeType"] == "create"]
    assert {one["chat_id"] for one in made} <= set(created)


def test_a_full_way_that_makes_no_groups(still: Control, wire: Wire) -> None:
    still.settings(group_scan_max=1)
    config_id = join_way(wire, still.group_create("staff006", "群")["chat_id"], auto_create_room=0)
    with pytest.raises(ControlError, match="group_full"):
        still.group_join(config_id)
    with pytest.raises(ControlError, match="no_such_code"):
        still.group_join("f" * 32)


def test_join_way_is_overwritten_and_deleted(still: Control, wire: Wire) -> None:
    chat_id = still.group_create("staff006", "群")["chat_id"]
    config_id = join_way(wire, chat_id, remark="长" * 31, state="a", room_base_name="群")
    way = wire.ok("groupchat/get_join_way", config_id=config_id)["join_way"]
    assert (way["remark"], way["auto_create_room"], way["state"]) == ("长" * 30, 1, "a")
    picture = httpx.get(way["qr_code"], trust_env=False)
    assert picture.headers["content-type"] == "image/png"
    wire.ok("groupchat/update_join_way", config_id=config_id, scene=2, chat_id_list=[chat_id], auto_create_room=0)
    way = wire.ok("groupchat/get_join_way", config_id=config_id)["join_way"]
    assert (way["remark"], way["auto_create_room"], way["state"], way["room_base_name"]) == ("", 0, "", "")
    wire.ok("groupchat/del_join_way", config_id=config_id)
    assert wire.contact("groupchat/get_join_way", config_id=config_id)["errcode"] == 41044


def test_refusals_of_join_ways(still: Control, wire: Wire) -> None:
    chats = [still.group_create("staff006", "群")["chat_id"] for _ in range(6)]
    cases: list[tuple[dict[str, Any], int]] = [
        ({"chat_id_list": chats[:1]}, 40063),
        ({"scene": 3, "chat_id_list": chats[:1]}, 40058),
        ({"scene": 2}, 40063),
        ({"scene": 2, "chat_id_list": chats}, 41091),
        ({"scene": 2, "chat_id_list": ["wrnone"]}, 40050),
        ({"scene": 2, "chat_id_list": chats[:1], "room_base_name": "长" * 41}, 40058),
        ({"scene": 2, "chat_id_list": chats[:1], "state": "长" * 31}, 40058),
        ({"scene": 2, "chat_id_list": chats[:1], "auto_create_room": 2}, 40058),
    ]
    for body, code in cases:
        assert wire.contact("groupchat/add_join_way", **body)["errcode"] == code, body
    assert wire.contact("groupchat/del_join_way")["errcode"] == 41043
    config_id = join_way(wire, chats[0])
    other = still.post("apps", {"name": "另一个"})
    answer = wire.raw("GET", "gettoken", params={"corpid": still.company()["corpid"], "corpsecret": other["secret"]})
    wire.token = answer["access_token"]
    assert wire.contact("groupchat/get_join_way", config_id=config_id)["errcode"] == 41044


def test_join_ways_and_contact_ways_share_a_quota(still: Control, wire: Wire) -> None:
    chat_id = still.group_create("staff006", "群")["chat_id"]
    still.settings(contact_ways_max=2)
    join_way(wire, chat_id)
    wire.live_code("staff006")
    body = {"scene": 2, "chat_id_list": [chat_id]}
    assert wire.contact("groupchat/add_join_way", **body)["errcode"] == 41045
    assert wire.contact("add_contact_way", type=2, scene=2, user=["staff006"])["errcode"] == 41045


# -- welcomes ------------------------------------------------------------------------------------------------------------
def template(wire: Wire, **content: Any) -> str:
    template_id: str = wire.ok("group_welcome_template/add", **content)["template_id"]
    return template_id


def test_who_joins_is_welcomed(still: Control, wire: Wire) -> None:
    link = {"title": "会员日", "url": "https://example.com/day"}
    template_id = template(wire, text={"content": "%NICKNAME%，欢迎"}, link=link)
    assert template_id.startswith("msg")
    chat_id = still.group_create("staff006", "群")["chat_id"]
    still.group_change(chat_id, "staff006", welcome_template=template_id)
    joined = still.group_join(join_way(wire, chat_id), customer={"name": "宋予"})
    lines = still.group(chat_id)["chat"]
    assert [one["origin"] for one in lines] == ["welcome", "welcome"]
    assert lines[0]["part"]["text"]["content"] == "宋予，欢迎"
    assert lines[1]["part"]["link"]["title"] == "会员日"
    (entry,) = still.ledger(kind="group_welcome_delivered")
    assert (entry["external_userid"], entry["data"]["chat_id"]) == (joined["external_userid"], chat_id)


def test_templates_are_kept_by_their_maker(still: Control, wire: Wire) -> None:
    still.settings(group_templates_max=1)
    image = {"pic_url": "https://example.com/a.png"}
    template_id = template(wire, image=image, video={"media_id": "ignored: the image comes first"})
    assert wire.contact("group_welcome_template/add", text=TEXT)["errcode"] == 41055
    assert wire.ok("group_welcome_template/get", template_id=template_id)["image"] == image
    wire.ok("group_welcome_template/edit", template_id=template_id, text=TEXT)
    got = wire.ok("group_welcome_template/get", template_id=template_id)
    assert got["text"] == TEXT
    assert "image" not in got
    owner_token = wire.token
    other = still.post("apps", {"name": "另一个"})
    answer = wire.raw("GET", "gettoken", params={"corpid": still.company()["corpid"], "corpsecret": other["secret"]})
    wire.token = answer["access_token"]
    assert wire.contact("group_welcome_template/edit", template_id=template_id, text=TEXT)["errcode"] == 41058
    assert wire.contact("group_welcome_template/del", template_id=template_id)["errcode"] == 41058
    wire.token = owner_token
    wire.ok("group_welcome_template/del", template_id=template_id)
    assert wire.contact("group_welcome_template/get", template_id=template_id)["errcode"] == 40037


def test_refusals_of_templates(still: Control, wire: Wire) -> None:
    cases: list[tuple[dict[str, Any], int]] = [
        ({}, 41089),
        ({"text": {"content": "一" * 1001}}, 40058),
        ({"text": TEXT, "notify": 2}, 40058),
        ({"file": {"media_id": "none"}}, 40007),
        ({"link": {"title": "没有地址"}}, 40063),
    ]
    for body, code in cases:
        assert wire.contact("group_welcome_template/add", **body)["errcode"] == code, body
    assert wire.contact("group_welcome_template/get")["errcode"] == 40063


def test_an_uploaded_picture_comes_back_as_an_address(still: Control, wire: Wire) -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(64)
    answer = wire.http.post(
        "/cgi-bin/media/upload", params={"access_token": wire.token, "type": "image"}, files={"media": ("a.png", png)}
    ).json()
    template_id = template(wire, image={"media_id": answer["media_id"]})
    url = wire.ok("group_welcome_template/get", template_id=template_id)["image"]["pic_url"]
    assert httpx.get(url, trust_env=False).content == png


# -- figures -------------------------------------------------------------------------------------------------------------
def test_figures_of_days_and_owners(still: Control, wire: Wire) -> None:
    still.set_clock(now="2026-11-02T10:00:00+08:00")
    wire.new_token()
    monday = 1793548800  # 2026-11-02 00:00 in Asia/Shanghai
    chat_id = still.group_create("staff006", "一")["chat_id"]
    still.group_create("staff007", "二")
    code = join_way(wire, chat_id)
    first = still.group_join(code)["external_userid"]
    still.group_chat(chat_id, first, "在吗")
    still.group_chat(chat_id, first, "有新货吗")
    still.advance(DAY)
    wire.new_token()
    second = still.group_join(code)["external_userid"]
    still.group_chat(chat_id, "staff006", "在的")
    still.group_quit(chat_id, first)
    still.advance(DAY)
    wire.new_token()

    owners = {"userid_list": ["staff006", "staff007", "staff001"]}
    window = {"day_begin_time": monday + 3600, "day_end_time": monday + DAY, "owner_filter": owners}
    days = wire.ok("groupchat/statistic_group_by_day", **window)["items"]
    assert [one["stat_time"] for one in days] == [monday, monday + DAY]
    assert days[0]["data"] == {
        "new_chat_cnt": 2, "chat_total": 2, "chat_has_msg": 1, "new_member_cnt": 3, "member_total": 3,
        "member_has_msg": 1, "msg_total": 2,
    }  # fmt: skip
    assert days[1]["data"] == {
        "new_chat_cnt": 0, "chat_total": 2, "chat_has_msg": 1, "new_member_cnt": 1, "member_total": 3,
        "member_has_msg": 2, "msg_total": 3,
    }  # fmt: skip
    found = wire.ok("groupchat/statistic", **window, order_by=4)
    assert (found["total"], found["next_offset"]) == (2, 2)
    assert [one["owner"] for one in found["items"]] == ["staff006", "staff007"]
    data = found["items"][0]["data"]
    assert (data["new_chat_cnt"], data["new_member_cnt"], data["member_total"], data["msg_total"]) == (1, 3, 2, 3)
    page = wire.ok("groupchat/statistic", **window, order_by=4, order_asc=1, offset=1, limit=1)
    assert [one["owner"] for one in page["items"]] == ["staff006"]
    assert (page["total"], page["next_offset"]) == (2, 2)
    assert second


def test_refusals_of_figures(still: Control, wire: Wire) -> None:
    now = int(still.clock()["now"])
    owners = {"userid_list": ["staff006"]}
    yesterday = {"day_begin_time": now - DAY, "owner_filter": owners}
    cases: list[tuple[dict[str, Any], int]] = [
        ({"owner_filter": owners}, 40063),
        ({"day_begin_time": now - DAY}, 40063),
        ({**yesterday, "order_by": 5}, 40058),
        ({**yesterday, "limit": 1001}, 40058),
        ({"day_begin_time": now, "owner_filter": owners}, 600018),
        ({"day_begin_time": now - 181 * DAY, "owner_filter": owners}, 600018),
        ({"day_begin_time": now - 31 * DAY, "day_end_time": now - DAY, "owner_filter": owners}, 600018),
        ({"day_begin_time": now - DAY, "day_end_time": now - 2 * DAY, "owner_filter": owners}, 600018),
        ({"day_begin_time": now - 30 * DAY, "day_end_time": now - DAY, "owner_filter": owners}, 0),
    ]
    for body, code in cases:
        assert wire.contact("groupchat/statistic", **body)["errcode"] == code, body


# -- mass messages -------------------------------------------------------------------------------------------------------
def sent(wire: Wire, msgid: str) -> dict[str, int]:
    rows = wire.ok("get_groupmsg_send_result", msgid=msgid, userid="staff006")["send_list"]
    assert all("external_userid" not in one for one in rows)
    return {one["chat_id"]: one["status"] for one in rows}


def test_a_message_for_named_groups(still: Control, wire: Wire) -> None:
    first, second = (still.group_create("staff006", "群")["chat_id"] for _ in range(2))
    other = still.group_create("staff007", "群")["chat_id"]
    wish = {"chat_type": "group", "sender": "staff006", "text": TEXT}
    made = wire.ok("add_msg_template", **wish, chat_id_list=[first, second, other])
    assert made["fail_list"] == [other]
    assert sent(wire, made["msgid"]) == {}
    still.group_dismiss(second, "staff006")
    still.confirm("staff006", made["msgid"])
    assert sent(wire, made["msgid"]) == {first: 1}
    assert [one["origin"] for one in still.group(first)["chat"]] == ["mass"]
    (entry,) = still.ledger(kind="mass_delivered", msgid=made["msgid"])
    assert entry["data"]["chat_id"] == first
    (gone,) = still.ledger(kind="mass_refused", msgid=made["msgid"])
    assert gone["data"]["reason"] == "group_gone"


def test_the_owner_chooses_where_no_group_is_named(still: Control, wire: Wire) -> None:
    first, second = (still.group_create("staff006", "群")["chat_id"] for _ in range(2))
    wish = {"chat_type": "group", "sender": "staff006", "text": TEXT}
    some = wire.ok("add_msg_template", **wish)["msgid"]
    with pytest.raises(ControlError, match="not_owner"):
        still.confirm("staff006", some, ["wrnone"])
    still.confirm("staff006", some, [second])
    assert sent(wire, some) == {second: 1}
    everything = wire.ok("add_msg_template", **wish)["msgid"]
    still.confirm("staff006", everything)
    assert sent(wire, everything) == {first: 1, second: 1}
    now = int(still.clock()["now"])
    listed = wire.ok("get_groupmsg_list_v2", chat_type="group", start_time=now - 60, end_time=now + 60)
    assert [one["msgid"] for one in listed["group_msg_list"]] == [some, everything]
    assert (
        wire.ok("get_groupmsg_list_v2", chat_type="single", start_time=now - 60, end_time=now)["group_msg_list"] == []
    )


def test_the_receive_cap_counts_per_group(still: Control, wire: Wire) -> None:
    still.settings(mass_cap="day1")
    chat_id = still.group_create("staff006", "群")["chat_id"]
    got = []
    for _ in range(2):
        wish = {"chat_type": "group", "sender": "staff006", "text": TEXT, "chat_id_list": [chat_id]}
        msgid = wire.ok("add_msg_template", **wish)["msgid"]
        still.confirm("staff006", msgid)
        got.append(sent(wire, msgid)[chat_id])
    assert got == [1, 3]


def test_refusals_of_messages_for_groups(still: Control, wire: Wire) -> None:
    chat_id = still.group_create("staff006", "群")["chat_id"]
    cases: list[tuple[dict[str, Any], int]] = [
        ({"text": TEXT}, 40063),
        ({"sender": "nobody", "text": TEXT}, 60111),
        ({"sender": "staff006"}, 41089),
        ({"sender": "staff007", "text": TEXT}, 41048),
        ({"sender": "staff007", "text": TEXT, "chat_id_list": [chat_id]}, 41048),
        ({"sender": "staff006", "text": TEXT, "chat_id_list": [chat_id] * 2001}, 40058),
    ]
    for body, code in cases:
        assert wire.contact("add_msg_template", chat_type="group", **body)["errcode"] == code, body
