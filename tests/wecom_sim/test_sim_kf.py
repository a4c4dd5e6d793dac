"""Customer service (微信客服): accounts, sessions, the five messages, cursors, codes, statistics."""

from typing import Any

import pytest
from sim_helpers import Wire

from wecom_sim.testing import Control, ControlError

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
HOURS = 3600


def picture(wire: Wire) -> str:
    params = {"access_token": wire.token, "type": "image"}
    media_id: str = wire.raw("POST", "media/upload", params=params, files={"media": ("a.png", PNG)})["media_id"]
    return media_id


def kf(wire: Wire, path: str, **body: Any) -> dict[str, Any]:
    return wire.post(f"kf/{path}", **body)


def account(wire: Wire, *servicers: str, name: str = "客服") -> str:
    open_kfid: str = kf(wire, "account/add", name=name, media_id=picture(wire))["open_kfid"]
    if servicers:
        kf(wire, "servicer/add", open_kfid=open_kfid, userid_list=list(servicers))
    return open_kfid


def text(wire: Wire, open_kfid: str, touser: str, words: str = "您好", **more: Any) -> int:
    wish = {"touser": touser, "open_kfid": open_kfid, "msgtype": "text", "text": {"content": words}} | more
    code: int = kf(wire, "send_msg", **wish)["errcode"]
    return code


@pytest.fixture
def person(control: Control) -> str:
    control.freeze()
    external_userid: str = control.post("customers", {"name": "周宁", "unionid": "oU1"})["external_userid"]
    return external_userid


def events(wire: Wire, open_kfid: str) -> list[dict[str, Any]]:
    items = kf(wire, "sync_msg", open_kfid=open_kfid)["msg_list"]
    return [one["event"] for one in items if one["msgtype"] == "event"]


def test_accounts(control: Control, wire: Wire) -> None:
    first = account(wire)
    assert first.startswith("wk")
    second = account(wire, name="售后")
    kf(wire, "account/update", open_kfid=first, name="售前")
    listed = kf(wire, "account/list", offset=0, limit=1)["account_list"]
    assert [(one["open_kfid"], one["name"]) for one in listed] == [(first, "售前")]
    kf(wire, "account/del", open_kfid=second)
    assert len(kf(wire, "account/list")["account_list"]) == 1
    assert kf(wire, "account/del", open_kfid=second)["errcode"] == 95004
    assert kf(wire, "account/del", open_kfid="x")["errcode"] == 95000
    media_id = picture(wire)
    assert kf(wire, "account/add", name="长" * 17, media_id=media_id)["errcode"] == 95006
    assert kf(wire, "account/add", name="名", media_id="none")["errcode"] == 40007
    assert kf(wire, "account/add", name="名")["errcode"] == 41006
    control.settings(kf_accounts_max=1)
    assert kf(wire, "account/add", name="名", media_id=media_id)["errcode"] == 95005
    other = control.post("apps", {"name": "另一个", "kf_accounts": []})
    dumb = control.post("apps", {"name": "无", "rights": ["contact"]})
    for app, code in ((other, 48007), (dumb, 48002)):
        params = {"corpid": control.company()["corpid"], "corpsecret": app["secret"]}
        wire.token = wire.raw("GET", "gettoken", params=params)["access_token"]
        assert kf(wire, "service_state/get", open_kfid=first, external_userid="x")["errcode"] == code


def test_servicers(control: Control, wire: Wire) -> None:
    open_kfid = account(wire)
    wish = {"open_kfid": open_kfid, "userid_list": ["staff001", "nobody"], "department_id_list": [5]}
    added = kf(wire, "servicer/add", **wish)["result_list"]
    assert [one["errcode"] for one in added] == [0, 60111, 0]
    assert kf(wire, "servicer/add", **wish)["result_list"][0]["errmsg"] == "ignored"
    control.kf_receiving(open_kfid, "staff001", False, stop_type=1)
    listed = wire.get("kf/servicer/list", open_kfid=open_kfid)["servicer_list"]
    assert listed == [{"userid": "staff001", "status": 1, "stop_type": 1}, {"department_id": 5}]
    kf(wire, "servicer/del", open_kfid=open_kfid, userid_list=["staff001"])
    assert len(wire.get("kf/servicer/list", open_kfid=open_kfid)["servicer_list"]) == 1
    assert kf(wire, "servicer/add", open_kfid=open_kfid)["errcode"] == 40063
    many = [f"u{n}" for n in range(101)]
    assert kf(wire, "servicer/add", open_kfid=open_kfid, userid_list=many)["errcode"] == 40032
    assert kf(wire, "servicer/add", open_kfid=open_kfid, department_id_list=[1] * 21)["errcode"] == 40058


def test_five_messages_in_48_hours(control: Control, wire: Wire, person: str) -> None:
    open_kfid = account(wire)
    assert text(wire, open_kfid, person) == 95031
    control.kf_say(open_kfid, person, "在吗")
    assert [text(wire, open_kfid, person) for _ in range(6)] == [0] * 5 + [95001]
    control.kf_say(open_kfid, person, "喂")
    assert text(wire, open_kfid, person, msgid="m1") == 0
    assert text(wire, open_kfid, person, msgid="m1") == 40058
    control.advance(48 * HOURS + 1)
    wire.new_token()
    assert text(wire, open_kfid, person) == 95002
    assert kf(wire, "service_state/get", open_kfid=open_kfid, external_userid=person)["service_state"] == 4
    control.kf_say(open_kfid, person, "又来")
    assert kf(wire, "service_state/get", open_kfid=open_kfid, external_userid=person)["service_state"] == 0
    sides = [one["origin"] for one in control.kf(open_kfid, person)["items"]]
    assert sides.count(0) == 6


def test_bodies(control: Control, wire: Wire, person: str) -> None:
    open_kfid, media_id = account(wire), picture(wire)
    good: dict[str, Any] = {
        "image": {"media_id": media_id},
        "link": {"title": "题", "url": "https://a.b", "thumb_media_id": media_id},
        "miniprogram": {"appid": "wx1", "thumb_media_id": media_id, "pagepath": "p"},
        "msgmenu": {"head_content": "?", "list": [{"type": "click", "click": {"id": "1", "content": "好"}}]},
        "location": {"latitude": 30.1, "longitude": 120.2},
        "business_card": {"userid": "staff001"},
        "ca_link": {"link_url": "https://work.weixin.qq.com/ca/x"},
    }
    for kind, body in good.items():
        control.kf_say(open_kfid, person, "问")
        assert text(wire, open_kfid, person, msgtype=kind, **{kind: body}) == 0, kind
    click = {"type": "click", "click": {"content": "好"}}
    for kind, body, code in (
        ("text", {"content": "长" * 700}, 45002),
        ("image", {"media_id": "none"}, 40007),
        ("link", {"title": "题"}, 40063),
        ("msgmenu", {"list": [click] * 11}, 95008),
        ("msgmenu", {"list": [{"type": "dance"}]}, 95009),
        ("location", {"latitude": "x"}, 95022),
        ("hologram", {}, 40008),
    ):
        assert text(wire, open_kfid, person, msgtype=kind, **{kind: body}) == code


def test_state_moves(control: Control, wire: Wire, person: str) -> None:
    open_kfid = account(wire, "staff001", "staff002")
    ids = {"open_kfid": open_kfid, "external_userid": person}

    def trans(to: int, userid: str = "") -> dict[str, Any]:
        return kf(wire, "service_state/trans", **ids, service_state=to, servicer_userid=userid)

    assert trans(1)["errcode"] == 95013
    control.kf_say(open_kfid, person, "在吗")
    assert "msg_code" not in trans(1)
    queued = trans(2)
    assert queued["msg_code"]
    assert trans(1)["errcode"] == 95016
    assert text(wire, open_kfid, person) == 95018
    assert trans(3)["errcode"] == 40063
    assert trans(3, "staff009")["errcode"] == 95014
    control.kf_receiving(open_kfid, "staff001", False)
    assert trans(3, "staff001")["errcode"] == 95019
    assert "msg_code" not in trans(3, "staff002")
    state = kf(wire, "service_state/get", **ids)
    assert (state["service_state"], state["servicer_userid"]) == (3, "staff002")
    closing = trans(4)["msg_code"]
    assert trans(1)["errcode"] == 95013
    assert [one["event_type"] for one in events(wire, open_kfid)] == ["servicer_status_change"]  # none for API moves
    menu = {"msgtype": "msgmenu", "msgmenu": {"head_content": "满意吗", "list": []}}
    assert kf(wire, "send_msg_on_event", code=closing, **menu)["errcode"] == 0
    assert kf(wire, "send_msg_on_event", code=closing, **menu)["errcode"] == 40058
    wish = {"msgtype": "image", "image": {"media_id": "x"}}
    assert kf(wire, "send_msg_on_event", code=queued["msg_code"], **wish)["errcode"] == 40008
    control.advance(48 * HOURS + 1)
    wire.new_token()
    assert kf(wire, "send_msg_on_event", code=queued["msg_code"], **menu)["errcode"] == 95002


def test_servicers_take_pass_on_and_finish(control: Control, wire: Wire, person: str) -> None:
    open_kfid = account(wire, "staff001", "staff002")
    control.kf_say(open_kfid, person, "在吗")
    with pytest.raises(ControlError, match="does not wait"):
        control.kf_serve(open_kfid, person, "staff001")
    kf(wire, "service_state/trans", open_kfid=open_kfid, external_userid=person, service_state=2)
    control.kf_serve(open_kfid, person, "staff001")
    said = control.kf_say(open_kfid, person, "您好", userid="staff001")["msgid"]
    control.kf_recall(open_kfid, person, said)
    control.kf_serve(open_kfid, person, "staff002")
    control.kf_serve(open_kfid, person, "staff002", "end")
    control.kf_serve(open_kfid, person, "staff001")
    control.advance(48 * HOURS + 1)  # time ends what a member served
    wire.new_token()
    found = events(wire, open_kfid)
    assert [one.get("change_type") for one in found] == [1, None, 2, 3, 4, 3]
    assert found[1]["event_type"] == "servicer_recall_msg"
    assert (found[2]["old_servicer_userid"], found[2]["new_servicer_userid"]) == ("staff001", "staff002")
    assert [bool(one.get("msg_code")) for one in found] == [True, False, False, True, False, True]


def test_sync_with_cursor_and_token(control: Control, wire: Wire, person: str) -> None:
    open_kfid = account(wire)
    for n in range(5):
        control.kf_say(open_kfid, person, f"第{n}句")
    nudge = control.callbacks()["newest"][0]
    assert (nudge["event"], nudge["fields"]["OpenKfId"]) == ("kf_msg_or_event", open_kfid)
    token = nudge["fields"]["Token"]
    first = kf(wire, "sync_msg", open_kfid=open_kfid, token=token, limit=3)
    assert (first["has_more"], len(first["msg_list"])) == (1, 3)
    assert len(first["next_cursor"]) <= 64
    item = first["msg_list"][0]
    assert (item["origin"], item["external_userid"], item["text"]) == (3, person, {"content": "第0句"})
    rest = kf(wire, "sync_msg", open_kfid=open_kfid, token=token, cursor=first["next_cursor"])
    assert (rest["has_more"], len(rest["msg_list"])) == (0, 2)
    empty = kf(wire, "sync_msg", open_kfid=open_kfid, cursor=rest["next_cursor"])
    assert (empty["has_more"], empty["msg_list"]) == (0, [])
    assert kf(wire, "sync_msg", open_kfid=open_kfid, cursor="tampered")["errcode"] == 50100
    other = account(wire)
    assert kf(wire, "sync_msg", open_kfid=other, cursor=first["next_cursor"])["errcode"] == 50100
    assert kf(wire, "sync_msg", open_kfid=other, token=token)["errcode"] == 95007
    control.advance(601)
    assert kf(wire, "sync_msg", open_kfid=open_kfid, token=token)["errcode"] == 95007
    control.settings(kf_sync_without_token_per_minute=1)
    assert [kf(wire, "sync_msg", open_kfid=open_kfid)["errcode"] for _ in range(2)] == [0, 45009]
    control.settings(kf_sync_without_token_per_minute=100)
    control.advance(3 * 86400)
    wire.new_token()
    control.kf_say(open_kfid, person, "新的")
    assert len(kf(wire, "sync_msg", open_kfid=open_kfid)["msg_list"]) == 1


def test_pages_of_sync_may_be_empty(control: Control, wire: Wire, person: str) -> None:
    """has_more=1 with an empty list: who stops at an empty page loses messages."""
    open_kfid = account(wire)
    for n in range(3):
        control.kf_say(open_kfid, person, f"第{n}句")
    control.settings(kf_empty_pages=True)
    cursor, pages = "", []
    while True:
        page = kf(wire, "sync_msg", open_kfid=open_kfid, cursor=cursor, limit=2)
        pages.append(len(page["msg_list"]))
        cursor = page["next_cursor"]
        if not page["has_more"]:
            break
    assert pages == [0, 2, 0, 1]


def test_entering_and_the_welcome(control: Control, wire: Wire, person: str) -> None:
    open_kfid = account(wire)
    url = kf(wire, "add_contact_way", open_kfid=open_kfid, scene="shop_1")["url"]
    assert kf(wire, "add_contact_way", open_kfid=open_kfid, scene="有 空格")["errcode"] == 40058
    code = control.kf_enter(person, url + "&scene_param=%E6%A1%8C7")["welcome_code"]
    (entered,) = events(wire, open_kfid)
    assert (entered["event_type"], entered["scene"], entered["scene_param"]) == ("enter_session", "shop_1", "桌7")
    words = {"msgtype": "text", "text": {"content": "欢迎"}}
    assert entered["welcome_code"] == code
    assert kf(wire, "send_msg_on_event", code=code, **words)["errcode"] == 0
    assert control.kf_enter(person, url)["welcome_code"] == ""  # greeted within 48 h
    control.advance(48 * HOURS + 1)
    wire.new_token()
    late = control.kf_enter(person, open_kfid=open_kfid)["welcome_code"]
    control.advance(21)
    assert kf(wire, "send_msg_on_event", code=late, **words)["errcode"] == 95002


def test_who_the_customers_are(control: Control, wire: Wire, person: str) -> None:
    open_kfid = account(wire)
    control.kf_enter(person, open_kfid=open_kfid)
    wish = {"external_userid_list": [person, "wmnobody"], "need_enter_session_context": 1}
    found = kf(wire, "customer/batchget", **wish)
    assert found["invalid_external_userid"] == ["wmnobody"]
    (row,) = found["customer_list"]
    assert (row["nickname"], row["unionid"], row["enter_session_context"]["scene"]) == ("周宁", "oU1", "")
    assert kf(wire, "customer/batchget", external_userid_list=[])["errcode"] == 40058
    control.advance(48 * HOURS + 1)
    wire.new_token()
    assert kf(wire, "customer/batchget", **wish)["customer_list"] == []


def test_messages_that_the_customer_refuses(control: Control, wire: Wire, person: str) -> None:
    open_kfid = account(wire)
    said = control.kf_say(open_kfid, person, "在吗")["msgid"]
    control.kf_recall(open_kfid, person, said)
    control.kf_refuse(open_kfid, person)
    assert text(wire, open_kfid, person, msgid="m1") == 0
    recalled, failed = events(wire, open_kfid)
    assert (recalled["event_type"], recalled["recall_msgid"]) == ("user_recall_msg", said)
    assert (failed["event_type"], failed["fail_msgid"], failed["fail_type"]) == ("msg_send_fail", "m1", 10)


def test_upgrade_service_and_statistics(control: Control, wire: Wire, person: str) -> None:
    open_kfid = account(wire, "staff001")
    control.kf_say(open_kfid, person, "在吗")
    kf(wire, "service_state/trans", open_kfid=open_kfid, external_userid=person, service_state=3,
       servicer_userid="staff001")  # fmt: skip
    control.kf_say(open_kfid, person, "喂")
    assert "staff001" in wire.get("kf/customer/get_upgrade_service_config")["member_range"]["userid_list"]
    wish = {"open_kfid": open_kfid, "external_userid": person, "type": 1, "member": {"userid": "staff001"}}
    assert kf(wire, "customer/upgrade_service", **wish)["errcode"] == 0
    assert control.kf(open_kfid, person)["upgraded"]["userid"] == "staff001"
    assert kf(wire, "customer/cancel_upgrade_service", open_kfid=open_kfid, external_userid=person)["errcode"] == 0
    assert kf(wire, "customer/upgrade_service", **{**wish, "type": 3})["errcode"] == 40058
    control.settings(kf_upgrade_set_in_admin=True)
    assert kf(wire, "customer/upgrade_service", **wish)["errcode"] == 95015
    today = int(control.clock()["now"])
    window = {"open_kfid": open_kfid, "start_time": today, "end_time": today}
    assert kf(wire, "get_corp_statistic", **window)["errcode"] == 40058  # not before tomorrow
    control.advance(86400)
    wire.new_token()
    (row,) = kf(wire, "get_corp_statistic", **window)["statistic_list"]
    assert row["statistic"]["session_cnt"] == 1
    assert row["statistic"]["customer_cnt"] == 1
    assert row["statistic"]["customer_msg_cnt"] == 2
    assert row["statistic"]["upgrade_service_customer_cnt"] == 1
    (own,) = kf(wire, "get_servicer_statistic", **window, servicer_userid="staff001")["statistic_list"]
    assert own["statistic"] == {"session_cnt": 1, "customer_cnt": 1, "customer_msg_cnt": 1}
