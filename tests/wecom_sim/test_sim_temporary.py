"""Temporary contact ways and their sessions."""

import pytest
from sim_helpers import Wire

from wecom_sim.testing import Control, ControlError

WAY = {"type": 1, "scene": 2, "user": ["staff006"], "is_temp": True}
CLOSING = {"text": {"content": "早日康复"}}


def test_a_session_ends_with_its_conclusions(control: Control, wire: Wire) -> None:
    control.freeze()
    assert wire.contact("add_contact_way", **WAY)["errcode"] == 48002
    control.settings(temporary_sessions=True)
    made = wire.ok("add_contact_way", **WAY, conclusions=CLOSING, unionid="oU1", chat_expires_in=3600)["config_id"]
    shown = wire.ok("get_contact_way", config_id=made)["contact_way"]
    assert (shown["is_temp"], shown["expires_in"], shown["conclusions"]) == (True, 7 * 86400, CLOSING)
    assert wire.ok("list_contact_way")["contact_way"] == []
    with pytest.raises(ControlError, match="another customer"):
        control.scan(made)
    person = control.scan(made, customer={"name": "周宁", "unionid": "oU1"})["external_userid"]
    with pytest.raises(ControlError, match="expired"):
        control.scan(made, person)
    assert wire.contact("update_contact_way", config_id=made, remark="x")["errcode"] == 41044
    control.advance(3601)
    relation = control.customer(person)["relations"][0]
    assert relation["status"] == "both_deleted"
    assert relation["chat"][-1]["part"]["text"] == CLOSING["text"]
    assert wire.contact("close_temp_chat", userid="staff006", external_userid=person)["errcode"] == 84061


def test_closing_early_and_limits(control: Control, wire: Wire) -> None:
    control.settings(temporary_sessions=True, temp_ways_per_day=1)
    assert wire.contact("add_contact_way", **{**WAY, "type": 2})["errcode"] == 40058
    assert wire.contact("add_contact_way", **WAY, expires_in=15 * 86400)["errcode"] == 40058
    assert wire.contact("add_contact_way", **WAY, conclusions={"text": {}})["errcode"] == 41089
    made = wire.ok("add_contact_way", **WAY)["config_id"]
    assert wire.contact("add_contact_way", **WAY)["errcode"] == 45009
    person = control.scan(made)["external_userid"]
    wire.ok("close_temp_chat", userid="staff006", external_userid=person)
    assert control.customer(person)["relations"][0]["status"] == "both_deleted"
    friend = control.scan(wire.live_code("staff006"))["external_userid"]
    assert wire.contact("close_temp_chat", userid="staff006", external_userid=friend)["errcode"] == 40058
