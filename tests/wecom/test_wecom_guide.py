"""Connecting a company step by step over HTTP: each step's state comes from what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from wecom_helpers import AES_KEY, TOKEN

from simulated_brand import ApiServer
from wecom_sim.testing import Control, ControlError, SimulatorServer
from wellspring.platform.runtime import Platform
from wellspring.wecom.errors import GiveUp, error_for
from wellspring.wecom.guide import is_public_host

Client = Callable[..., TestClient]
COMPANY, GUIDE = "/api/v1/wecom/company", "/api/v1/wecom/guide"


def save(api: TestClient, **change: Any) -> Any:
    answer = api.patch(COMPANY, json=change)
    assert answer.status_code == 200, answer.text
    return answer.json()


def states(guide: Any) -> dict[str, str]:
    return {step["name"]: step["state"] for step in guide["steps"]}


def step(api: TestClient, name: str) -> Any:
    return next(one for one in api.get(GUIDE).json()["steps"] if one["name"] == name)


def test_a_company_is_connected_step_by_step(
    platform: Platform,
    sim: Control,
    sim_server: SimulatorServer,
    app_client: Client,
    run_jobs: Callable[[], None],
) -> None:
    api = app_client()
    theirs = sim.company()
    before = api.get(GUIDE).json()
    assert set(states(before).values()) == {"todo"}
    assert list(api.patch(COMPANY, json={"secret": "x"}).json()["error"]["fields"]) == ["corp_id"]

    guide = save(api, corp_id=theirs["corpid"], name=theirs["name"], base_url=sim_server.base_url)
    assert {name for name, state in states(guide).items() if state == "done"} == {"company"}
    assert guide["connection"]["connected"] is False
    assert api.get("/api/v1/wecom/status").json()["connected"] is False
    assert api.post("/api/v1/wecom/sync").json()["error"]["code"] == "wecom_not_connected"

    save(api, agent_id=theirs["agentid"], secret=theirs["secret"])
    assert (step(api, "app")["state"], step(api, "app")["reason"]) == ("todo", "not_tried")
    assert api.post(f"{COMPANY}/test").json()["works"] is True
    assert {name: state for name, state in states(api.get(GUIDE).json()).items() if state != "done"} == {
        "callback": "todo",
        "domain": "todo",
        "sync": "todo",
    }

    save(api, token=TOKEN, aes_key=AES_KEY)
    assert step(api, "callback")["reason"] == "not_verified"
    with ApiServer(platform) as served:
        url = f"{served.base_url}/callback/wecom"
        with pytest.raises(ControlError):
            sim.set_callback(url, token="another", aes_key=AES_KEY)
        failed = step(api, "callback")
        assert (failed["state"], failed["reason"]) == ("failed", "bad_signature")
        sim.set_callback(url, token=TOKEN, aes_key=AES_KEY)
        assert step(api, "callback")["state"] == "done"
        assert api.get(COMPANY).json()["callback_verified_at"] is not None
        sim.set_callback("")
    assert save(api, name="半山集")["connection"]["callback_verified_at"] is not None
    assert save(api, token="other")["connection"]["callback_verified_at"] is None

    api.post("/api/v1/wecom/sync").raise_for_status()
    run_jobs()
    assert step(api, "sync")["state"] == "done"
    text = api.get(GUIDE).text + api.get("/api/v1/audit").text
    for secret in (theirs["secret"], AES_KEY):
        assert secret not in text


def test_a_stray_visit_is_no_failed_verification(connected: Platform, app_client: Client) -> None:
    api = app_client()
    api.get("/callback/wecom")
    api.get("/callback/wecom", params={"echostr": "x"})
    assert step(api, "callback")["state"] == "todo"


def test_our_address_is_shown_as_wecom_saw_it(connected: Platform, sim: Control, app_client: Client) -> None:
    api = app_client()
    sim.settings(trusted_ips=["203.0.113.9"], trusted_ip_seconds=0)
    told = api.post(f"{COMPANY}/test").json()["checks"]
    assert [(check["name"], check["reason"], check["caller_ip"]) for check in told] == [
        ("token", "ip_not_trusted", "127.0.0.1")
    ]
    address = step(api, "address")
    assert (address["state"], address["detail"]) == ("failed", "127.0.0.1")
    assert step(api, "app")["state"] == "done"
    sim.settings(trusted_ips=[])
    assert api.post(f"{COMPANY}/test").json()["works"] is True
    assert step(api, "address")["state"] == "done"


def test_a_refusal_in_ordinary_work_is_seen_too(connected: Platform, sim: Control, app_client: Client) -> None:
    from wellspring.wecom.facade import get_client

    sim.settings(trusted_ips=["203.0.113.9"], trusted_ip_seconds=0)
    with pytest.raises(GiveUp):
        get_client(connected).directory.departments()
    assert step(app_client(), "address")["detail"] == "127.0.0.1"
    sim.settings(trusted_ips=[])


@pytest.mark.parametrize(
    ("errmsg", "address"),
    [
        ("not allow to access from your ip, hint: [1_2_3], from ip: 198.51.100.7, more info at https://x", "198.51.100.7"),
        ("not allow, from ip: 2001:db8::7, more info", "2001:db8::7"),
        ("not allow, from ip:198.51.100.7", "198.51.100.7"),
        ("not allow to access from your ip", ""),
        ("from ip: <script>", ""),
    ],
)  # fmt: skip
def test_the_address_in_an_error_text(errmsg: str, address: str) -> None:
    error = error_for(60020, errmsg, "gettoken")
    assert isinstance(error, GiveUp)
    assert (error.reason, error.caller_ip) == ("ip_not_trusted", address)


def test_what_fails_first_is_the_step_to_mend(
    connected: Platform, sim: Control, app_client: Client, sim_server: SimulatorServer
) -> None:
    api = app_client()
    save(api, secret="wrong")
    api.post(f"{COMPANY}/test")
    assert (step(api, "app")["state"], step(api, "app")["reason"]) == ("failed", "wrong_secret")
    save(api, corp_id="ww0000000000000000")
    api.post(f"{COMPANY}/test")
    assert step(api, "company")["state"] == "failed"
    theirs = sim.company()
    save(api, corp_id=theirs["corpid"], secret=theirs["secret"], base_url="http://127.0.0.1:1")
    api.post(f"{COMPANY}/test")
    # The address of the API is entered in the first step, so that is where it says what is wrong.
    assert (step(api, "company")["state"], step(api, "company")["reason"]) == ("failed", "unreachable")
    assert step(api, "app")["state"] == "todo"
    save(api, base_url=sim_server.base_url)
    sim.faults({"kind": "errcode", "path": "*list_contact_way", "rate": 1.0, "code": 48002})
    lacking = api.post(f"{COMPANY}/test").json()
    assert [feature["name"] for feature in lacking["features"] if feature["missing"]] == ["live_codes"]
    assert step(api, "rights")["state"] == "failed"


def test_the_trusted_domain(connected: Platform, app_client: Client) -> None:
    api = app_client()
    assert step(api, "domain")["reason"] == "not_public"
    assert api.get("/WW_verify_abcDEF0123456789.txt").status_code == 404
    kept = save(api, domain_proof="WW_verify_abcDEF0123456789.txt")
    assert kept["connection"]["domain_proof"] == "abcDEF0123456789"
    served = api.get("/WW_verify_abcDEF0123456789.txt", headers={"authorization": ""})
    assert (served.status_code, served.text) == (200, "abcDEF0123456789")
    assert api.get("/WW_verify_abcDEF012345678.txt").status_code == 404
    assert list(api.patch(COMPANY, json={"domain_proof": "a b"}).json()["error"]["fields"]) == ["domain_proof"]
    assert save(api, domain_proof="")["connection"]["domain_proof"] == ""


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("scrm.example.com", True),
        ("scrm.example.com:8443", True),
        ("localhost:8000", False),
        ("127.0.0.1:8000", False),
        ("192.168.1.4", False),
        ("[2001:db8::1]:80", False),
        ("wellspring", False),
        ("shop.local", False),
    ],
)
def test_which_hosts_wecom_takes(host: str, public: bool) -> None:
    assert is_public_host(host) is public


def test_who_may_change_the_connection(platform: Platform, app_client: Client) -> None:
    assert app_client(role="operator").patch(COMPANY, json={"corp_id": "ww1"}).status_code == 403
    assert app_client(role="operator").get(GUIDE).status_code == 200
