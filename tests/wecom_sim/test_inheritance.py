"""Customers handed from member to member: on the job and after resigning."""

import time
from pathlib import Path
from typing import Any

import pytest
from sim_helpers import Receiver, Wire

from wecom_sim.testing import Control, ControlError, SimulatorServer

DAY = 86400


def friends(control: Control, userid: str, count: int) -> list[str]:
    """Friends of this member and of nobody else."""
    rows = list(control.export())
    others = {one["external_userid"] for one in rows if one["userid"] != userid}
    mine = [one["external_userid"] for one in rows if one["userid"] == userid and one["status"] == "friend"]
    return [one for one in mine if one not in others][:count]


def ask(wire: Wire, *people: str, handover: str = "staff006", takeover: str = "staff007", **more: Any) -> list[int]:
    path = "resigned/transfer_customer" if more.pop("resigned", False) else "transfer_customer"
    wish = {"handover_userid": handover, "takeover_userid": takeover, "external_userid": list(people), **more}
    answers = wire.ok(path, **wish)["customer"]
    assert [one["external_userid"] for one in answers] == list(people)
    return [one["errcode"] for one in answers]


def result(wire: Wire, path: str = "transfer_result") -> dict[str, int]:
    answer = wire.ok(path, handover_userid="staff006", takeover_userid="staff007")
    return {one["external_userid"]: one["status"] for one in answer["customer"]}


def later(control: Control, wire: Wire, seconds: float) -> None:
    control.advance(seconds)
    wire.new_token()


def events(control: Control, receiver: Receiver) -> list[dict[str, str]]:
    control.wait_for_callbacks()
    found = [one for one in receiver.events if one["Event"] == "change_external_contact"]
    receiver.events.clear()
    return sorted(found, key=lambda one: one["ChangeType"])


@pytest.fixture
def still(control: Control) -> Control:
    control.freeze()
    return control


def test_after_24_hours_the_customer_has_another_member(still: Control, wire: Wire, receiver: Receiver) -> None:
    (person,) = friends(still, "staff006", 1)
    still.staff_edit("staff006", person, remark="老客")
    events(still, receiver)
    begun = int(still.clock()["now"])
    assert ask(wire, person, transfer_success_msg="我是新的导购") == [0]
    (row,) = wire.ok("transfer_result", handover_userid="staff006", takeover_userid="staff007")["customer"]
    assert row == {"external_userid": person, "status": 2, "takeover_time": begun + DAY}
    later(still, wire, DAY - 10)
    assert result(wire) == {person: 2}
    assert events(still, receiver) == []

    later(still, wire, 5 * DAY)
    (row,) = wire.ok("transfer_result", handover_userid="staff006", takeover_userid="staff007")["customer"]
    assert row == {"external_userid": person, "status": 1, "takeover_time": begun + DAY}
    added, removed = events(still, receiver)
    assert (added["ChangeType"], added["UserID"]) == ("add_external_contact", "staff007")
    assert (removed["ChangeType"], removed["UserID"]) == ("del_external_contact", "staff006")
    assert removed["Source"] == "DELETE_BY_TRANSFER"
    assert {added["ExternalUserID"], removed["ExternalUserID"]} == {person}
    assert int(added["CreateTime"]) == begun + DAY
    assert "WelcomeCode" not in added
    (follow,) = wire.get("externalcontact/get", external_userid=person)["follow_user"]
    assert (follow["userid"], follow["add_way"], follow["remark"]) == ("staff007", 202, "老客")
    assert follow["createtime"] == begun + DAY
    chat = next(one for one in still.customer(person)["relations"] if one["userid"] == "staff007")["chat"]
    assert chat[-1]["part"]["text"]["content"] == "我是新的导购"
    (entry,) = still.ledger(kind="customer_transferred")
    assert entry["data"]["handover"] == "staff006"


def test_time_that_runs_does_it_without_any_call(control: Control, wire: Wire, receiver: Receiver) -> None:
    (person,) = friends(control, "staff006", 1)
    control.settings(transfer_seconds=0.2)
    assert ask(wire, person) == [0]
    for _ in range(100):
        found = [one["ChangeType"] for one in receiver.events]
        if len(found) == 2:
            break
        time.sleep(0.02)
    assert sorted(found) == ["add_external_contact", "del_external_contact"]


def test_the_customer_refuses(still: Control, wire: Wire, receiver: Receiver) -> None:
    (person,) = friends(still, "staff006", 1)
    ask(wire, person)
    still.advance(3600)
    still.transfer_refuse(person)
    (event,) = events(still, receiver)
    assert (event["ChangeType"], event["UserID"]) == ("transfer_fail", "staff007")
    assert (event["ExternalUserID"], event["FailReason"]) == (person, "customer_refused")
    assert result(wire) == {person: 3}
    with pytest.raises(ControlError, match="no_transfer"):
        still.transfer_refuse(person)
    later(still, wire, 2 * DAY)
    assert result(wire) == {person: 3}
    assert [one["userid"] for one in wire.get("externalcontact/get", external_userid=person)["follow_user"]] == [
        "staff006"
    ]
    assert events(still, receiver) == []


def test_the_takeover_is_full(still: Control, wire: Wire, receiver: Receiver) -> None:
    first, second = friends(still, "staff006", 2)
    ask(wire, first)
    held = sum(1 for one in still.export() if one["userid"] == "staff007")
    still.settings(customers_per_staff=held)
    assert ask(wire, second) == [40099]
    later(still, wire, DAY)
    assert result(wire) == {first: 4}
    (event,) = events(still, receiver)
    assert (event["ChangeType"], event["FailReason"]) == ("transfer_fail", "customer_limit_exceed")


def test_codes_per_customer(still: Control, wire: Wire) -> None:
    (person,) = friends(still, "staff006", 1)
    (stranger,) = friends(still, "staff001", 1)
    assert ask(wire, "wmnobody", stranger, person) == [40096, 40131, 0]
    assert ask(wire, person) == [40129]
    assert ask(wire, person, takeover="staff008") == [40129]
    assert ask(wire, person, takeover="staff006") == [40130]
    still.post("staff-change", {"userid": "staff008", "banned": True})
    assert ask(wire, person, takeover="staff008") == [40143]


def test_twice_in_90_natural_days(still: Control, wire: Wire) -> None:
    (person,) = friends(still, "staff006", 1)
    pairs = [("staff006", "staff007"), ("staff007", "staff008"), ("staff008", "staff006")]
    for handover, takeover in pairs[:2]:
        assert ask(wire, person, handover=handover, takeover=takeover) == [0]
        later(still, wire, DAY)
    assert ask(wire, person, handover="staff008", takeover="staff006") == [40128]
    later(still, wire, 90 * DAY)
    assert ask(wire, person, handover="staff008", takeover="staff006") == [0]


def test_refusals_of_the_call(still: Control, wire: Wire) -> None:
    (person,) = friends(still, "staff006", 1)
    still.post("staff-change", {"userid": "staff009", "real_name": False})
    pair = {"handover_userid": "staff006", "takeover_userid": "staff007"}
    cases: list[tuple[dict[str, Any], int]] = [
        ({**pair}, 41035),
        ({**pair, "external_userid": [f"wm{n}" for n in range(101)]}, 40058),
        ({**pair, "external_userid": [person], "transfer_success_msg": "长" * 201}, 40058),
        ({"takeover_userid": "staff007", "external_userid": [person]}, 41009),
        ({"handover_userid": "staff006", "external_userid": [person]}, 41009),
        ({**pair, "handover_userid": "nobody", "external_userid": [person]}, 60111),
        ({**pair, "takeover_userid": "nobody", "external_userid": [person]}, 60111),
        ({**pair, "takeover_userid": "staff013", "external_userid": [person]}, 84074),
        ({**pair, "takeover_userid": "staff009", "external_userid": [person]}, 40098),
    ]
    for body, code in cases:
        assert wire.contact("transfer_customer", **body)["errcode"] == code, body
    assert wire.contact("resigned/transfer_customer", **pair, external_userid=[person])["errcode"] == 40097
    still.resign("staff006")
    assert wire.contact("transfer_customer", **pair, external_userid=[person])["errcode"] == 60111


def test_results_in_pages(still: Control, wire: Wire) -> None:
    people = friends(still, "staff006", 3)
    still.settings(transfer_result_page=2)
    ask(wire, *people)
    pair = {"handover_userid": "staff006", "takeover_userid": "staff007"}
    first = wire.ok("transfer_result", **pair)
    rest = wire.ok("transfer_result", **pair, cursor=first["next_cursor"])
    assert [one["external_userid"] for one in first["customer"] + rest["customer"]] == people
    assert rest["next_cursor"] == ""
    assert wire.ok("resigned/transfer_result", **pair)["customer"] == []
    answer = wire.contact("resigned/transfer_result", **pair, cursor=first["next_cursor"])
    assert answer["errcode"] == 50100


def test_who_is_no_friend_any_more_is_not_handed_over(still: Control, wire: Wire) -> None:
    (person,) = friends(still, "staff006", 1)
    ask(wire, person)
    still.customer_delete("staff006", person)
    later(still, wire, DAY)
    assert result(wire) == {person: 3}


# -- after resigning -----------------------------------------------------------------------------------------------------
def unassigned(wire: Wire, **more: Any) -> dict[str, Any]:
    return wire.ok("get_unassigned_list", **more)


def test_customers_of_who_left(still: Control, wire: Wire, receiver: Receiver) -> None:
    people = friends(still, "staff006", 3)
    held = [one["external_userid"] for one in still.export() if one["userid"] == "staff006" and one["on_api"]]
    assert unassigned(wire)["info"] == []
    still.resign("staff006")
    left = int(still.clock()["now"])
    rows = unassigned(wire)
    assert [one["external_userid"] for one in rows["info"]] == held
    assert {(one["handover_userid"], one["dimission_time"]) for one in rows["info"]} == {("staff006", left)}
    assert rows["is_last"] is True
    events(still, receiver)

    assert ask(wire, *people, resigned=True) == [0, 0, 0]
    assert ask(wire, people[0], resigned=True) == [40100]
    assert not {one["external_userid"] for one in unassigned(wire)["info"]} & set(people)
    still.transfer_refuse(people[1], "staff006")
    later(still, wire, DAY)
    expected = {people[0]: 1, people[1]: 3, people[2]: 1}
    assert result(wire, "resigned/transfer_result") == expected
    assert [one["ChangeType"] for one in events(still, receiver)] == [
        "add_external_contact",
        "add_external_contact",
        "transfer_fail",
    ]
    back = {one["external_userid"] for one in unassigned(wire)["info"]} & set(people)
    assert back == {people[1]}
    assert ask(wire, people[0], resigned=True) == [40131]


def test_unassigned_in_pages(still: Control, wire: Wire) -> None:
    for userid in ("staff006", "staff007"):
        still.resign(userid)
        still.advance(60)
    everyone = [(one["handover_userid"], one["external_userid"]) for one in unassigned(wire)["info"]]
    assert everyone[0][0] == "staff007"  # the last to leave come first
    second = unassigned(wire, page_id=1, page_size=5)
    assert [(one["handover_userid"], one["external_userid"]) for one in second["info"]] == everyone[5:10]
    got: list[tuple[str, str]] = []
    cursor = ""
    while True:
        page = unassigned(wire, page_size=5, cursor=cursor)
        rows = [(one["handover_userid"], one["external_userid"]) for one in page["info"]]
        got += rows
        cursor = page["next_cursor"]
        if not cursor:
            assert page["is_last"] is True
            break
        # Handing on what was read moves nothing.
        ask(wire, rows[0][1], handover=rows[0][0], takeover="staff008", resigned=True)
    assert got == everyone
    still.settings(unassigned_offset_max=10)
    assert wire.contact("get_unassigned_list", page_id=2, page_size=5)["errcode"] == 40058
    assert wire.contact("get_unassigned_list", page_size=1001)["errcode"] == 40058
    assert wire.contact("get_unassigned_list", cursor="tampered")["errcode"] == 50100


def test_a_waiting_transfer_survives_a_restart(tmp_path: Path) -> None:
    with SimulatorServer(state_file=tmp_path / "sim.db") as first:
        control = first.control
        control.seed(customers=40)
        control.freeze()
        wire = Wire(first)
        wire.new_token()
        (person,) = friends(control, "staff006", 1)
        chat_id = control.group_create("staff006", "群", [person])["chat_id"]
        ask(wire, person)
        group, rows = control.group(chat_id), control.transfers()
    with SimulatorServer(state_file=tmp_path / "sim.db") as second:
        control = second.control
        assert (control.group(chat_id), control.transfers()) == (group, rows)
        later(control, Wire(second), DAY)
        wire = Wire(second)
        wire.new_token()
        assert result(wire) == {person: 1}
