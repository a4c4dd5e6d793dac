"""Tokens, envelope, call frequency, rights."""

import re
from typing import Any

from sim_helpers import Wire

from wecom_sim.testing import Control


def ask(wire: Wire, **params: str) -> dict[str, Any]:
    return wire.raw("GET", "gettoken", params=params)


def test_same_token_while_valid_and_another_after_expiry(control: Control, wire: Wire) -> None:
    control.freeze()
    first = wire.token
    control.advance(7000)
    assert wire.new_token() == first
    control.advance(201)
    assert wire.get("department/list")["errcode"] == 42001
    assert wire.new_token() != first
    assert wire.get("department/list")["errcode"] == 0


def test_a_revoked_token_is_refused_and_replaced(control: Control, wire: Wire) -> None:
    first = wire.token
    assert control.post("tokens/revoke")["revoked"] == 1
    assert wire.get("department/list")["errcode"] == 40014
    assert wire.new_token() != first


def test_refusals_of_gettoken(control: Control, wire: Wire) -> None:
    company = control.company()
    corpid, secret = company["corpid"], company["secret"]
    assert ask(wire, corpsecret=secret)["errcode"] == 41002
    assert ask(wire, corpid=corpid)["errcode"] == 41004
    assert ask(wire, corpid="wwother", corpsecret=secret)["errcode"] == 40013
    assert ask(wire, corpid=corpid, corpsecret="nonsense")["errcode"] == 40001


def test_wrong_secrets_ban_the_address_for_an_hour(control: Control, wire: Wire) -> None:
    control.settings(wrong_secrets_per_hour=3)
    company = control.company()
    for _ in range(4):
        last = ask(wire, corpid=company["corpid"], corpsecret="nonsense")
    assert last["errcode"] == 45009
    assert ask(wire, corpid=company["corpid"], corpsecret=company["secret"])["errcode"] == 45009
    control.advance(3601)
    assert ask(wire, corpid=company["corpid"], corpsecret=company["secret"])["errcode"] == 0


def test_token_only_in_the_query(wire: Wire) -> None:
    answer = wire.raw("POST", "externalcontact/get_corp_tag_list", json={"access_token": wire.token})
    assert answer["errcode"] == 41001


def test_error_text_has_the_tail(wire: Wire) -> None:
    text = wire.get("user/get", userid="nobody")["errmsg"]
    assert re.fullmatch(
        r"userid not found, hint: \[\d+_\d+_[0-9a-f]{32}\], from ip: 127\.0\.0\.1, "
        r"more info at https://open\.work\.weixin\.qq\.com/devtool/query\?e=60111",
        text,
    )


def test_wrong_method_and_wrong_json(wire: Wire) -> None:
    token = {"access_token": wire.token}
    assert wire.raw("GET", "externalcontact/mark_tag", params=token)["errcode"] == 40058
    assert wire.raw("POST", "department/list", params=token)["errcode"] == 40058
    for body in (b"{broken", b"[1]", b'{"userid_list": "staff001"}'):
        answer = wire.raw("POST", "externalcontact/batch/get_by_user", params=token, content=body)
        assert answer["errcode"] in (40058, 40063)
        assert "Warning: wrong json format. " in answer["errmsg"]


def test_unknown_path_is_refused_by_name(wire: Wire) -> None:
    answer = wire.post("kf/account/nothing")
    assert answer["errcode"] == 48002
    assert "/cgi-bin/kf/account/nothing" in answer["errmsg"]


def test_calls_past_the_limit_are_blocked_for_a_minute(control: Control, wire: Wire) -> None:
    control.settings(calls_per_minute_corp=3)
    assert [wire.get("department/list")["errcode"] for _ in range(5)] == [0, 0, 0, 45009, 45009]
    assert wire.get("user/get", userid="staff001")["errcode"] == 0  # one bucket a path
    control.advance(61)
    assert wire.get("department/list")["errcode"] == 0


def test_a_frozen_clock_does_not_trap_the_caller(control: Control, wire: Wire) -> None:
    control.freeze()
    control.settings(calls_per_minute_corp=2, block_minute_seconds=0)
    assert [wire.get("department/list")["errcode"] for _ in range(3)] == [0, 0, 45009]
    assert wire.get("department/list")["errcode"] == 0


def test_debug_mode_is_five_calls_a_minute(wire: Wire) -> None:
    codes = [wire.get("department/list", debug=1)["errcode"] for _ in range(6)]
    assert codes == [0] * 5 + [45009]


def test_trusted_addresses(control: Control, wire: Wire) -> None:
    control.settings(trusted_ips=["10.0.0.1"])
    assert wire.get("department/list")["errcode"] == 0  # a list counts about a minute after it was saved
    control.advance(61)
    assert wire.get("department/list")["errcode"] == 60020
    control.settings(trusted_ips=["10.0.0.1", "127.0.0.1"])
    control.advance(30)
    control.settings(trusted_ips=["127.0.0.1"])
    control.advance(31)
    assert wire.get("department/list")["errcode"] == 60020  # saving again begins the minute anew
    control.advance(30)
    assert wire.get("department/list")["errcode"] == 0
    control.settings(trusted_ips=["10.0.0.1"], trusted_ip_seconds=0)
    assert wire.get("department/list")["errcode"] == 60020


def test_an_app_sees_its_range_and_uses_its_rights(control: Control, wire: Wire) -> None:
    store = next(one for one in control.get("departments") if one["name"] == "上海武康店")
    narrow = control.post("apps", {"name": "武康", "departments": [store["id"]]})
    dumb = control.post("apps", {"name": "无客户联系", "rights": ["directory"]})
    corpid = control.company()["corpid"]
    wire.token = ask(wire, corpid=corpid, corpsecret=narrow["secret"])["access_token"]
    assert [one["id"] for one in wire.get("department/list")["department"]] == [store["id"]]
    assert wire.get("externalcontact/get_follow_user_list")["follow_user"] == [f"staff00{n}" for n in (6, 7, 8, 9)]
    assert wire.get("user/get", userid="staff001")["errcode"] == 60011
    assert wire.get("department/get", id=1)["errcode"] == 60011
    wire.token = ask(wire, corpid=corpid, corpsecret=dumb["secret"])["access_token"]
    assert wire.get("externalcontact/get_follow_user_list")["errcode"] == 48002
