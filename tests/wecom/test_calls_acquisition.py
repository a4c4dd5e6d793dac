"""Acquisition links, their customers and their quota."""

from __future__ import annotations

from calls_helpers import DAY, NOW, Brand, given_up, refused_field, refused_with

from wellspring.wecom.calls.acquisition import PriorityOption, as_scheme, with_channel


def test_a_link_from_beginning_to_end(brand: Brand) -> None:
    links = brand.client.acquisition_links
    member, another = brand.userids[:2]
    priority = PriorityOption(priority_type=2, priority_userid_list=[member])
    made = links.create("春日", users=[member], skip_verify=True, priority=priority)
    assert made.link_id in set(links.ids())
    detail = links.get(made.link_id)
    assert (detail.link.link_name, detail.link.url, detail.range.user_list) == ("春日", made.url, [member])
    assert detail.priority_option == priority
    quota = links.quota()
    url = with_channel(made.url, "夏 天")
    brand.control.acquire(url)
    customers = links.customers(made.link_id)
    assert [(one.userid, one.state, one.chat_status) for one in customers] == [(member, "夏 天", 0)]
    assert links.quota().balance == quota.balance - 1
    assert (quota.total, quota.quota_list[0].balance) == (quota.balance, quota.balance)
    figures = links.statistic(made.link_id, start_time=NOW, end_time=NOW)
    assert (figures.click_link_customer_cnt, figures.new_customer_cnt) == (1, 1)
    links.update(made.link_id, link_name="夏日", users=[another])
    changed = links.get(made.link_id)
    assert (changed.link.link_name, changed.range.user_list) == ("夏日", [another])
    links.delete(made.link_id)
    assert made.link_id not in set(links.ids())
    with refused_with(40058):
        links.get(made.link_id)


def test_what_a_customer_wrote(brand: Brand) -> None:
    links = brand.client.acquisition_links
    made = links.create("聊天", users=[brand.userids[3]])
    brand.control.acquire(made.url)
    came = next(iter(links.customers(made.link_id)))
    for text in ("你好", "在吗"):
        brand.control.chat(came.userid, came.external_userid, text)
    events = brand.control.callbacks(limit=50)["newest"]
    key = next(one["fields"]["ChatKey"] for one in events if "ChatKey" in one["fields"])
    info = links.chat_info(key)
    assert (info.userid, info.external_userid) == (came.userid, came.external_userid)
    assert (info.chat_info.link_id, info.chat_info.recv_msg_cnt) == (made.link_id, 2)
    brand.control.advance(1801)
    with refused_with(40058):
        links.chat_info(key)


def test_lists_are_paged(brand: Brand) -> None:
    links = brand.client.acquisition_links
    before = set(links.ids())
    made = {links.create(f"第 {number} 条", users=[brand.userids[0]]).link_id for number in range(101)}
    assert set(links.ids()) == before | made
    brand.control.settings(acquisition_links_max=1)
    with given_up("too_many_acquisition_links"):
        links.create("再一条", users=[brand.userids[0]])
    brand.control.settings(acquisition_links_max=0)


def test_the_system_secret_may_not(brand: Brand) -> None:
    _, system = brand.another_app(kind="contact_secret")
    with given_up("no_right"):
        system.acquisition_links.quota()


def test_addresses_for_customers() -> None:
    url = "https://work.weixin.qq.com/ca/cawcde1"
    assert with_channel(url, "a&b") == f"{url}?customer_channel=a%26b"
    assert with_channel(f"{url}?x=1", "a") == f"{url}?x=1&customer_channel=a"
    assert as_scheme(with_channel(url, "a")) == (
        "weixin://biz/ww/profile/https%3A%2F%2Fwork.weixin.qq.com%2Fca%2Fcawcde1%3Fcustomer_channel%3Da"
    )


def test_limits() -> None:
    two = PriorityOption(priority_type=2)
    assert refused_field(lambda _: with_channel("u", "夏" * 22)) == "customer_channel"
    assert refused_field(lambda c: c.acquisition_links.get("")) == "link_id"
    assert refused_field(lambda c: c.acquisition_links.create("", users=["a"])) == "link_name"
    assert refused_field(lambda c: c.acquisition_links.create("n")) == "range"
    assert refused_field(lambda c: c.acquisition_links.create("n", users=["a"] * 501)) == "range.user_list"
    assert (
        refused_field(lambda c: c.acquisition_links.create("n", users=["a"], priority=two))
        == "priority_option.priority_userid_list"
    )
    three = PriorityOption(priority_type=3)
    assert (
        refused_field(lambda c: c.acquisition_links.create("n", users=["a"], priority=three))
        == "priority_option.priority_type"
    )
    assert refused_field(lambda c: c.acquisition_links.update("", link_name="n")) == "link_id"
    assert refused_field(lambda c: c.acquisition_links.update("l", users=[])) == "range"
    assert refused_field(lambda c: c.acquisition_links.delete("")) == "link_id"
    assert refused_field(lambda c: c.acquisition_links.customers("")) == "link_id"
    window = {"start_time": NOW - 30 * DAY, "end_time": NOW}
    assert refused_field(lambda c: c.acquisition_links.statistic("l", **window)) == "end_time"
    assert refused_field(lambda c: c.acquisition_links.chat_info("")) == "chat_key"
