"""Moments from the job to what customers say below them."""

from __future__ import annotations

import pytest
from calls_helpers import DAY, NOW, Brand, given_up, png, refused_field, refused_with

from wellspring.wecom.calls.moments import FINISHED, STARTED


def made(brand: Brand, **wish: object) -> str:
    """The moment_id of a job that is done."""
    jobid = brand.client.moments.add(**wish)  # type: ignore[arg-type]
    brand.control.advance(5)
    done = brand.client.moments.result(jobid)
    assert (done.status, done.type, done.result.errcode) == (FINISHED, "add_moment_task", 0)
    return done.result.moment_id


def picture(brand: Brand) -> str:
    return brand.client.uploads.attachment(
        png(), filename="a.png", content_type="image/png", media_type="image", attachment_type=1
    ).media_id


def test_a_moment_from_beginning_to_end(brand: Brand) -> None:
    moments, userid = brand.client.moments, brand.busy()[0]
    image = {"msgtype": "image", "image": {"media_id": picture(brand)}}
    jobid = moments.add(text="新茶上市", attachments=[image], users=[userid, "nobody"])
    assert moments.result(jobid).status == STARTED
    brand.control.advance(5)
    result = moments.result(jobid).result
    assert result.invalid_sender_list.user_list == ["nobody"]
    moment_id = result.moment_id
    assert [(one.userid, one.publish_status) for one in moments.tasks(moment_id)] == [(userid, 0)]
    with given_up("moment_not_published_by_user"):
        list(moments.customers(moment_id, userid))
    brand.control.moment_confirm(userid, moment_id)
    assert [one.publish_status for one in moments.tasks(moment_id)] == [1]
    chosen = [one.external_userid for one in moments.customers(moment_id, userid)]
    assert set(chosen) <= set(brand.customers_of(userid))
    seen = [one.external_userid for one in moments.seen_by(moment_id, userid)]
    assert seen
    brand.control.moment_like(moment_id, userid, seen[0])
    brand.control.moment_comment(moment_id, userid, userid, "欢迎")
    reactions = moments.reactions(moment_id, userid)
    assert [one.external_userid for one in reactions.like_list] == [seen[0]]
    assert [one.userid for one in reactions.comment_list] == [userid]
    with given_up("no_such_moment"):
        moments.reactions("mom-none", userid)


def test_the_list(brand: Brand) -> None:
    moments, userid = brand.client.moments, brand.busy()[1]
    ids = {made(brand, text=f"第 {number} 条", users=[userid]) for number in range(3)}
    own = brand.control.moment_publish(userid, "我自己的")
    window = {"start_time": NOW - DAY, "end_time": brand.now() + 1}
    company = list(moments.moments(**window, filter_type=0))
    assert ids <= {one.moment_id for one in company}
    assert all(one.create_type == 0 and not one.creator for one in company)
    [personal] = moments.moments(**window, filter_type=1, creator=userid)
    assert (personal.text.content, personal.creator) == ("我自己的", userid)
    assert own


def test_pages_are_followed(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wellspring.wecom.calls.moments.LIST_LIMIT", 1)
    window = {"start_time": NOW - DAY, "end_time": brand.now() + 1}
    listed = [one.moment_id for one in brand.client.moments.moments(**window)]
    assert len(listed) == len(set(listed)) > 2


def test_only_for_some(brand: Brand) -> None:
    userid = brand.busy()[0]
    customer = brand.customers_of(userid)[0]
    tag = brand.client.tags.add(["绿茶"], group_name="口味").tag[0]
    brand.client.tags.mark(userid=userid, external_userid=customer, add=[tag.id])
    brand.control.advance(60)
    moment_id = made(brand, text="只给你", users=[userid], tags=[tag.id])
    brand.control.moment_confirm(userid, moment_id)
    chosen = [one.external_userid for one in brand.client.moments.customers(moment_id, userid)]
    assert chosen == [customer]


def test_a_moment_is_cancelled(brand: Brand) -> None:
    userid = brand.busy()[0]
    moment_id = made(brand, text="算了", users=[userid])
    brand.client.moments.cancel(moment_id)
    with given_up("already_cancelled"):
        brand.client.moments.cancel(moment_id)


def test_ordinary_media_ids_are_refused(brand: Brand) -> None:
    media = brand.client.uploads.upload(png(), filename="a.png", content_type="image/png")
    with given_up("media_gone"):
        brand.client.moments.add(attachments=[{"msgtype": "image", "image": {"media_id": media.media_id}}])
    with refused_with(40058):
        brand.client.moments.result("made-up")


def test_limits() -> None:
    image = {"msgtype": "image", "image": {"media_id": "m"}}
    link = {"msgtype": "link", "link": {"media_id": "m", "url": "https://a.example", "title": "题" * 22}}
    assert refused_field(lambda c: c.moments.add()) == "text"
    assert refused_field(lambda c: c.moments.add(text="长" * 2001)) == "text.content"
    assert refused_field(lambda c: c.moments.add(attachments=[image] * 10)) == "attachments"
    assert refused_field(lambda c: c.moments.add(attachments=[image, link])) == "attachments"
    assert refused_field(lambda c: c.moments.add(attachments=[link])) == "attachments[0].link.title"
    assert refused_field(lambda c: c.moments.add(attachments=[{"msgtype": "file"}])) == "attachments[0].msgtype"
    bare = {"msgtype": "image", "image": {}}
    assert refused_field(lambda c: c.moments.add(attachments=[bare])) == "attachments[0].image.media_id"
    senders = "visible_range.sender_list.user_list"
    assert refused_field(lambda c: c.moments.add(text="a", users=["u"] * 100_001)) == senders
    assert refused_field(lambda c: c.moments.result("")) == "jobid"
    assert refused_field(lambda c: c.moments.cancel("")) == "moment_id"
    assert refused_field(lambda c: c.moments.moments(start_time=0, end_time=30 * DAY + 1)) == "end_time"
    assert refused_field(lambda c: c.moments.moments(start_time=0, end_time=1, filter_type=3)) == "filter_type"
    assert refused_field(lambda c: c.moments.tasks("")) == "moment_id"
    assert refused_field(lambda c: c.moments.customers("m", "")) == "userid"
    assert refused_field(lambda c: c.moments.seen_by("", "u")) == "moment_id"
    assert refused_field(lambda c: c.moments.reactions("m", "")) == "userid"
