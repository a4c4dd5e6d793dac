"""Corp tags."""

from sim_helpers import Receiver, Wire

from wecom_sim.testing import Control


def groups(wire: Wire) -> dict[str, list[str]]:
    found = wire.ok("get_corp_tag_list")["tag_group"]
    return {group["group_name"]: [tag["name"] for tag in group["tag"]] for group in found}


def test_life_of_tags_made_by_the_app(control: Control, wire: Wire, receiver: Receiver) -> None:
    made = wire.ok(
        "add_corp_tag", group_name="节日", tag=[{"name": "春节"}, {"name": "中秋", "order": 9}, {"name": "春节"}]
    )
    group = made["tag_group"]
    assert [tag["name"] for tag in group["tag"]] == ["春节", "中秋"]
    assert groups(wire)["节日"] == ["中秋", "春节"]
    again = wire.ok("add_corp_tag", group_name="节日", tag=[{"name": "元宵"}, {"name": "春节"}])["tag_group"]
    assert again["group_id"] == group["group_id"]
    assert [tag["name"] for tag in again["tag"]] == ["元宵"]

    spring, autumn = (tag["id"] for tag in group["tag"])
    assert wire.contact("edit_corp_tag", id=spring, name="中秋")["errcode"] == 40071
    wire.ok("edit_corp_tag", id=spring, name="新年")
    wire.ok("del_corp_tag", tag_id=[autumn])
    assert groups(wire)["节日"] == ["新年", "元宵"]
    shown = wire.ok("get_corp_tag_list", tag_id=[autumn])["tag_group"][0]["tag"][0]
    assert shown["deleted"]
    wire.ok("del_corp_tag", tag_id=[spring, again["tag"][0]["id"]])
    assert "节日" not in groups(wire)
    assert control.callbacks()["counts"]["raised"] == 0


def test_refusals(control: Control, wire: Wire) -> None:
    assert wire.contact("add_corp_tag", group_name="空组", tag=[])["errcode"] == 40063
    assert wire.contact("add_corp_tag", tag=[{"name": "a"}])["errcode"] == 40063
    assert wire.contact("add_corp_tag", group_id="etnone", tag=[{"name": "a"}])["errcode"] == 40068
    assert wire.contact("add_corp_tag", group_name="g", tag=[{"name": "一" * 31}])["errcode"] == 40072
    assert wire.contact("add_corp_tag", group_name="g", tag=[{"name": "a", "order": 2**32}])["errcode"] == 40058
    seeded = wire.ok("get_corp_tag_list")["tag_group"][0]["tag"][0]["id"]
    assert wire.contact("edit_corp_tag", id=seeded, name="x")["errcode"] == 60011  # made in the admin console
    assert wire.contact("del_corp_tag", tag_id=[seeded])["errcode"] == 60011
    control.settings(corp_tags_max=15)
    assert wire.contact("add_corp_tag", group_name="g", tag=[{"name": "a"}])["errcode"] == 40126


def test_marking(control: Control, wire: Wire, receiver: Receiver) -> None:
    friend = control.scan(wire.live_code("staff006"))
    pair = {"userid": friend["userid"], "external_userid": friend["external_userid"]}
    tags = [tag["id"] for group in wire.ok("get_corp_tag_list")["tag_group"] for tag in group["tag"]]
    wire.ok("mark_tag", **pair, add_tag=tags[:3])
    wire.ok("mark_tag", **pair, add_tag=[tags[3], tags[0]], remove_tag=[tags[1]])
    (follow,) = wire.get("externalcontact/get", external_userid=pair["external_userid"])["follow_user"]
    assert [tag["tag_id"] for tag in follow["tags"]] == [tags[0], tags[2], tags[3]]
    assert wire.contact("mark_tag", **pair)["errcode"] == 40063
    assert wire.contact("mark_tag", **pair, add_tag=["etnone"])["errcode"] == 40068
    assert wire.contact("mark_tag", userid="staff007", external_userid=pair["external_userid"], add_tag=tags[:1])[
        "errcode"
    ] == 84061  # fmt: skip
    control.wait_for_callbacks()
    assert [one["ChangeType"] for one in receiver.events] == ["add_external_contact"]  # marking raised nothing


def test_a_deleted_tag_leaves_the_customers(control: Control, wire: Wire, receiver: Receiver) -> None:
    marked = next(one for one in control.export() if one["tags"])
    control.tag_admin(action="delete", tag_ids=[marked["tags"][0]])
    now = next(one for one in control.export() if one["external_userid"] == marked["external_userid"])
    assert marked["tags"][0] not in now["tags"]


def test_admin_console_raises_events(control: Control, receiver: Receiver) -> None:
    made = control.tag_admin(action="add", group_name="渠道", names=["抖音"])
    control.wait_for_callbacks()
    control.tag_admin(action="edit", id=made["tags"][0]["id"], name="视频号")
    control.wait_for_callbacks()
    control.tag_admin(action="delete", group_ids=[made["group"]["id"]])
    control.wait_for_callbacks()
    got = [(one["ChangeType"], one["TagType"], one["Id"]) for one in receiver.events]
    group, tag = made["group"]["id"], made["tags"][0]["id"]
    assert sorted(got[:2]) == sorted([("create", "tag_group", group), ("create", "tag", tag)])
    assert got[2:] == [("update", "tag", tag), ("delete", "tag_group", group)]  # none for the tags of the group
