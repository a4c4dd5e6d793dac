"""Reading customers, cursors, remarks, one-sided deletion."""

from collections.abc import Iterator
from typing import Any

from sim_helpers import Receiver, Wire

from wecom_sim.testing import Control


def everybody(wire: Wire, userids: list[str], limit: int) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = wire.ok("batch/get_by_user", userid_list=userids, cursor=cursor, limit=limit)
        yield from page["external_contact_list"]
        cursor = page["next_cursor"]
        if not cursor:
            return


def test_batch_agrees_with_the_export(control: Control, wire: Wire) -> None:
    staff = wire.get("externalcontact/get_follow_user_list")["follow_user"]
    got = {
        (one["follow_info"]["userid"], one["external_contact"]["external_userid"]): one["follow_info"]
        for one in everybody(wire, staff, 37)
    }
    exported = {(one["userid"], one["external_userid"]): one for one in control.export() if one["on_api"]}
    assert got.keys() == exported.keys()
    for key, follow in got.items():
        kept = exported[key]
        assert follow["tag_id"] == kept["tags"]
        assert follow.get("state", "") == kept["state"]
        for name in ("remark", "createtime", "add_way", "remark_mobiles"):
            assert follow[name] == kept[name]


def test_list_get_and_batch_name_the_same_people(wire: Wire) -> None:
    listed = wire.get("externalcontact/list", userid="staff001")["external_userid"]
    batch = [one["external_contact"]["external_userid"] for one in everybody(wire, ["staff001"], 100)]
    assert listed == batch
    whole = wire.get("externalcontact/get", external_userid=listed[0])
    assert whole["external_contact"]["external_userid"] == listed[0]
    assert len(listed[0]) == 32
    assert listed[0].startswith("wm")
    assert "staff001" in [one["userid"] for one in whole["follow_user"]]


def test_cursor_is_opaque_and_guarded(wire: Wire) -> None:
    page = wire.ok("batch/get_by_user", userid_list=["staff001", "staff002"], limit=5)
    cursor = page["next_cursor"]
    changed = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    for wrong in (changed, "nonsense", "%%%", cursor + "AAAA"):
        answer = wire.contact("batch/get_by_user", userid_list=["staff001", "staff002"], limit=5, cursor=wrong)
        assert answer["errcode"] == 50100, wrong
    other = wire.contact("batch/get_by_user", userid_list=["staff001"], limit=5, cursor=cursor)
    assert other["errcode"] == 50100


def test_a_page_boundary_survives_changes(control: Control, wire: Wire) -> None:
    """Nobody is skipped when somebody already read is deleted between two pages."""
    before = wire.get("externalcontact/list", userid="staff001")["external_userid"]
    page = wire.ok("batch/get_by_user", userid_list=["staff001"], limit=5)
    control.staff_delete("staff001", before[0])
    rest = wire.ok("batch/get_by_user", userid_list=["staff001"], limit=100, cursor=page["next_cursor"])
    read = [one["external_contact"]["external_userid"] for one in page["external_contact_list"]]
    read += [one["external_contact"]["external_userid"] for one in rest["external_contact_list"]]
    assert read == before


def test_follow_users_are_paged_above_the_limit(control: Control, wire: Wire) -> None:
    customer = control.post("customers", {"name": "周予"})["external_userid"]
    for n in range(1, 6):
        control.scan(wire.live_code(f"staff00{n}"), customer)
    control.settings(follow_users_per_page=2)
    seen, params = [], {"external_userid": customer}
    while True:
        page = wire.get("externalcontact/get", **params)
        seen += [one["userid"] for one in page["follow_user"]]
        if not page.get("next_cursor"):
            break
        params["cursor"] = page["next_cursor"]
    assert seen == [f"staff00{n}" for n in range(1, 6)]


def test_refusals(control: Control, wire: Wire) -> None:
    stranger = control.post("customers", {"name": "路人"})["external_userid"]
    assert wire.get("externalcontact/get")["errcode"] == 41035
    assert wire.get("externalcontact/get", external_userid="wmnobody")["errcode"] == 40096
    assert wire.get("externalcontact/get", external_userid=stranger)["errcode"] == 84061
    assert wire.get("externalcontact/list", userid="staff013")["errcode"] == 84061
    assert wire.get("externalcontact/list", userid="nobody")["errcode"] == 60111
    assert wire.contact("batch/get_by_user", userid_list=[])["errcode"] == 40063
    assert wire.contact("batch/get_by_user", userid_list=["staff001"] * 101)["errcode"] == 40058


def test_customer_deletes_and_the_api_goes_on(control: Control, wire: Wire, receiver: Receiver) -> None:
    friend = next(one for one in control.export() if one["status"] == "friend" and one["userid"] == "staff006")
    pair = {"userid": friend["userid"], "external_userid": friend["external_userid"]}
    control.customer_delete(**pair)
    control.wait_for_callbacks()
    assert [(one["ChangeType"], one["UserID"]) for one in receiver.events] == [("del_follow_user", "staff006")]
    wire.ok("remark", **pair, remark="还在")
    assert wire.get("externalcontact/get", external_userid=pair["external_userid"])["errcode"] == 0
    assert pair["external_userid"] in wire.get("externalcontact/list", userid="staff006")["external_userid"]


def test_staff_deletes_and_the_api_refuses(control: Control, wire: Wire, receiver: Receiver) -> None:
    rows = list(control.export())
    counts = {one["external_userid"]: 0 for one in rows}
    for one in rows:
        counts[one["external_userid"]] += 1
    friend = next(one for one in rows if one["status"] == "friend" and counts[one["external_userid"]] == 1)
    pair = {"userid": friend["userid"], "external_userid": friend["external_userid"]}
    control.staff_delete(**pair)
    control.wait_for_callbacks()
    assert [one["ChangeType"] for one in receiver.events] == ["del_external_contact"]
    assert wire.contact("remark", **pair, remark="x")["errcode"] == 84061
    assert wire.get("externalcontact/get", external_userid=pair["external_userid"])["errcode"] == 84061
    assert pair["external_userid"] not in wire.get("externalcontact/list", userid=pair["userid"])["external_userid"]


def test_remark_rules_and_no_event_for_api_changes(control: Control, wire: Wire, receiver: Receiver) -> None:
    friend = next(one for one in control.export() if one["status"] == "friend")
    pair = {"userid": friend["userid"], "external_userid": friend["external_userid"]}
    wire.ok("remark", **pair, remark="一" * 20, description="常来", remark_mobiles=["13800000000", "13900000000"])
    assert wire.contact("remark", **pair, remark="一" * 21)["errcode"] == 40058
    assert wire.contact("remark", **pair)["errcode"] == 40063
    kept = next(
        one for one in control.customer(pair["external_userid"])["relations"] if one["userid"] == pair["userid"]
    )
    assert kept["remark"] == "一" * 20
    assert kept["remark_mobiles"] == ["13800000000", "13900000000"]
    wire.ok("remark", **pair, remark_mobiles=[""])
    kept = next(
        one for one in control.customer(pair["external_userid"])["relations"] if one["userid"] == pair["userid"]
    )
    assert kept["remark_mobiles"] == []
    assert control.callbacks()["counts"]["raised"] == 0


def test_edits_in_the_client_raise_an_event_but_mobiles_alone_do_not(control: Control, receiver: Receiver) -> None:
    friend = next(one for one in control.export() if one["status"] == "friend")
    pair = (friend["userid"], friend["external_userid"])
    control.staff_edit(*pair, remark_mobiles=["13700000000"])
    control.staff_edit(*pair, remark="老客")
    control.wait_for_callbacks()
    assert [one["ChangeType"] for one in receiver.events] == ["edit_external_contact"]
