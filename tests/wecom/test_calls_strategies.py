"""Strategies and their tags, which only the system secret of customer contact may call."""

from __future__ import annotations

import pytest
from calls_helpers import Brand, given_up, refused_field, refused_with

from wellspring.wecom.calls.strategies import RangeItem, departments, members
from wellspring.wecom.client import WecomClient


@pytest.fixture(scope="module")
def system(brand: Brand) -> WecomClient:
    return brand.another_app(kind="contact_secret")[1]


@pytest.mark.parametrize(
    ("noun", "flag"), [("customer_strategies", "view_customer_list"), ("moment_strategies", "send_moment")]
)
def test_a_strategy_from_beginning_to_end(brand: Brand, system: WecomClient, noun: str, flag: str) -> None:
    strategies = getattr(system, noun)
    first, second = brand.userids[:2]
    department = brand.client.directory.departments()[-1].id
    made = strategies.create(
        "华东", admins=[first], range=[*members(first), *departments(department)], privilege={flag: True}
    )
    assert made in set(strategies.ids())
    kept = strategies.get(made)
    assert (kept.strategy_name, kept.admin_list, kept.privilege[flag]) == ("华东", [first], True)
    assert set(strategies.range_of(made)) == {*members(first), *departments(department)}
    child = strategies.create("上海", admins=[first], range=members(first), parent_id=made)
    assert strategies.get(child).parent_id == made
    strategies.edit(made, strategy_name="华南", range_add=members(second), range_del=departments(department))
    assert strategies.get(made).strategy_name == "华南"
    assert set(strategies.range_of(made)) == {*members(first, second)}
    strategies.delete(child)
    assert child not in set(strategies.ids())
    with refused_with(40058):
        strategies.get(child)
    with given_up("no_right"):
        list(getattr(brand.client, noun).ids())


def test_strategy_tags(brand: Brand, system: WecomClient) -> None:
    strategy = system.customer_strategies.create("西区", admins=[brand.userids[0]], range=members(brand.userids[0]))
    tags = system.strategy_tags
    group = tags.add(strategy, ["老茶客", "新茶客"], group_name="茶龄")
    assert [one.name for one in group.tag] == ["老茶客", "新茶客"]
    more = tags.add(strategy, ["学徒"], group_id=group.group_id)
    assert more.group_id == group.group_id
    [listed] = tags.groups(strategy_id=strategy)
    assert {one.name for one in listed.tag} == {"老茶客", "新茶客", "学徒"}
    assert tags.groups(tag_ids=[group.tag[0].id])[0].tag == [group.tag[0]]
    tags.edit(group.tag[0].id, name="资深", order=5)
    assert "资深" in {one.name for one in tags.groups(group_ids=[group.group_id])[0].tag}
    tags.delete(tag_ids=[more.tag[0].id])
    tags.delete(group_ids=[group.group_id])
    assert tags.groups(strategy_id=strategy) == []
    with given_up("no_right"):
        brand.client.strategy_tags.groups()


def test_limits() -> None:
    assert refused_field(lambda c: c.customer_strategies.get(0)) == "strategy_id"
    assert refused_field(lambda c: c.customer_strategies.range_of(0)) == "strategy_id"
    assert (
        refused_field(lambda c: c.customer_strategies.create("", admins=["a"], range=members("a"))) == "strategy_name"
    )
    assert refused_field(lambda c: c.customer_strategies.create("n", admins=[], range=members("a"))) == "admin_list"
    assert refused_field(lambda c: c.customer_strategies.create("n", admins=["a"], range=[])) == "range"
    wrong = [RangeItem(type=2, userid="a")]
    assert refused_field(lambda c: c.moment_strategies.create("n", admins=["a"], range=wrong)) == "range[0]"
    assert refused_field(lambda c: c.moment_strategies.edit(1, range_add=wrong)) == "range_add[0]"
    assert refused_field(lambda c: c.moment_strategies.delete(0)) == "strategy_id"
    assert refused_field(lambda c: c.strategy_tags.add(0, ["t"], group_name="g")) == "strategy_id"
    assert refused_field(lambda c: c.strategy_tags.add(1, [], group_name="g")) == "tag"
    assert refused_field(lambda c: c.strategy_tags.add(1, ["t"])) == "group_name"
    assert refused_field(lambda c: c.strategy_tags.add(1, ["标" * 31], group_name="g")) == "tag.name"
    assert refused_field(lambda c: c.strategy_tags.edit("", name="n")) == "id"
    assert refused_field(lambda c: c.strategy_tags.edit("t", order=-1)) == "order"
    assert refused_field(lambda c: c.strategy_tags.delete()) == "tag_id"
