"""The product album, sensitive words, and what members did in numbers."""

from __future__ import annotations

import pytest
from calls_helpers import DAY, NOW, Brand, given_up, png, refused_field, refused_with

from wellspring.wecom.calls.intercept import BLOCK, PHONE, WARN


def picture(brand: Brand) -> str:
    return brand.client.uploads.attachment(
        png(), filename="a.png", content_type="image/png", media_type="image", attachment_type=2
    ).media_id


def test_the_album(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    album, media_id = brand.client.album, picture(brand)
    made = album.add("龙井 50 克", price=9900, media_ids=[media_id], product_sn="LJ50")
    other = album.add("普洱", price=1, media_ids=[media_id])
    kept = album.get(made)
    assert (kept.description, kept.price, kept.product_sn) == ("龙井 50 克", 9900, "LJ50")
    assert kept.attachments == [{"type": "image", "image": {"media_id": media_id}}]
    monkeypatch.setattr("wellspring.wecom.calls.album.LIST_LIMIT", 1)
    assert {one.product_id for one in album.products()} == {made, other}
    album.update(made, price=8800, description="龙井")
    assert (album.get(made).price, album.get(made).product_sn) == (8800, "LJ50")
    _, another = brand.another_app(rights=["contact"])
    assert another.album.get(made).price == 8800
    with given_up("no_right_on_member"):
        another.album.update(made, price=1)
    album.delete(made)
    with given_up("product_deleted"):
        album.get(made)
    with given_up("media_gone"):
        album.add("绿茶", price=1, media_ids=["made-up"])
    with refused_with(41075):
        album.get("made-up")


def test_sensitive_words(brand: Brand) -> None:
    rules, userid = brand.client.intercept_rules, brand.userids[0]
    made = rules.add("私单", words=["私下转账"], intercept_type=BLOCK, users=[userid], semantics=[PHONE])
    assert [(one.rule_id, one.rule_name) for one in rules.rules()] == [(made, "私单")]
    kept = rules.get(made)
    assert (kept.word_list, kept.extra_rule.semantics_list, kept.intercept_type) == (["私下转账"], [PHONE], BLOCK)
    assert kept.applicable_range.user_list == [userid]
    with given_up("name_exists"):
        rules.add("私单", words=["a"], intercept_type=WARN, users=[userid])
    rules.update(
        made,
        rule_name="飞单",
        words=["红包"],
        semantics=[],
        intercept_type=WARN,
        add_users=[brand.userids[1]],
        remove_users=[userid],
    )
    changed = rules.get(made)
    assert (changed.rule_name, changed.word_list, changed.intercept_type) == ("飞单", ["红包"], WARN)
    assert changed.applicable_range.user_list == [brand.userids[1]]
    assert changed.extra_rule.semantics_list == []
    rules.delete(made)
    with given_up("rule_deleted"):
        rules.get(made)
    brand.control.settings(intercept_rules_max=0)
    with given_up("too_many_rules"):
        rules.add("又一条", words=["a"], intercept_type=WARN, users=[userid])
    brand.control.settings(intercept_rules_max=100)


def test_behaviour(brand: Brand) -> None:
    userid = brand.busy()[0]
    customer = brand.customers_of(userid)[0]
    before = brand.client.behaviour.days(users=[userid], start_time=NOW, end_time=NOW)[0]
    brand.control.chat(userid, customer, "在吗")
    brand.control.advance(120)
    brand.control.chat(userid, customer, "在的", sender="staff")
    [today] = brand.client.behaviour.days(users=[userid], start_time=NOW, end_time=NOW)
    assert today.message_cnt == before.message_cnt + 1
    assert today.reply_percentage == 100
    assert today.avg_reply_time == 2
    month = brand.client.behaviour.days(departments=[1], start_time=NOW - 29 * DAY, end_time=NOW)
    assert len(month) == 30
    assert month[0].reply_percentage is None
    with given_up("user_left"):
        brand.client.behaviour.days(users=["nobody"], start_time=NOW, end_time=NOW)
    with refused_with(40058):
        brand.client.behaviour.days(users=[userid], start_time=NOW - 181 * DAY, end_time=NOW - 180 * DAY)


def test_limits() -> None:
    goods = {"price": 1, "media_ids": ["m"]}
    assert refused_field(lambda c: c.album.add("", **goods)) == "description"
    assert refused_field(lambda c: c.album.add("述" * 301, **goods)) == "description"
    assert refused_field(lambda c: c.album.add("d", price=5_000_001, media_ids=["m"])) == "price"
    assert refused_field(lambda c: c.album.add("d", price=1, media_ids=[])) == "attachments"
    assert refused_field(lambda c: c.album.add("d", price=1, media_ids=["m"] * 10)) == "attachments"
    assert refused_field(lambda c: c.album.add("d", **goods, product_sn="龙")) == "product_sn"
    assert refused_field(lambda c: c.album.get("")) == "product_id"
    assert refused_field(lambda c: c.album.update("", price=1)) == "product_id"
    assert refused_field(lambda c: c.album.update("p", media_ids=[])) == "attachments"
    assert refused_field(lambda c: c.album.delete("")) == "product_id"
    rule = {"words": ["w"], "intercept_type": BLOCK, "users": ["u"]}
    assert refused_field(lambda c: c.intercept_rules.add("", **rule)) == "rule_name"
    assert refused_field(lambda c: c.intercept_rules.add("名" * 21, **rule)) == "rule_name"
    assert refused_field(lambda c: c.intercept_rules.add("n", **{**rule, "words": []})) == "word_list"
    assert refused_field(lambda c: c.intercept_rules.add("n", **{**rule, "words": ["w"] * 301})) == "word_list"
    assert refused_field(lambda c: c.intercept_rules.add("n", **{**rule, "words": ["词" * 33]})) == "word_list"
    assert refused_field(lambda c: c.intercept_rules.add("n", **{**rule, "intercept_type": 3})) == "intercept_type"
    assert refused_field(lambda c: c.intercept_rules.add("n", **rule, semantics=[4])) == "semantics_list"
    assert refused_field(lambda c: c.intercept_rules.add("n", **{**rule, "users": []})) == "applicable_range"
    many = {**rule, "users": ["u"] * 1001}
    assert refused_field(lambda c: c.intercept_rules.add("n", **many)) == "applicable_range.user_list"
    assert refused_field(lambda c: c.intercept_rules.update("", rule_name="n")) == "rule_id"
    assert refused_field(lambda c: c.intercept_rules.update("r", words=[])) == "word_list"
    assert refused_field(lambda c: c.intercept_rules.get("")) == "rule_id"
    assert refused_field(lambda c: c.intercept_rules.delete("")) == "rule_id"
    window = {"start_time": NOW, "end_time": NOW}
    assert refused_field(lambda c: c.behaviour.days(**window)) == "userid"
    assert refused_field(lambda c: c.behaviour.days(users=["u"] * 101, **window)) == "userid"
    assert refused_field(lambda c: c.behaviour.days(departments=[1] * 101, **window)) == "partyid"
    assert refused_field(lambda c: c.behaviour.days(users=["u"], start_time=NOW, end_time=NOW - DAY)) == "end_time"
