"""Acquisition links: their customers, quota, statistics and events."""

from typing import Any

import httpx
import pytest
from sim_helpers import Wire

from wecom_sim.testing import Control, ControlError, SimulatorServer


def make(wire: Wire, *users: str, **more: Any) -> dict[str, Any]:
    wish = {"link_name": "公众号", "range": {"user_list": list(users)}}
    link: dict[str, Any] = wire.ok("customer_acquisition/create_link", **(wish | more))["link"]
    return link


def events(control: Control) -> list[tuple[str, dict[str, Any]]]:
    rows = [one for one in control.callbacks()["newest"][::-1] if one["event"] == "customer_acquisition"]
    return [(one["fields"].pop("ChangeType"), one["fields"]) for one in rows]


def test_a_link_is_made_read_changed_and_deleted(control: Control, wire: Wire) -> None:
    link = make(wire, "staff006", skip_verify=False, priority_option={"priority_type": 1})
    assert link["link_id"].startswith("ca")
    read = wire.ok("customer_acquisition/get", link_id=link["link_id"])
    assert read["link"]["skip_verify"] is False
    assert read["range"] == {"user_list": ["staff006"], "department_list": []}
    assert read["priority_option"]["priority_type"] == 1
    wire.ok("customer_acquisition/update_link", link_id=link["link_id"], range={"department_list": [1]}, link_name="新")
    read = wire.ok("customer_acquisition/get", link_id=link["link_id"])
    assert (read["link"]["link_name"], read["range"]["user_list"]) == ("新", [])
    other = make(wire, "staff007")
    page = wire.ok("customer_acquisition/list_link", limit=1)
    assert page["link_id_list"] == [link["link_id"]]
    rest = wire.ok("customer_acquisition/list_link", limit=1, cursor=page["next_cursor"])
    assert (rest["link_id_list"], rest["next_cursor"]) == ([other["link_id"]], "")
    wire.ok("customer_acquisition/delete_link", link_id=other["link_id"])
    assert wire.contact("customer_acquisition/get", link_id=other["link_id"])["errcode"] == 40058
    assert events(control) == [("delete_link", {"LinkId": other["link_id"]})]


def test_refusals(control: Control, wire: Wire) -> None:
    refused: list[tuple[dict[str, Any], int]] = [
        ({"link_name": ""}, 40063),
        ({"range": {}}, 40063),
        ({"range": {"user_list": ["nobody"]}}, 60111),
        ({"range": {"user_list": ["staff013"]}}, 41054),
        ({"range": {"department_list": [999]}}, 60003),
        ({"priority_option": {"priority_type": 2}}, 40063),
        ({"priority_option": {"priority_type": 7}}, 40058),
    ]
    for wish, code in refused:
        body = {"link_name": "名", "range": {"user_list": ["staff006"]}} | wish
        assert wire.contact("customer_acquisition/create_link", **body)["errcode"] == code, wish
    control.settings(acquisition_links_max=1, acquisition_members_max=3)
    body = {"link_name": "名", "range": {"department_list": [1]}}
    assert wire.contact("customer_acquisition/create_link", **body)["errcode"] == 40058
    make(wire, "staff006")
    assert wire.contact("customer_acquisition/create_link", **body)["errcode"] == 41095
    system = control.post("apps", {"name": "客户联系", "kind": "contact_secret"})
    params = {"corpid": control.company()["corpid"], "corpsecret": system["secret"]}
    wire.token = wire.raw("GET", "gettoken", params=params)["access_token"]
    assert wire.contact("customer_acquisition/list_link")["errcode"] == 48002


def test_a_customer_comes_by_a_link(control: Control, wire: Wire) -> None:
    control.freeze()
    link = make(wire, "staff006")
    come = control.acquire(link["url"] + "?customer_channel=" + "渠" * 22)
    assert come["status"] == "friend"
    assert come["welcome_code"]
    shown = wire.get("externalcontact/get", external_userid=come["external_userid"])["follow_user"][0]
    assert (shown["add_way"], shown["state"]) == (16, "渠" * 21)  # 64 bytes, cut between characters
    quota = wire.get("externalcontact/customer_acquisition_quota")
    assert (quota["total"], quota["balance"], quota["quota_list"][0]["balance"]) == (1000, 999, 999)
    (row,) = wire.ok("customer_acquisition/customer", link_id=link["link_id"])["customer_list"]
    assert row["chat_status"] == 0
    known = next(one for one in control.export() if one["userid"] == "staff001" and one["on_api"])["external_userid"]
    control.acquire(link["url"], known)
    assert wire.get("externalcontact/customer_acquisition_quota")["balance"] == 999  # not new to the company
    now = int(control.clock()["now"])
    counts = wire.ok("customer_acquisition/statistic", link_id=link["link_id"], start_time=now, end_time=now)
    assert (counts["click_link_customer_cnt"], counts["new_customer_cnt"]) == (2, 1)
    for start, end in ((now - 31 * 86400, now), (now - 200 * 86400, now - 190 * 86400), (now, now - 2 * 86400)):
        wish = {"link_id": link["link_id"], "start_time": start, "end_time": end}
        assert wire.contact("customer_acquisition/statistic", **wish)["errcode"] == 40058
    assert control.acquire(link["url"], known)["already"]


def test_a_link_that_asks_the_member(control: Control, wire: Wire) -> None:
    link = make(wire, "staff006", skip_verify=False)
    come = control.acquire(link["url"], channel="海报")
    assert come["status"] == "requested"
    assert events(control) == [("friend_request", {"LinkId": link["link_id"], "State": "海报"})]
    assert wire.ok("customer_acquisition/customer", link_id=link["link_id"])["customer_list"] == []
    assert wire.get("externalcontact/customer_acquisition_quota")["balance"] == 1000
    control.staff_accept("staff006", come["external_userid"])
    assert wire.get("externalcontact/customer_acquisition_quota")["balance"] == 999
    assert len(wire.ok("customer_acquisition/customer", link_id=link["link_id"])["customer_list"]) == 1


def test_priority_goes_to_a_friend(control: Control, wire: Wire) -> None:
    known = next(one for one in control.export() if one["userid"] == "staff001" and one["status"] == "friend")
    near = make(wire, "staff006", priority_option={"priority_type": 1})
    assert control.acquire(near["url"], known["external_userid"])["already"]
    listed = make(wire, "staff006", priority_option={"priority_type": 2, "priority_userid_list": ["staff002"]})
    assert control.acquire(listed["url"], known["external_userid"])["userid"] in ("staff002", "staff006")


def test_pages_stand_still_while_links_are_deleted(control: Control, wire: Wire) -> None:
    made = [make(wire, "staff006")["link_id"] for _ in range(4)]
    first = wire.ok("customer_acquisition/list_link", limit=2)
    wire.ok("customer_acquisition/delete_link", link_id=made[0])
    rest = wire.ok("customer_acquisition/list_link", limit=2, cursor=first["next_cursor"])
    assert first["link_id_list"] + rest["link_id_list"] == made
    assert rest["next_cursor"] == ""


def test_first_and_later_messages(control: Control, wire: Wire) -> None:
    control.freeze()
    link = make(wire, "staff006")
    person = control.acquire(link["url"], channel="c")["external_userid"]
    for text in ("在吗", "多少钱"):
        control.chat("staff006", person, text)
    control.chat("staff006", person, "您好", sender="staff")
    (first, started), (second, later) = events(control)
    ids = {"UserID": "staff006", "ExternalUserID": person, "LinkId": link["link_id"]}
    assert (first, started) == ("customer_start_chat", {**ids, "State": "c"})
    assert (second, later["ChatSeq"]) == ("message_from_customer", 2)
    info = wire.ok("customer_acquisition/get_chat_info", chat_key=later["ChatKey"])
    assert info["chat_info"] == {"recv_msg_cnt": 2, "link_id": link["link_id"], "state": "c"}
    assert (info["userid"], info["external_userid"]) == ("staff006", person)
    (row,) = wire.ok("customer_acquisition/customer", link_id=link["link_id"])["customer_list"]
    assert row["chat_status"] == 1
    control.advance(1801)
    assert wire.contact("customer_acquisition/get_chat_info", chat_key=later["ChatKey"])["errcode"] == 40058
    control.settings(acquisition_start_chat_link=False)
    person = control.acquire(link["url"], channel="c")["external_userid"]
    control.chat("staff006", person, "在吗")
    assert events(control)[-1] == ("customer_start_chat", {"UserID": "staff006", "ExternalUserID": person})


def test_quota_runs_low_out_and_is_bought(control: Control, wire: Wire) -> None:
    control.freeze()
    control.settings(acquisition_quota_initial=3, acquisition_low_balance=3)
    link = make(wire, "staff006")
    for _ in range(3):
        control.acquire(link["url"])
    with pytest.raises(ControlError, match="quota"):
        control.acquire(link["url"])
    control.acquisition_quota(5, days=10)
    kinds = [kind for kind, _ in events(control)]
    assert kinds == ["balance_low", "balance_exhausted", "balance_increased"]
    assert wire.get("externalcontact/customer_acquisition_quota")["total"] == 8


def test_quota_ends(control: Control, wire: Wire) -> None:
    control.freeze()
    control.settings(acquisition_quota_initial=100)
    began = control.clock()["now"]
    assert wire.get("externalcontact/customer_acquisition_quota")["balance"] == 100
    control.acquisition_quota(5, days=8)
    control.advance(9 * 86400)
    wire.new_token()
    assert [kind for kind, _ in events(control)] == ["quota_expire_soon"] * 4
    assert events(control)[0][1] == {"ExpireTime": int(began + 8 * 86400), "ExpireQuotaNum": 5}
    assert wire.get("externalcontact/customer_acquisition_quota")["balance"] == 100


def test_a_link_goes_out_of_service_and_its_page(server: SimulatorServer, control: Control, wire: Wire) -> None:
    link = make(wire, "staff006")
    with httpx.Client(base_url=server.base_url, trust_env=False) as browser:
        assert 'data-userid="new"' in browser.get(link["url"] + "?customer_channel=x").text
        page = browser.get(link["url"], params={"lang": "en"}).text
        assert "New customer" in page
        assert "新客户" not in page
        assert 'id="added"' in browser.get(link["url"], params={"customer_channel": "x", "as": "new"}).text
        (row,) = wire.ok("customer_acquisition/customer", link_id=link["link_id"])["customer_list"]
        assert row["state"] == "x"
        control.link_unavailable(link["link_id"])
        assert events(control) == [("link_unavailable", {"LinkId": link["link_id"]})]
        assert browser.get(link["url"]).status_code == 404
    with pytest.raises(ControlError, match="nowhere"):
        control.acquire(link["url"])
