"""Corp tags, reading customers, and the welcome: what the sync and the outbox stand on, call by call."""

from __future__ import annotations

import pytest
from calls_helpers import Brand, given_up, refused_field, refused_with


def test_tags_from_beginning_to_end(brand: Brand) -> None:
    tags, userid = brand.client.tags, brand.busy()[0]
    customer = brand.customers_of(userid)[0]
    group = tags.add(["绿茶", "红茶"], group_name="茶类", order=3)
    green, red = group.tag
    assert tags.groups(group_ids=[group.group_id])[0].order == 3
    assert [one.id for one in tags.groups(tag_ids=[red.id])[0].tag] == [red.id]
    tags.edit(green.id, name="龙井", order=7)
    assert ("龙井", 7) in {(one.name, one.order) for one in tags.groups(group_ids=[group.group_id])[0].tag}
    with given_up("tag_name_exists"):
        tags.edit(green.id, name="红茶")
    tags.mark(userid=userid, external_userid=customer, add=[green.id, red.id])
    tags.mark(userid=userid, external_userid=customer, remove=[red.id])
    kept = next(one for one in brand.client.customers.get(customer).follow_user if one.userid == userid)
    assert green.id in kept.corp_tag_ids
    assert red.id not in kept.corp_tag_ids
    with given_up("no_such_tag"):
        tags.mark(userid=userid, external_userid=customer, add=["et-none"])
    with given_up("not_a_customer"):
        tags.mark(userid=userid, external_userid="wm-none", add=[green.id])
    tags.delete(tag_ids=[red.id])
    tags.delete(group_ids=[group.group_id])
    assert group.group_id not in {one.group_id for one in tags.groups() if not one.deleted}
    with given_up("no_such_tag"):
        tags.delete(tag_ids=["et-none"])


def test_reading_customers(brand: Brand) -> None:
    customers = brand.client.customers
    followers = customers.follow_users()
    assert set(followers) <= set(brand.userids)
    pairs = {(one.follow_info.userid, one.external_contact.external_userid) for one in customers.of_users(followers)}
    assert pairs >= {(userid, one) for userid in brand.busy() for one in brand.customers_of(userid)}
    page = customers.batch(followers, limit=1)
    assert (len(page.external_contact_list), bool(page.next_cursor)) == (1, True)
    with refused_with(50100):
        customers.batch(followers, cursor="made-up")


def test_a_welcome_goes_once(brand: Brand) -> None:
    way = brand.client.contact_ways.add(type=1, scene=2, user=[brand.userids[0]])
    brand.control.scan(way.config_id)
    newest = brand.control.callbacks(limit=5)["newest"]
    code = next(one["fields"]["WelcomeCode"] for one in newest if one["fields"].get("WelcomeCode"))
    brand.client.messages.welcome(code, text="您好")
    with given_up("chat_already_started"):
        brand.client.messages.welcome(code, text="您好")
    with given_up("welcome_code_expired"):
        brand.client.messages.welcome("made-up", text="您好")


NONE = "made-up"


@pytest.mark.parametrize(
    ("errcode", "make"),
    [
        (60011, lambda c: c.directory.departments(1)),
        (60011, lambda c: c.directory.department_ids(1)),
        (60003, lambda c: c.directory.users(987_654)),
        (60003, lambda c: c.directory.user_names(987_654)),
        (60111, lambda c: c.directory.openid_of("nobody")),
        (40029, lambda c: c.sign_in.legacy_visitor(NONE)),
        (40096, lambda c: c.customers.get("wm-none")),
        (41044, lambda c: c.contact_ways.update(NONE, remark="a")),
        (41044, lambda c: c.contact_ways.delete(NONE)),
        (40003, lambda c: c.contact_ways.add(type=1, scene=2, user=["nobody"])),
        (41044, lambda c: c.join_ways.update(NONE, ["wr-none"])),
        (41044, lambda c: c.join_ways.delete(NONE)),
        (40037, lambda c: c.group_templates.edit(NONE, text="a")),
        (60111, lambda c: c.groups.statuses(owners=["nobody"])),
        (60111, lambda c: c.groups.statistic_by_owner(["nobody"], day_begin_time=1_772_510_400, day_end_time=1_772_510_400)),
        (60111, lambda c: c.handover.on_job(["wm"], handover_userid="nobody", takeover_userid="nobody")),
        (60111, lambda c: c.handover.on_job_results(handover_userid="nobody", takeover_userid="nobody")),
        (60111, lambda c: c.handover.resigned_results(handover_userid="nobody", takeover_userid="nobody")),
        (60111, lambda c: c.handover.groups_resigned(["wr"], new_owner="nobody")),
        (41047, lambda c: c.messages.remind(NONE)),
        (41047, lambda c: c.messages.cancel(NONE)),
        (41047, lambda c: c.messages.results(NONE, "nobody")),
        (41060, lambda c: c.moments.cancel(NONE)),
        (41060, lambda c: c.moments.tasks(NONE)),
        (41060, lambda c: c.moments.customers(NONE, "nobody")),
        (41060, lambda c: c.moments.seen_by(NONE, "nobody")),
        (40058, lambda c: c.acquisition_links.update(NONE, link_name="a")),
        (40058, lambda c: c.acquisition_links.delete(NONE)),
        (40058, lambda c: c.acquisition_links.customers(NONE)),
        (40058, lambda c: c.acquisition_links.statistic(NONE, start_time=1_772_683_200, end_time=1_772_683_200)),
        (60111, lambda c: c.acquisition_links.create("a", users=["nobody"])),
        (41075, lambda c: c.album.update(NONE, price=1)),
        (41075, lambda c: c.album.delete(NONE)),
        (41070, lambda c: c.intercept_rules.get(NONE)),
        (41070, lambda c: c.intercept_rules.update(NONE, rule_name="a")),
        (41070, lambda c: c.intercept_rules.delete(NONE)),
        (40096, lambda c: c.ids.service_external_userid("wm-none")),
        (95004, lambda c: c.kf_accounts.delete("wk-none")),
        (95000, lambda c: c.kf_accounts.delete(NONE)),
        (95004, lambda c: c.kf_accounts.servicers("wk-none")),
        (95004, lambda c: c.kf_accounts.add_servicers("wk-none", users=["a"])),
        (95004, lambda c: c.kf_accounts.remove_servicers("wk-none", users=["a"])),
        (40007, lambda c: c.kf_accounts.add("a", NONE)),
        (95004, lambda c: c.kf_messages.state("wk-none", "wm-none")),
        (95004, lambda c: c.kf_messages.sync("wk-none")),
        (95004, lambda c: c.kf_desk.cancel_offer("wk-none", "wm-none")),
        (95004, lambda c: c.kf_desk.servicer_statistic(start_time=1, end_time=1, open_kfid="wk-none")),
        (40050, lambda c: c.archive.agreements_in_room("wr-none")),
        (40005, lambda c: c.uploads.picture_url(b"no picture", filename="a", content_type="image/png")),
        (40005, lambda c: c.uploads.upload(b"no picture", filename="a", content_type="image/png")),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused(brand: Brand, errcode: int, make: object) -> None:
    client = brand.client
    if errcode == 60011:
        _, client = brand.another_app(departments=[brand.client.directory.departments()[-1].id])
    with refused_with(errcode):
        made = make(client)  # type: ignore[operator]
        if hasattr(made, "__next__"):
            next(made)


@pytest.mark.parametrize(
    "make",
    [
        lambda c: c.acquisition_links.ids(),
        lambda c: c.album.products(),
        lambda c: c.intercept_rules.rules(),
        lambda c: c.contact_ways.ids(),
        lambda c: c.customers.follow_users(),
        lambda c: c.customers.served(),
        lambda c: c.groups.statuses(),
        lambda c: c.handover.unassigned(),
        lambda c: c.messages.messages(start_time=0, end_time=1),
        lambda c: c.moments.moments(start_time=0, end_time=1),
        lambda c: c.tags.groups(),
        lambda c: c.ids.new_chat_ids(["a"]),
        lambda c: c.ids.new_tag_ids(["a"]),
        lambda c: c.ids.new_open_kfids(["a"]),
        lambda c: c.ids.new_external_userids(["a"]),
        lambda c: c.ids.new_external_userids(["a"], chat_id="b"),
        lambda c: c.ids.pending_ids(["a"]),
        lambda c: c.kf_accounts.accounts(),
        lambda c: c.kf_desk.get(["a"]),
        lambda c: c.kf_desk.upgrade_config(),
        lambda c: c.kf_desk.qualification(),
        lambda c: c.archive.permitted_users(),
        lambda c: c.archive.robot("a"),
    ],
)
def test_an_app_without_the_right_is_refused(brand: Brand, make: object) -> None:
    _, client = brand.another_app(rights=[])
    with given_up("no_right"):
        made = make(client)  # type: ignore[operator]
        if hasattr(made, "__next__"):
            next(made)


def test_limits() -> None:
    assert refused_field(lambda c: c.customers.ids_of("")) == "userid"
    assert refused_field(lambda c: c.customers.get("")) == "external_userid"
    assert refused_field(lambda c: c.tags.add([], group_name="g")) == "tag"
    assert refused_field(lambda c: c.tags.edit("")) == "id"
    assert refused_field(lambda c: c.tags.edit("t", order=2**32)) == "order"
    assert refused_field(lambda c: c.tags.delete()) == "tag_id"
    assert refused_field(lambda c: c.messages.welcome("", text="a")) == "welcome_code"
    assert refused_field(lambda c: c.contact_ways.get("")) == "config_id"
    assert refused_field(lambda c: c.contact_ways.update("")) == "config_id"
    assert refused_field(lambda c: c.contact_ways.delete("")) == "config_id"
