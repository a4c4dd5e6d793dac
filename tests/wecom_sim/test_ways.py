"""Contact ways and scanning."""

import httpx
import pytest
from sim_helpers import Receiver, Wire

from wecom_sim.testing import Control, ControlError


def test_life_of_a_contact_way(control: Control, wire: Wire) -> None:
    made = wire.ok("add_contact_way", type=2, scene=2, user=["staff006"], state="a", remark="橱窗", skip_verify=False)
    config_id = made["config_id"]
    assert len(config_id) == 32
    kept = wire.ok("get_contact_way", config_id=config_id)["contact_way"]
    assert (kept["state"], kept["remark"], kept["skip_verify"], kept["user"]) == ("a", "橱窗", False, ["staff006"])
    assert kept["qr_code"] == made["qr_code"]
    picture = httpx.get(made["qr_code"], trust_env=False)
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")

    wire.ok("update_contact_way", config_id=config_id, user=["staff007", "staff008"], state="b")
    kept = wire.ok("get_contact_way", config_id=config_id)["contact_way"]
    assert (kept["state"], kept["user"], kept["remark"]) == ("b", ["staff007", "staff008"], "橱窗")
    assert control.get(f"qr/{config_id}")["scan_url"].endswith(f"/phone/scan/{config_id}")

    wire.ok("del_contact_way", config_id=config_id)
    assert wire.contact("get_contact_way", config_id=config_id)["errcode"] == 41044
    with pytest.raises(ControlError, match="no live code"):
        control.scan(config_id)


def test_refusals(control: Control, wire: Wire) -> None:
    cases: list[tuple[dict[str, object], int]] = [
        ({"scene": 2, "user": ["staff001"]}, 41037),
        ({"type": 1, "user": ["staff001"]}, 41038),
        ({"type": 3, "scene": 2, "user": ["staff001"]}, 41039),
        ({"type": 1, "scene": 3, "user": ["staff001"]}, 41040),
        ({"type": 1, "scene": 2, "user": ["staff001", "staff002"]}, 40058),
        ({"type": 2, "scene": 2}, 40058),
        ({"type": 2, "scene": 2, "user": ["nobody"]}, 40003),
        ({"type": 2, "scene": 2, "user": ["staff013"]}, 41054),
        ({"type": 2, "scene": 2, "party": [99]}, 60003),
        ({"type": 2, "scene": 2, "user": ["staff001"], "state": "x" * 31}, 40058),
        ({"type": 2, "scene": 2, "user": "staff001"}, 40058),
        ({"type": 1, "scene": 2, "user": ["staff001"], "is_temp": True}, 48002),
    ]
    for body, code in cases:
        assert wire.contact("add_contact_way", **body)["errcode"] == code, body
    assert wire.contact("get_contact_way")["errcode"] == 41043
    control.settings(contact_way_members_max=3)
    assert wire.contact("add_contact_way", type=2, scene=2, party=[1])["errcode"] == 41041
    control.settings(contact_ways_max=0)
    assert wire.contact("add_contact_way", type=2, scene=2, user=["staff001"])["errcode"] == 41045


def test_list_pages_and_window(control: Control, wire: Wire) -> None:
    made = [wire.live_code("staff001") for _ in range(5)]
    first = wire.ok("list_contact_way", limit=3)
    rest = wire.ok("list_contact_way", limit=3, cursor=first["next_cursor"])
    assert [one["config_id"] for one in first["contact_way"] + rest["contact_way"]] == made
    assert rest["next_cursor"] == ""
    control.advance(91 * 86400)
    wire.new_token()
    assert wire.ok("list_contact_way")["contact_way"] == []


def test_pages_stand_still_while_ways_are_deleted(control: Control, wire: Wire) -> None:
    made = [wire.live_code("staff001") for _ in range(6)]
    page = wire.ok("list_contact_way", limit=2)
    found = [one["config_id"] for one in page["contact_way"]]
    for gone in made[:2]:
        wire.ok("del_contact_way", config_id=gone)
    while page["next_cursor"]:
        page = wire.ok("list_contact_way", limit=2, cursor=page["next_cursor"])
        found += [one["config_id"] for one in page["contact_way"]]
    assert found == made


def test_caps_that_no_page_publishes_are_settings(control: Control, wire: Wire) -> None:
    code = wire.live_code("staff006")
    control.advance(86400)  # some of the seeded customers came today
    control.settings(adds_per_staff_day=2)
    for _ in range(2):
        control.scan(code)
    with pytest.raises(ControlError, match="No member behind"):
        control.scan(code)
    control.advance(86400)
    control.scan(code)
    control.settings(adds_per_staff_day=0, relations_per_corp=1)
    with pytest.raises(ControlError, match="No member behind"):
        control.scan(code)


def test_scans_go_round_and_a_friend_returns_to_the_same_member(control: Control, wire: Wire) -> None:
    code = wire.live_code("staff006", "staff007", "staff008")
    takers = [control.scan(code, customer={"name": f"客{n}"}) for n in range(6)]
    assert sorted(one["userid"] for one in takers) == sorted(["staff006", "staff007", "staff008"] * 2)
    again = control.scan(code, takers[1]["external_userid"])
    assert again["already"]
    assert again["userid"] == takers[1]["userid"]


def test_nobody_left_to_take_the_customer(control: Control, wire: Wire) -> None:
    code = wire.live_code("staff006")
    control.resign("staff006")
    with pytest.raises(ControlError, match="No member behind"):
        control.scan(code)


def test_a_lost_friend_scans_again(control: Control, wire: Wire, receiver: Receiver) -> None:
    code = wire.live_code("staff006", state="new")
    first = control.scan(code, customer={"name": "宋予"})
    pair = (first["userid"], first["external_userid"])
    control.staff_edit(*pair, remark="宋予-橱窗")
    control.customer_delete(*pair)
    again = control.scan(code, first["external_userid"])
    assert not again["already"]
    control.wait_for_callbacks()
    added = [one for one in receiver.events if one["ChangeType"] == "add_external_contact"]
    assert len(added) == 2
    (follow,) = wire.get("externalcontact/get", external_userid=first["external_userid"])["follow_user"]
    assert follow["remark"] == "宋予-橱窗"  # the member had never let go


def test_request_waits_for_the_member(control: Control, wire: Wire, receiver: Receiver) -> None:
    asked = control.scan(wire.live_code("staff006", skip_verify=False, state="s"), customer={"name": "宋予"})
    assert asked["status"] == "requested"
    assert wire.get("externalcontact/get", external_userid=asked["external_userid"])["errcode"] == 84061
    assert control.callbacks()["counts"]["raised"] == 0
    accepted = control.staff_accept(asked["userid"], asked["external_userid"])
    assert accepted["status"] == "friend"
    control.wait_for_callbacks()
    (event,) = receiver.events
    assert (event["ChangeType"], event["State"]) == ("add_external_contact", "s")
    assert event["WelcomeCode"] == accepted["welcome_code"]


def test_half_added_first(control: Control, wire: Wire, receiver: Receiver) -> None:
    control.post("staff-change", {"userid": "staff006", "confirmed": False})
    half = control.scan(wire.live_code("staff006"), customer={"name": "宋予"})
    assert half["status"] == "half"
    pair = {"userid": half["userid"], "external_userid": half["external_userid"]}
    assert wire.contact("remark", **pair, remark="x")["errcode"] == 84061
    wire.ok("send_welcome_msg", welcome_code=half["welcome_code"], text={"content": "你好"})
    control.staff_accept(**pair)
    control.wait_for_callbacks()
    changes = {one["ChangeType"]: one for one in receiver.events}
    assert changes["add_half_external_contact"]["WelcomeCode"] == half["welcome_code"]
    assert "WelcomeCode" not in changes["add_external_contact"]
    wire.ok("remark", **pair, remark="x")
