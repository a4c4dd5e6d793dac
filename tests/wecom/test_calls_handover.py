"""Customers and groups that go from one member to another."""

from __future__ import annotations

import pytest
from calls_helpers import DAY, Brand, given_up, refused_field

from wellspring.wecom.calls.handover import DONE, REFUSED, WAITING


def test_on_the_job(brand: Brand) -> None:
    old, new = brand.busy()[:2]
    first, second = brand.customers_of(old)[:2]
    pair = {"handover_userid": old, "takeover_userid": new}
    asked = brand.client.handover.on_job([first, second, "wm-none"], **pair, transfer_success_msg="换人了")
    assert [one.errcode for one in asked] == [0, 0, 40096]
    again = brand.client.handover.on_job([first], **pair)
    assert [one.errcode for one in again] == [40129], "a repeat begins nothing a second time"
    waiting = list(brand.client.handover.on_job_results(**pair))
    assert {one.status for one in waiting} == {WAITING}
    assert all(one.takeover_time > brand.now() for one in waiting)
    brand.control.transfer_refuse(second, old)
    brand.control.advance(DAY + 1)
    results = {one.external_userid: one.status for one in brand.client.handover.on_job_results(**pair)}
    assert results == {first: DONE, second: REFUSED}
    assert first in brand.customers_of(new)


def test_pages_of_results_are_followed(brand: Brand) -> None:
    old, new = brand.busy()[2:4]
    pair = {"handover_userid": old, "takeover_userid": new}
    brand.client.handover.on_job(brand.customers_of(old)[:3], **pair)
    brand.control.settings(transfer_result_page=1)
    assert len(list(brand.client.handover.on_job_results(**pair))) == 3
    brand.control.settings(transfer_result_page=1000)


def test_after_a_member_has_left(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = brand.busy()[-1], brand.busy()[0]
    customers = brand.customers_of(old)
    pair = {"handover_userid": old, "takeover_userid": new}
    with given_up("user_has_not_left"):
        brand.client.handover.resigned(customers[:1], **pair)
    group = brand.control.group_create(old, "旧群", customers[:1])["chat_id"]
    assert brand.client.handover.groups_resigned([group], new_owner=new)[0].errcode == 90500
    brand.control.resign(old)
    left = list(brand.client.handover.unassigned())
    assert {one.external_userid for one in left} == set(customers)
    assert {one.handover_userid for one in left} == {old}
    monkeypatch.setattr("wellspring.wecom.calls.handover.UNASSIGNED_LIMIT", 1)
    assert list(brand.client.handover.unassigned()) == left
    asked = brand.client.handover.resigned(customers, **pair)
    assert {one.errcode for one in asked} == {0}
    assert list(brand.client.handover.unassigned()) == []
    assert {one.status for one in brand.client.handover.resigned_results(**pair)} == {WAITING}
    brand.control.advance(DAY + 1)
    results = {one.status for one in brand.client.handover.resigned_results(**pair)}
    assert DONE in results
    assert WAITING not in results
    assert brand.client.handover.groups_on_job([group], new_owner=new)[0].errcode == 90502
    assert brand.client.handover.groups_resigned([group], new_owner=new) == []
    brand.control.advance(3)
    assert brand.client.groups.get(group).owner == new


def test_groups_on_the_job(brand: Brand) -> None:
    old, new = brand.busy()[:2]
    group = brand.control.group_create(old, "群", brand.customers_of(old)[:1])["chat_id"]
    assert brand.client.handover.groups_on_job([group], new_owner=new) == []
    repeated = brand.client.handover.groups_on_job([group, "wr-none"], new_owner=new)
    assert [one.errcode for one in repeated] == [90504, 90501]
    with given_up("user_left"):
        brand.client.handover.groups_on_job([group], new_owner="nobody")


def test_limits() -> None:
    pair = {"handover_userid": "a", "takeover_userid": "b"}
    assert refused_field(lambda c: c.handover.on_job([], **pair)) == "external_userid"
    assert refused_field(lambda c: c.handover.on_job(["e"] * 101, **pair)) == "external_userid"
    assert (
        refused_field(lambda c: c.handover.on_job(["e"], handover_userid="", takeover_userid="b")) == "handover_userid"
    )
    assert (
        refused_field(lambda c: c.handover.resigned(["e"], handover_userid="a", takeover_userid=""))
        == "takeover_userid"
    )
    long = "长" * 201
    assert (
        refused_field(lambda c: c.handover.on_job(["e"], **pair, transfer_success_msg=long)) == "transfer_success_msg"
    )
    assert (
        refused_field(lambda c: c.handover.on_job_results(handover_userid="", takeover_userid="b")) == "handover_userid"
    )
    assert (
        refused_field(lambda c: c.handover.resigned_results(handover_userid="a", takeover_userid=""))
        == "takeover_userid"
    )
    assert refused_field(lambda c: c.handover.groups_on_job([], new_owner="a")) == "chat_id_list"
    assert refused_field(lambda c: c.handover.groups_on_job(["w"] * 101, new_owner="a")) == "chat_id_list"
    assert refused_field(lambda c: c.handover.groups_resigned(["w"], new_owner="")) == "new_owner"
