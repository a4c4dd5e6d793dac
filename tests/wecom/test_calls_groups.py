"""Customer groups: reading, figures, join ways, welcome templates."""

from __future__ import annotations

import pytest
from calls_helpers import DAY, NOW, Brand, given_up, png, refused_field, refused_with

from wellspring.wecom.errors import OurMistake


@pytest.fixture(scope="module")
def owner(brand: Brand) -> str:
    return brand.busy()[0]


@pytest.fixture(scope="module")
def chat_id(brand: Brand, owner: str) -> str:
    made = brand.control.group_create(owner, "春日茶会", brand.customers_of(owner)[:2])
    brand.control.advance(3)
    return str(made["chat_id"])


def test_a_group_is_read(brand: Brand, owner: str, chat_id: str) -> None:
    group = brand.client.groups.get(chat_id)
    assert (group.name, group.owner, len(group.member_list)) == ("春日茶会", owner, 3)
    assert {one.type for one in group.member_list} == {1, 2}
    assert all(one.name for one in group.member_list)
    assert all(not one.name for one in brand.client.groups.get(chat_id, need_name=False).member_list)
    with given_up("no_such_group"):
        brand.client.groups.get("wr-none")


def test_the_opengid_of_a_mini_program(brand: Brand, chat_id: str) -> None:
    opengid = brand.control.group(chat_id)["opengid"]
    assert brand.client.groups.chat_id_of(opengid) == chat_id
    with given_up("no_such_group"):
        brand.client.groups.chat_id_of("made-up")


def test_groups_are_listed_by_owner_and_status(brand: Brand, owner: str, chat_id: str) -> None:
    assert chat_id in {one.chat_id for one in brand.client.groups.statuses()}
    assert {one.status for one in brand.client.groups.statuses(owners=[owner])} == {0}
    assert list(brand.client.groups.statuses(owners=[owner], status_filter=1)) == []
    brand.control.settings(group_list_people_max=1)
    with pytest.raises(OurMistake):
        list(brand.client.groups.statuses())
    brand.control.settings(group_list_people_max=1000)


def test_daily_figures(brand: Brand, owner: str, chat_id: str) -> None:
    brand.control.advance(DAY)
    window = {"day_begin_time": NOW - DAY, "day_end_time": NOW}
    owners = list(brand.client.groups.statistic_by_owner([owner], **window))
    assert [(one.owner, one.data.new_chat_cnt) for one in owners] == [(owner, 1)]
    days = brand.client.groups.statistic_by_day([owner], **window)
    assert [one.data.new_chat_cnt for one in days] == [0, 1]
    assert days[1].stat_time - days[0].stat_time == DAY
    with refused_with(600018):
        brand.client.groups.statistic_by_day([owner], day_begin_time=brand.now(), day_end_time=brand.now())


def test_figures_are_paged(brand: Brand, owner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    another = brand.busy()[1]
    brand.control.group_create(another, "茶", brand.customers_of(another)[:1])
    brand.control.advance(DAY)
    monkeypatch.setattr("wellspring.wecom.calls.groups.STATISTIC_LIMIT", 1)
    found = brand.client.groups.statistic_by_owner(
        [owner, another], day_begin_time=NOW, day_end_time=brand.now() - DAY, order_by=2, ascending=True
    )
    assert {one.owner for one in found} == {owner, another}


def test_join_ways(brand: Brand, chat_id: str) -> None:
    ways = brand.client.join_ways
    config_id = ways.add([chat_id], remark="门口", state="door", auto_create_room=False)
    way = ways.get(config_id)
    assert (way.chat_id_list, way.state, way.auto_create_room, way.remark) == ([chat_id], "door", 0, "门口")
    assert way.qr_code
    ways.update(config_id, [chat_id], state="window", room_base_name="茶会", room_base_id=10)
    changed = ways.get(config_id)
    assert (changed.state, changed.remark, changed.auto_create_room, changed.room_base_id) == ("window", "", 1, 10)
    ways.delete(config_id)
    with given_up("no_such_contact_way"):
        ways.get(config_id)
    with given_up("no_such_group"):
        ways.add(["wr-none"])


def test_welcome_templates(brand: Brand) -> None:
    templates = brand.client.group_templates
    picture = brand.client.uploads.upload(png(), filename="a.png", content_type="image/png")
    image = {"msgtype": "image", "image": {"media_id": picture.media_id}}
    template_id = templates.add(text="欢迎 %NICKNAME%", attachment=image, notify=False)
    shown = templates.get(template_id)
    assert shown.text.content == "欢迎 %NICKNAME%"
    assert shown.attachment is not None
    assert shown.attachment["image"]["pic_url"]
    link = {"msgtype": "link", "link": {"title": "茶单", "url": "https://a.example"}}
    templates.edit(template_id, attachment=link)
    assert templates.get(template_id).attachment == {
        "msgtype": "link",
        "link": {"title": "茶单", "url": "https://a.example", "picurl": "", "desc": ""},
    }
    _, another = brand.another_app(rights=["contact"])
    with given_up("not_the_creator"):
        another.group_templates.delete(template_id)
    templates.delete(template_id)
    with refused_with(40037):
        templates.get(template_id)
    brand.control.settings(group_templates_max=1)
    templates.add(text="一")
    with given_up("too_many_group_welcomes"):
        templates.add(text="二")
    brand.control.settings(group_templates_max=100)


def test_limits() -> None:
    assert refused_field(lambda c: c.groups.get("")) == "chat_id"
    assert refused_field(lambda c: c.groups.chat_id_of("")) == "opengid"
    assert refused_field(lambda c: c.groups.statuses(owners=["o"] * 101)) == "owner_filter.userid_list"
    assert refused_field(lambda c: c.groups.statuses(status_filter=4)) == "status_filter"
    window = {"day_begin_time": NOW, "day_end_time": NOW}
    assert refused_field(lambda c: c.groups.statistic_by_day([], **window)) == "owner_filter.userid_list"
    assert refused_field(lambda c: c.groups.statistic_by_owner(["a"], **window, order_by=5)) == "order_by"
    long = {"day_begin_time": NOW - 30 * DAY, "day_end_time": NOW}
    assert refused_field(lambda c: c.groups.statistic_by_day(["a"], **long)) == "day_end_time"
    assert refused_field(lambda c: c.join_ways.add([])) == "chat_id_list"
    assert refused_field(lambda c: c.join_ways.add(["w"] * 6)) == "chat_id_list"
    assert refused_field(lambda c: c.join_ways.add(["w"], scene=3)) == "scene"
    assert refused_field(lambda c: c.join_ways.add(["w"], remark="备" * 31)) == "remark"
    assert refused_field(lambda c: c.join_ways.add(["w"], state="s" * 31)) == "state"
    assert refused_field(lambda c: c.join_ways.add(["w"], room_base_name="n" * 41)) == "room_base_name"
    assert refused_field(lambda c: c.join_ways.update("", ["w"])) == "config_id"
    assert refused_field(lambda c: c.join_ways.get("")) == "config_id"
    assert refused_field(lambda c: c.join_ways.delete("")) == "config_id"
    assert refused_field(lambda c: c.group_templates.add()) == "text"
    assert refused_field(lambda c: c.group_templates.add(text="好" * 1001)) == "text.content"
    assert refused_field(lambda c: c.group_templates.add(attachment={"msgtype": "poem"})) == "attachment.msgtype"
    assert refused_field(lambda c: c.group_templates.edit("", text="a")) == "template_id"
    assert refused_field(lambda c: c.group_templates.get("")) == "template_id"
    assert refused_field(lambda c: c.group_templates.delete("")) == "template_id"
