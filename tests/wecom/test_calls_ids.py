"""Other ids of the same thing, and the helpers of the session archive."""

from __future__ import annotations

import pytest
from calls_helpers import Answering, Brand, given_up, png, refused_field, refused_with


@pytest.fixture(scope="module")
def person(brand: Brand) -> tuple[str, str, str]:
    """userid, external_userid and unionid of a customer."""
    userid = brand.busy()[0]
    for external_userid in brand.customers_of(userid):
        unionid = brand.client.customers.get(external_userid).external_contact.unionid
        if unionid:
            return userid, external_userid, unionid
    raise AssertionError("no customer has a unionid")


def test_unionid_and_openid(brand: Brand, person: tuple[str, str, str]) -> None:
    _, external_userid, unionid = person
    ids = brand.client.ids
    assert ids.external_userid_of(unionid) == external_userid
    with given_up("no_such_unionid"):
        ids.external_userid_of("made-up")
    openid = ids.openid_of(external_userid)
    assert ids.resolve(unionid=unionid, openid=openid).external_userid == external_userid
    stranger = ids.resolve(unionid="oUnknown", openid="oAnybody", subject_type=1)
    assert (stranger.external_userid, stranger.pending_id[:2]) == ("", "pi")
    with given_up("openid_does_not_fit"):
        ids.resolve(unionid=unionid, openid="oSomebodyElse")
    [pending] = ids.pending_ids([external_userid, "wm-none"])
    assert (pending.external_userid, bool(pending.pending_id)) == (external_userid, True)
    [there] = ids.in_companies(unionid=unionid, openid=openid)
    assert there.external_userid == external_userid
    assert ids.service_external_userid(external_userid) != external_userid


def test_ids_after_a_migration(brand: Brand, person: tuple[str, str, str]) -> None:
    userid, external_userid, _ = person
    ids = brand.client.ids
    [kept] = ids.new_external_userids([external_userid, "wm-none"])
    assert kept.new_external_userid == external_userid
    chat_id = brand.control.group_create(userid, "群", [external_userid])["chat_id"]
    assert len(ids.new_external_userids([external_userid], chat_id=chat_id)) == 1
    chats = ids.new_chat_ids([chat_id, "wr-none"])
    assert ([(one.old, one.new) for one in chats.items], chats.invalid) == ([(chat_id, chat_id)], ["wr-none"])
    tag = brand.client.tags.add(["a"], group_name="g").tag[0].id
    tags = ids.new_tag_ids([tag, "et-none"])
    assert ([one.new for one in tags.items], tags.invalid) == ([tag], ["et-none"])
    picture = brand.client.uploads.upload(png(), filename="a.png", content_type="image/png").media_id
    kf = brand.client.kf_accounts.add("客服", picture)
    accounts = ids.new_open_kfids([kf, "wk-none"])
    assert ([one.new for one in accounts.items], accounts.invalid) == ([kf], ["wk-none"])


def test_the_archive(brand: Brand, person: tuple[str, str, str]) -> None:
    userid, external_userid, _ = person
    archive = brand.client.archive
    assert archive.permitted_users() == []
    brand.control.archive_permit(**{userid: 2})
    assert (archive.permitted_users(2), archive.permitted_users(1)) == ([userid], [])
    [agreement] = archive.agreements([(userid, external_userid)])
    assert (agreement.external_userid, agreement.agree_status) == (external_userid, "Default_Agree")
    brand.control.archive_consent(userid, external_userid, "Disagree")
    assert archive.agreements([(userid, external_userid)])[0].agree_status == "Disagree"
    room = brand.control.group_create(userid, "群", [external_userid])["chat_id"]
    assert [one.agree_status for one in archive.agreements_in_room(room)] == ["Disagree"]
    with given_up("no_such_user"):
        archive.agreements([(userid, "wm-none")])
    with given_up("not_an_internal_group"):
        archive.group(room)
    assert archive.robot("rb1").robot_id == "rb1"
    _, without = brand.another_app(rights=["contact"])
    with given_up("no_right"):
        without.archive.permitted_users()


def test_an_internal_group() -> None:
    wecom = Answering(
        {"roomname": "内部群", "creator": "a", "room_create_time": 5, "members": [{"memberid": "a", "jointime": 6}]}
    )
    group = wecom.client.archive.group("wr1")
    assert (group.roomname, group.members[0].memberid, wecom.paths) == ("内部群", "a", ["msgaudit/groupchat/get"])


def test_a_customer_of_another_company_has_no_openid(brand: Brand) -> None:
    with refused_with(40096):
        brand.client.ids.openid_of("wm-none")


def test_limits() -> None:
    assert refused_field(lambda c: c.ids.external_userid_of("")) == "unionid"
    assert refused_field(lambda c: c.ids.resolve(unionid="u", openid="")) == "openid"
    assert refused_field(lambda c: c.ids.resolve(unionid="u", openid="o", subject_type=2)) == "subject_type"
    assert refused_field(lambda c: c.ids.pending_ids([])) == "external_userid"
    assert refused_field(lambda c: c.ids.pending_ids(["e"] * 101)) == "external_userid"
    assert refused_field(lambda c: c.ids.in_companies(unionid="", openid="o")) == "unionid"
    assert refused_field(lambda c: c.ids.service_external_userid("")) == "external_userid"
    assert refused_field(lambda c: c.ids.openid_of("")) == "external_userid"
    assert refused_field(lambda c: c.ids.new_external_userids([])) == "external_userid_list"
    assert refused_field(lambda c: c.ids.new_tag_ids([])) == "external_tagid_list"
    assert refused_field(lambda c: c.ids.new_open_kfids(["k"] * 1001)) == "open_kfid_list"
    assert refused_field(lambda c: c.ids.new_chat_ids([])) == "chat_id_list"
    assert refused_field(lambda c: c.archive.permitted_users(4)) == "type"
    assert refused_field(lambda c: c.archive.agreements([])) == "info"
    assert refused_field(lambda c: c.archive.agreements([("u", "e")] * 101)) == "info"
    assert refused_field(lambda c: c.archive.agreements_in_room("")) == "roomid"
    assert refused_field(lambda c: c.archive.group("")) == "roomid"
    assert refused_field(lambda c: c.archive.robot("")) == "robot_id"
