"""Everybody who is served, temporary contact ways, and mass messages by tag and to groups."""

from __future__ import annotations

from calls_helpers import DAY, NOW, Brand, given_up, refused_field, refused_with


def test_remark(brand: Brand) -> None:
    userid = brand.busy()[0]
    customer = brand.customers_of(userid)[0]
    pair = {"userid": userid, "external_userid": customer}
    brand.client.customers.remark(**pair, remark="老客", description="爱喝茶", remark_mobiles=["13000000000"])
    kept = next(one for one in brand.client.customers.get(customer).follow_user if one.userid == userid)
    assert (kept.remark, kept.description, kept.remark_mobiles) == ("老客", "爱喝茶", ["13000000000"])
    with given_up("not_a_friend"):
        brand.client.customers.remark(userid=userid, external_userid=_stranger_to(brand, userid), remark="a")


def _stranger_to(brand: Brand, userid: str) -> str:
    known = set(brand.customers_of(userid))
    return next(one for other in brand.busy() for one in brand.customers_of(other) if one not in known)


def test_everybody_served(brand: Brand) -> None:
    owner = brand.busy()[0]
    group = brand.control.group_create(owner, "群", brand.customers_of(owner)[:1])["chat_id"]
    config_id = brand.client.join_ways.add([group])
    brand.control.group_join(config_id, customer={"name": "路过"})
    served = list(brand.client.customers.served())
    customers = {(one.follow_userid, one.external_userid) for one in served if one.is_customer}
    assert {(owner, one) for one in brand.customers_of(owner)} <= customers
    met = [one for one in served if not one.is_customer]
    assert [(one.chat_id, one.external_userid, one.name) for one in met] == [(group, "", "路**")]


def test_temporary_ways(brand: Brand) -> None:
    ways, member = brand.client.contact_ways, brand.userids[0]
    with given_up("no_right"):
        ways.add_temporary(member)
    brand.control.settings(temporary_sessions=True)
    link = {"msgtype": "link", "link": {"title": "下次见", "url": "https://a.example"}}
    made = ways.add_temporary(
        member, expires_in=3600, chat_expires_in=7200, text="早日康复", attachment=link, state="clinic"
    )
    assert made.qr_code
    way = ways.get(made.config_id)
    assert (way.is_temp, way.expires_in, way.chat_expires_in, way.state) == (True, 3600, 7200, "clinic")
    assert way.conclusions is not None
    assert way.conclusions["text"] == {"content": "早日康复"}
    assert way.conclusions["link"]["title"] == "下次见"
    ways.update(made.config_id, chat_expires_in=60, remark="门诊", conclusion_text="再见")
    changed = ways.get(made.config_id)
    assert (changed.chat_expires_in, changed.remark, changed.conclusions) == (
        60,
        "门诊",
        {"text": {"content": "再见"}},
    )
    assert made.config_id not in set(ways.ids())
    came = brand.control.scan(made.config_id)["external_userid"]
    ways.close_temporary_chat(userid=member, external_userid=came)
    with given_up("not_a_friend"):
        ways.close_temporary_chat(userid=member, external_userid=came)
    friend = brand.busy()[0]
    with refused_with(40058):
        ways.close_temporary_chat(userid=friend, external_userid=brand.customers_of(friend)[0])
    brand.control.settings(temporary_sessions=False)


def test_contact_ways(brand: Brand) -> None:
    ways, members = brand.client.contact_ways, brand.userids[:2]
    made = ways.add(type=2, scene=2, user=members, state="door", remark="门口", is_exclusive=True, mark_source=False)
    way = ways.get(made.config_id)
    assert (way.user, way.state, way.is_exclusive, way.mark_source) == (members, "door", True, False)
    assert made.config_id in set(ways.ids())
    ways.update(made.config_id, user=members[:1])
    assert ways.get(made.config_id).user == members[:1]
    ways.delete(made.config_id)
    with given_up("no_such_contact_way"):
        ways.get(made.config_id)


def test_a_mass_message_by_tags(brand: Brand) -> None:
    userid = brand.busy()[0]
    chosen, other = brand.customers_of(userid)[:2]
    tags = brand.client.tags.add(["品茶", "早起"], group_name="习惯").tag
    ids = [one.id for one in tags]
    brand.client.tags.mark(userid=userid, external_userid=chosen, add=ids)
    brand.client.tags.mark(userid=userid, external_userid=other, add=ids[:1])
    messages = brand.client.messages
    made = messages.add(text="茶到了", sender=userid, tag_groups=[ids[:1], ids[1:]])
    assert {one.external_userid for one in messages.results(made.msgid, userid)} == {chosen}
    either = messages.add(text="茶又到了", sender=userid, tag_groups=[ids])
    assert {one.external_userid for one in messages.results(either.msgid, userid)} == {chosen, other}
    with given_up("no_such_tag"):
        messages.add(text="a", sender=userid, tag_groups=[["et-none"]])


def test_a_mass_message_to_groups(brand: Brand) -> None:
    userid = brand.busy()[1]
    group = brand.control.group_create(userid, "群", brand.customers_of(userid)[:1])["chat_id"]
    messages = brand.client.messages
    made = messages.add(text="群里好", chat_type="group", sender=userid, chat_ids=[group, "wr-none"])
    assert made.fail_list == ["wr-none"]
    assert [(one.userid, one.status) for one in messages.tasks(made.msgid)] == [(userid, 0)]
    assert list(messages.results(made.msgid, userid)) == []
    brand.control.confirm(userid, made.msgid)
    assert [(one.chat_id, one.status) for one in messages.results(made.msgid, userid)] == [(group, 1)]
    window = {"start_time": NOW - DAY, "end_time": brand.now() + 1}
    assert made.msgid in {one.msgid for one in messages.messages(**window, chat_type="group")}
    assert made.msgid not in {one.msgid for one in messages.messages(**window)}
    assert list(messages.messages(**window, chat_type="group", creator=userid)) == []
    with given_up("nobody_to_send_to"):
        messages.add(text="a", chat_type="group", sender=userid, chat_ids=["wr-none"])


def test_control_of_a_mass_message(brand: Brand) -> None:
    userid, messages = brand.busy()[0], brand.client.messages
    made = messages.add(text="稍等", sender=userid)
    for _ in range(3):
        messages.remind(made.msgid)
    with given_up("too_many_reminders"):
        messages.remind(made.msgid)
    messages.cancel(made.msgid)
    with given_up("already_cancelled"):
        messages.cancel(made.msgid)
    with given_up("no_such_message"):
        list(messages.tasks("msg-none"))


def test_limits() -> None:
    pair = {"userid": "u", "external_userid": "e"}
    assert refused_field(lambda c: c.customers.remark(**pair)) == "remark"
    assert refused_field(lambda c: c.customers.remark(**pair, remark_company="司" * 21)) == "remark_company"
    assert refused_field(lambda c: c.contact_ways.add_temporary("")) == "user"
    assert refused_field(lambda c: c.contact_ways.add_temporary("u", expires_in=15 * DAY)) == "expires_in"
    assert refused_field(lambda c: c.contact_ways.add_temporary("u", chat_expires_in=0)) == "chat_expires_in"
    video = {"msgtype": "video", "video": {"media_id": "m"}}
    assert refused_field(lambda c: c.contact_ways.add_temporary("u", attachment=video)) == "conclusions"
    assert refused_field(lambda c: c.contact_ways.close_temporary_chat(userid="", external_userid="e")) == "userid"
    assert refused_field(lambda c: c.messages.add(text="t", sender="s", chat_type="room")) == "chat_type"
    assert refused_field(lambda c: c.messages.add(text="t", chat_type="group")) == "sender"
    group = {"text": "t", "chat_type": "group", "sender": "s"}
    assert refused_field(lambda c: c.messages.add(**group, chat_ids=["w"] * 2001)) == "chat_id_list"
    assert refused_field(lambda c: c.messages.add(**group, tag_groups=[["t"]])) == "external_userid"
    empty = "tag_filter.group_list[0].tag_list"
    assert refused_field(lambda c: c.messages.add(text="t", tag_groups=[[]])) == empty
    assert refused_field(lambda c: c.messages.add(text="t", tag_groups=[["t"] * 101])) == empty
    assert refused_field(lambda c: c.messages.messages(start_time=1, end_time=0)) == "end_time"
    assert refused_field(lambda c: c.messages.messages(start_time=0, end_time=1, chat_type="room")) == "chat_type"
    assert refused_field(lambda c: c.messages.tasks("")) == "msgid"
    assert refused_field(lambda c: c.messages.results("m", "")) == "userid"
