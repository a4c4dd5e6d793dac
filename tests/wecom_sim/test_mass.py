"""Mass messages, from creation to result."""

from typing import Any

import pytest
from sim_helpers import Wire

from wecom_sim.testing import Control, ControlError

TEXT = {"content": "周末见"}


def friends(control: Control, userid: str) -> list[str]:
    """Customers who are friends of this member and of nobody else."""
    rows = list(control.export())
    others = {one["external_userid"] for one in rows if one["userid"] != userid}
    mine = (one for one in rows if one["userid"] == userid and one["status"] == "friend")
    return [one["external_userid"] for one in mine if one["external_userid"] not in others]


def results(wire: Wire, msgid: str, userid: str) -> dict[str, int]:
    found: dict[str, int] = {}
    cursor = ""
    while True:
        page = wire.ok("get_groupmsg_send_result", msgid=msgid, userid=userid, cursor=cursor, limit=3)
        found |= {one["external_userid"]: one["status"] for one in page["send_list"]}
        cursor = page["next_cursor"]
        if not cursor:
            return found


def test_nothing_is_sent_before_the_member_confirms(control: Control, wire: Wire) -> None:
    people = friends(control, "staff006")[:5]
    gone = people[1]
    made = wire.ok("add_msg_template", external_userid=[*people, "wmnobody"], text=TEXT)
    assert made["fail_list"] == ["wmnobody"]
    assert set(results(wire, made["msgid"], "staff006").values()) == {0}
    assert control.ledger(kind="mass_delivered") == []

    control.customer_delete("staff006", gone)
    control.confirm("staff006", made["msgid"])
    expected = {one: 2 if one == gone else 1 for one in people}
    assert results(wire, made["msgid"], "staff006") == expected
    (task,) = wire.ok("get_groupmsg_task", msgid=made["msgid"])["task_list"]
    assert task["status"] == 2
    delivered = control.ledger(kind="mass_delivered", msgid=made["msgid"])
    assert sorted(one["external_userid"] for one in delivered) == sorted(set(people) - {gone})
    with pytest.raises(ControlError, match="confirmed before"):
        control.confirm("staff006", made["msgid"])


def test_who_last_talked_speaks(control: Control, wire: Wire) -> None:
    person = control.post("customers", {"name": "宋予"})["external_userid"]
    for userid in ("staff006", "staff007", "staff008"):
        control.scan(wire.live_code(userid), person)
        control.advance(5)

    def speaker() -> str:
        msgid = wire.ok("add_msg_template", external_userid=[person], text=TEXT)["msgid"]
        (task,) = wire.ok("get_groupmsg_task", msgid=msgid)["task_list"]
        userid: str = task["userid"]
        return userid

    assert speaker() == "staff008"  # nobody talked: the newest friend
    control.chat("staff006", person, "在吗")
    assert speaker() == "staff006"
    control.advance(5)
    control.chat("staff007", person, "你好", sender="staff")
    assert speaker() == "staff007"
    control.customer_delete("staff007", person)
    assert speaker() == "staff006"


def test_sender_alone_means_all_of_their_customers(control: Control, wire: Wire) -> None:
    msgid = wire.ok("add_msg_template", sender="staff006", text=TEXT)["msgid"]
    held = {one["external_userid"] for one in control.export() if one["userid"] == "staff006" and one["on_api"]}
    assert set(results(wire, msgid, "staff006")) == held


def test_tag_filter_is_or_inside_and_and_between(control: Control, wire: Wire) -> None:
    groups = {one["group_name"]: [tag["id"] for tag in one["tag"]] for one in wire.ok("get_corp_tag_list")["tag_group"]}
    wanted = [groups["兴趣"][:2], groups["会员"][:1]]
    made = wire.ok("add_msg_template", text=TEXT, tag_filter={"group_list": [{"tag_list": one} for one in wanted]})
    tags: dict[str, set[str]] = {}
    for one in control.export():
        if one["on_api"]:
            tags.setdefault(one["external_userid"], set()).update(one["tags"])
    expected = {person for person, held in tags.items() if all(held.intersection(one) for one in wanted)}
    message = next(one for one in control.mass() if one["msgid"] == made["msgid"])
    got = {person for userid in message["userids"] for person in results(wire, made["msgid"], userid)}
    assert got == expected
    assert expected


@pytest.mark.parametrize(("cap", "allowed"), [("day1", 1), ("week7", 7), ("month4", 4), ("month", 30), ("off", 33)])
def test_receive_cap(control: Control, wire: Wire, cap: str, allowed: int) -> None:
    control.set_clock(now="2026-11-02T10:00:00+08:00", frozen=True)  # a Monday; November has 30 days
    wire.new_token()
    control.settings(mass_cap=cap)
    (person,) = friends(control, "staff006")[:1]
    got = []
    for _ in range(33):
        msgid = wire.ok("add_msg_template", external_userid=[person], text=TEXT)["msgid"]
        control.confirm("staff006", msgid)
        got.append(results(wire, msgid, "staff006")[person])
    assert got == [1] * allowed + [3] * (33 - allowed)
    control.set_clock(now="2026-12-07T10:00:00+08:00")
    wire.new_token()
    msgid = wire.ok("add_msg_template", external_userid=[person], text=TEXT)["msgid"]
    control.confirm("staff006", msgid)
    assert results(wire, msgid, "staff006")[person] == 1


def test_reminders_and_cancelling(control: Control, wire: Wire) -> None:
    control.freeze()
    people = friends(control, "staff006")[:2]
    msgid = wire.ok("add_msg_template", external_userid=people, text=TEXT)["msgid"]
    assert [wire.contact("remind_groupmsg_send", msgid=msgid)["errcode"] for _ in range(4)] == [0, 0, 0, 41094]
    control.advance(86400)
    wire.new_token()
    wire.ok("remind_groupmsg_send", msgid=msgid)
    wire.ok("cancel_groupmsg_send", msgid=msgid)
    assert wire.contact("cancel_groupmsg_send", msgid=msgid)["errcode"] == 41093
    with pytest.raises(ControlError, match="cancelled"):
        control.confirm("staff006", msgid)
    assert control.ledger(kind="mass_delivered") == []
    assert wire.contact("remind_groupmsg_send", msgid="msgnone")["errcode"] == 41047
    assert wire.contact("remind_groupmsg_send")["errcode"] == 41046


def test_results_too_early(control: Control, wire: Wire) -> None:
    control.settings(mass_early_seconds=30)
    control.freeze()
    people = friends(control, "staff006")[:1]
    msgid = wire.ok("add_msg_template", external_userid=people, text=TEXT)["msgid"]
    assert wire.contact("get_groupmsg_task", msgid=msgid)["errcode"] == 41063
    assert wire.contact("get_groupmsg_send_result", msgid=msgid, userid="staff006")["errcode"] == 41063
    control.advance(31)
    assert wire.contact("get_groupmsg_task", msgid=msgid)["errcode"] == 0


def test_refusals(control: Control, wire: Wire) -> None:
    person = friends(control, "staff006")[0]
    cases: list[tuple[dict[str, Any], int]] = [
        ({"text": TEXT}, 40058),
        ({"external_userid": ["wmnobody"], "text": TEXT}, 41048),
        ({"external_userid": [person]}, 41089),
        ({"external_userid": [person], "text": {"content": "一" * 1334}}, 40058),
        ({"external_userid": [person] * 10_001, "text": TEXT}, 40058),
        ({"chat_type": "group", "sender": "staff006", "text": TEXT}, 41048),
        ({"sender": "nobody", "text": TEXT}, 60111),
        ({"sender": "staff006", "text": TEXT, "tag_filter": {"group_list": [{"tag_list": ["etnone"]}]}}, 40068),
    ]
    for body, code in cases:
        assert wire.contact("add_msg_template", **body)["errcode"] == code, code
    assert control.mass() == []


def test_selection_only_where_it_is_allowed(control: Control, wire: Wire) -> None:
    people = friends(control, "staff006")[:3]
    fixed = wire.ok("add_msg_template", external_userid=people, text=TEXT)["msgid"]
    free = wire.ok("add_msg_template", external_userid=people, text=TEXT, allow_select=True)["msgid"]
    with pytest.raises(ControlError, match="does not let"):
        control.confirm("staff006", fixed, people[:1])
    control.confirm("staff006", free, people[:1])
    assert results(wire, free, "staff006") == {people[0]: 1}


def test_list_of_messages(control: Control, wire: Wire) -> None:
    people = friends(control, "staff006")[:1]
    made = [
        wire.ok("add_msg_template", external_userid=people, text={"content": f"第 {n} 条"})["msgid"] for n in range(3)
    ]
    now = int(control.clock()["now"])
    window = {"chat_type": "single", "start_time": now - 3600, "end_time": now + 10}
    first = wire.ok("get_groupmsg_list_v2", **window, limit=2)
    rest = wire.ok("get_groupmsg_list_v2", **window, limit=2, cursor=first["next_cursor"])
    listed = first["group_msg_list"] + rest["group_msg_list"]
    assert [one["msgid"] for one in listed] == made
    assert listed[1]["text"] == {"content": "第 1 条"}
    assert wire.ok("get_groupmsg_list_v2", **window, filter_type=1)["group_msg_list"] == []
    far = {**window, "start_time": now - 40 * 86400}
    assert wire.contact("get_groupmsg_list_v2", **far)["errcode"] == 40058
