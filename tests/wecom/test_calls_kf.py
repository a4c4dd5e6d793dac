"""Customer service: accounts, sessions, messages, figures, and the knowledge base."""

from __future__ import annotations

from typing import Any

import pytest
from calls_helpers import DAY, NOW, Answering, Brand, given_up, png, refused_field, refused_with

from wellspring.wecom.calls.kf_messages import API, ENDED, MEMBER, NEW, QUEUE, KfItem

HELLO = {"msgtype": "text", "text": {"content": "您好"}}
MENU = {
    "msgtype": "msgmenu",
    "msgmenu": {"head_content": "满意吗？", "list": [{"type": "click", "click": {"id": "1", "content": "满意"}}]},
}


@pytest.fixture(scope="module")
def picture(brand: Brand) -> str:
    return brand.client.uploads.upload(png(), filename="a.png", content_type="image/png").media_id


@pytest.fixture(scope="module")
def kf(brand: Brand, picture: str) -> str:
    """An account with two servicers."""
    account = brand.client.kf_accounts.add("茶馆客服", picture)
    brand.client.kf_accounts.add_servicers(account, users=brand.userids[:2])
    return account


def pulled(brand: Brand, kf: str, external_userid: str) -> list[KfItem]:
    """Everything about a customer, following the cursor."""
    cursor, more, found = "", True, []
    while more:
        page = brand.client.kf_messages.sync(kf, cursor=cursor, limit=5)
        found += page.items
        cursor, more = page.next_cursor, bool(page.has_more)
    return [one for one in found if one.external_userid == external_userid]


def test_accounts(brand: Brand, kf: str, picture: str) -> None:
    accounts = brand.client.kf_accounts
    assert ("茶馆客服", True) in {(one.name, one.manage_privilege) for one in accounts.accounts()}
    made = accounts.add("临时", picture)
    accounts.update(made, name="改名")
    assert "改名" in {one.name for one in accounts.accounts()}
    many = [accounts.add(f"第 {number}", picture) for number in range(100)]
    listed = [one.open_kfid for one in accounts.accounts()]
    assert len(listed) == len(set(listed)) == 102
    for one in [made, *many]:
        accounts.delete(one)
    with given_up("no_such_kf_account"):
        accounts.update(made, name="a")
    url = accounts.link(kf, "door")
    assert "/kf/kfc" in url


def test_servicers(brand: Brand, kf: str) -> None:
    accounts, third = brand.client.kf_accounts, brand.userids[2]
    added = accounts.add_servicers(kf, users=[third, "nobody"], departments=[1])
    assert [(one.userid, one.errcode) for one in added[:2]] == [(third, 0), ("nobody", 60111)]
    assert accounts.add_servicers(kf, users=[third])[0].errmsg == "ignored"
    listed = accounts.servicers(kf)
    assert {one.userid for one in listed if one.userid} == set(brand.userids[:3])
    assert [one.department_id for one in listed if not one.userid] == [1]
    accounts.remove_servicers(kf, users=[third], departments=[1])
    assert {one.userid for one in accounts.servicers(kf)} == set(brand.userids[:2])


def test_a_session_from_entering_to_its_end(brand: Brand, kf: str) -> None:
    messages, servicer = brand.client.kf_messages, brand.userids[0]
    customer = brand.customers_of(brand.busy()[0])[0]
    assert messages.state(kf, customer).service_state == ENDED
    with given_up("kf_no_enquiry"):
        messages.send(kf, customer, HELLO)
    brand.control.kf_enter(customer, url=brand.client.kf_accounts.link(kf, "door"))
    [entered] = pulled(brand, kf, customer)
    assert (entered.msgtype, entered.body["event_type"], entered.body["scene"]) == ("event", "enter_session", "door")
    messages.send_on_event(entered.body["welcome_code"], MENU)
    with refused_with(40058):
        messages.send_on_event(entered.body["welcome_code"], MENU)
    brand.control.kf_say(kf, customer, "有龙井吗")
    assert messages.state(kf, customer).service_state == NEW
    said = pulled(brand, kf, customer)[-1]
    assert (said.origin, said.msgtype, said.body["content"]) == (3, "text", "有龙井吗")
    assert messages.send(kf, customer, HELLO, msgid="own-1") == "own-1"
    with refused_with(40058):
        messages.send(kf, customer, HELLO, msgid="own-1")
    for _ in range(4):
        messages.send(kf, customer, HELLO)
    with given_up("kf_five_messages_used"):
        messages.send(kf, customer, HELLO)
    messages.move(kf, customer, API)
    code = messages.move(kf, customer, QUEUE).msg_code
    messages.send_on_event(code, HELLO)
    with given_up("kf_state_refuses_sending"):
        messages.send(kf, customer, HELLO)
    with given_up("kf_state_move_refused"):
        messages.move(kf, customer, API)
    with given_up("not_a_kf_servicer"):
        messages.move(kf, customer, MEMBER, servicer_userid=brand.userids[5])
    messages.move(kf, customer, MEMBER, servicer_userid=servicer)
    state = messages.state(kf, customer)
    assert (state.service_state, state.servicer_userid) == (MEMBER, servicer)
    assert messages.move(kf, customer, ENDED).msg_code
    with given_up("kf_session_ended"):
        messages.move(kf, customer, API)


def test_a_session_lives_48_hours(brand: Brand, kf: str) -> None:
    customer = brand.customers_of(brand.busy()[0])[1]
    brand.control.kf_enter(customer, open_kfid=kf)
    brand.control.kf_say(kf, customer, "在吗")
    brand.control.advance(2 * DAY + 1)
    with given_up("kf_48_hours_over"):
        brand.client.kf_messages.send(kf, customer, HELLO)


def test_the_token_of_a_callback(brand: Brand, kf: str) -> None:
    customer = brand.customers_of(brand.busy()[1])[0]
    brand.control.kf_enter(customer, open_kfid=kf)
    events = brand.control.callbacks(limit=50)["newest"]
    token = next(one["fields"]["Token"] for one in events if one["event"] == "kf_msg_or_event")
    assert brand.client.kf_messages.sync(kf, token=token, voice_format=0).items
    brand.control.advance(601)
    with refused_with(95007):
        brand.client.kf_messages.sync(kf, token=token)


def test_customers(brand: Brand, kf: str) -> None:
    desk, userid = brand.client.kf_desk, brand.busy()[1]
    customer = brand.customers_of(userid)[1]
    brand.control.kf_enter(customer, url=brand.client.kf_accounts.link(kf, "window"))
    found = desk.get([customer, "wm-none"], with_entry=True)
    assert found.invalid_external_userid == ["wm-none"]
    [shown] = found.customer_list
    assert shown.enter_session_context is not None
    assert (shown.external_userid, shown.enter_session_context.scene) == (customer, "window")
    assert desk.get([customer]).customer_list[0].enter_session_context is None
    assert userid in desk.upgrade_config().member_range.userid_list
    desk.offer_member(kf, customer, userid, wording="加我好友")
    group = brand.control.group_create(userid, "群", [customer])["chat_id"]
    desk.offer_group(kf, customer, group)
    desk.cancel_offer(kf, customer)
    brand.control.settings(kf_upgrade_set_in_admin=True)
    with given_up("upgrade_service_set_in_admin"):
        desk.offer_member(kf, customer, userid)
    brand.control.settings(kf_upgrade_set_in_admin=False)
    assert desk.qualification().wechat_channels_binding is False


def test_figures(brand: Brand, kf: str) -> None:
    servicer, customer = brand.userids[1], brand.customers_of(brand.busy()[2])[0]
    today = brand.now()
    brand.control.kf_enter(customer, open_kfid=kf)
    brand.control.kf_say(kf, customer, "你好")
    brand.client.kf_messages.move(kf, customer, MEMBER, servicer_userid=servicer)
    brand.control.advance(DAY)
    desk, window = brand.client.kf_desk, {"start_time": today, "end_time": today}
    [whole] = desk.company_statistic(**window, open_kfid=kf)
    assert (whole.statistic.session_cnt, whole.statistic.customer_msg_cnt) == (1, 1)
    [one] = desk.servicer_statistic(**window, servicer_userid=servicer, open_kfid=kf)
    assert (one.statistic.session_cnt, one.statistic.upgrade_service_customer_cnt) == (1, None)
    with refused_with(40058):
        desk.company_statistic(start_time=brand.now(), end_time=brand.now())


def test_the_right(brand: Brand, kf: str) -> None:
    _, without = brand.another_app(rights=["contact"])
    with given_up("no_right"):
        list(without.kf_accounts.accounts())
    _, ungranted = brand.another_app(kf_accounts=[])
    with given_up("kf_account_not_granted"):
        ungranted.kf_accounts.link(kf)


def test_the_knowledge_base() -> None:
    wecom = Answering(
        {"group_id": "g1"}, {}, {}, {"group_list": [{"group_id": "g1", "name": "茶"}], "next_cursor": "c"},
        {"group_list": [{"group_id": "g2"}]}, {"intent_id": "i1"}, {}, {},
        {"intent_list": [{"intent_id": "i1", "question": {"text": {"content": "几点开门"}}, "answers": [{"text": {"content": "九点"}}]}]},
    )  # fmt: skip
    base = wecom.client.kf_knowledge
    assert base.add_group("茶") == "g1"
    base.rename_group("g1", "茶叶")
    base.delete_group("g1")
    assert [one.group_id for one in base.groups()] == ["g1", "g2"]
    answer = {"text": {"content": "九点"}}
    assert base.add_intent("g1", "几点开门", answers=[answer], similar=["何时营业"]) == "i1"
    base.change_intent("i1", question="几点关门")
    base.delete_intent("i1")
    [intent] = base.intents(group_id="g1")
    assert (intent.question.text.content, intent.answers[0].text.content) == ("几点开门", "九点")
    assert [path.removeprefix("kf/knowledge/") for path in wecom.paths] == [
        "add_group", "mod_group", "del_group", "list_group", "list_group",
        "add_intent", "mod_intent", "del_intent", "list_intent",
    ]  # fmt: skip
    assert wecom.bodies[5] == {
        "group_id": "g1",
        "question": {"text": {"content": "几点开门"}},
        "similar_questions": {"items": [{"text": {"content": "何时营业"}}]},
        "answers": [answer],
    }
    assert wecom.bodies[6] == {"intent_id": "i1", "question": {"text": {"content": "几点关门"}}}


def test_the_simulator_has_no_knowledge_base(brand: Brand) -> None:
    with given_up("no_right"):
        brand.client.kf_knowledge.add_group("茶")


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("msgtype", {"msgtype": "poem"}),
        ("text", {"msgtype": "text"}),
        ("text.content", {"msgtype": "text", "text": {"content": "好" * 683}}),
        ("link.thumb_media_id", {"msgtype": "link", "link": {"title": "t", "url": "https://a"}}),
        ("location.longitude", {"msgtype": "location", "location": {"latitude": 1.0}}),
        ("msgmenu.list", {"msgtype": "msgmenu", "msgmenu": {"list": [{"type": "text", "text": {"content": "a"}}] * 11}}),
        ("msgmenu.list[0].type", {"msgtype": "msgmenu", "msgmenu": {"list": [{"type": "poem"}]}}),
        ("msgmenu.list[0].view.url", {"msgtype": "msgmenu", "msgmenu": {"list": [{"type": "view", "view": {"content": "a"}}]}}),
    ],
)  # fmt: skip
def test_messages_are_checked(field: str, message: dict[str, Any]) -> None:
    assert refused_field(lambda c: c.kf_messages.send("wk", "wm", message)) == field


def test_limits() -> None:
    assert refused_field(lambda c: c.kf_accounts.add("", "m")) == "name"
    assert refused_field(lambda c: c.kf_accounts.add("名" * 17, "m")) == "name"
    assert refused_field(lambda c: c.kf_accounts.add("n", "")) == "media_id"
    assert refused_field(lambda c: c.kf_accounts.update("", name="n")) == "open_kfid"
    assert refused_field(lambda c: c.kf_accounts.delete("")) == "open_kfid"
    assert refused_field(lambda c: c.kf_accounts.link("")) == "open_kfid"
    assert refused_field(lambda c: c.kf_accounts.add_servicers("wk")) == "userid_list"
    assert refused_field(lambda c: c.kf_accounts.add_servicers("wk", users=["u"] * 101)) == "userid_list"
    assert refused_field(lambda c: c.kf_accounts.add_servicers("wk", departments=[1] * 21)) == "department_id_list"
    assert refused_field(lambda c: c.kf_accounts.remove_servicers("wk", departments=[1] * 101)) == "department_id_list"
    assert refused_field(lambda c: c.kf_accounts.servicers("")) == "open_kfid"
    assert refused_field(lambda c: c.kf_messages.state("wk", "")) == "external_userid"
    assert refused_field(lambda c: c.kf_messages.move("wk", "wm", 5)) == "service_state"
    assert refused_field(lambda c: c.kf_messages.move("wk", "wm", MEMBER)) == "servicer_userid"
    assert refused_field(lambda c: c.kf_messages.sync("")) == "open_kfid"
    assert refused_field(lambda c: c.kf_messages.sync("wk", cursor="c" * 65)) == "cursor"
    assert refused_field(lambda c: c.kf_messages.sync("wk", limit=1001)) == "limit"
    assert refused_field(lambda c: c.kf_messages.sync("wk", voice_format=2)) == "voice_format"
    assert refused_field(lambda c: c.kf_messages.send("wk", "", HELLO)) == "touser"
    assert refused_field(lambda c: c.kf_messages.send("wk", "wm", HELLO, msgid="m" * 33)) == "msgid"
    assert refused_field(lambda c: c.kf_messages.send_on_event("", HELLO)) == "code"
    image = {"msgtype": "image", "image": {"media_id": "m"}}
    assert refused_field(lambda c: c.kf_messages.send_on_event("c", image)) == "msgtype"
    assert refused_field(lambda c: c.kf_desk.get([])) == "external_userid_list"
    assert refused_field(lambda c: c.kf_desk.get(["e"] * 101)) == "external_userid_list"
    assert refused_field(lambda c: c.kf_desk.offer_member("wk", "wm", "")) == "member.userid"
    assert refused_field(lambda c: c.kf_desk.offer_group("wk", "wm", "")) == "groupchat.chat_id"
    assert refused_field(lambda c: c.kf_desk.cancel_offer("wk", "")) == "external_userid"
    long = {"start_time": NOW - 30 * DAY, "end_time": NOW}
    assert refused_field(lambda c: c.kf_desk.company_statistic(**long)) == "end_time"
    assert refused_field(lambda c: c.kf_desk.servicer_statistic(**long)) == "end_time"
    assert refused_field(lambda c: c.kf_knowledge.add_group("")) == "name"
    assert refused_field(lambda c: c.kf_knowledge.rename_group("g", "")) == "name"
    assert refused_field(lambda c: c.kf_knowledge.delete_group("")) == "group_id"
    assert refused_field(lambda c: c.kf_knowledge.add_intent("g", "q", answers=[])) == "answers"
    assert refused_field(lambda c: c.kf_knowledge.change_intent("")) == "intent_id"
    assert refused_field(lambda c: c.kf_knowledge.delete_intent("")) == "intent_id"
