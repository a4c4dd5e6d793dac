"""Signing in by WeCom, end to end on the simulator: the QR page, the client, the rules, and every way to be refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from wecom_sim.testing import Control, SimulatorServer
from wellspring.app.api import create_app
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform

AWAY, BACK = "/api/v1/session/wecom", "/api/v1/session/wecom/return"
RULES = "/api/v1/sign-in-rules"
PHONE = {"user-agent": "Mozilla/5.0 (iPhone) MicroMessenger/7.0.1 wxwork/4.1.22 Language/zh"}
Client = Callable[..., TestClient]


@pytest.fixture
def synced(
    connected: Platform, sim: Control, sim_server: SimulatorServer, app_client: Client, run_jobs: Callable[[], None]
) -> Platform:
    """Staff are known; the sign-in pages are the simulator's."""
    api = app_client()
    api.patch("/api/v1/wecom/company", json={"sign_in_base_url": sim_server.base_url}).raise_for_status()
    api.post("/api/v1/wecom/sync").raise_for_status()
    run_jobs()
    return connected


@pytest.fixture
def browser(synced: Platform) -> Callable[[], TestClient]:
    """A new browser at the public address."""
    return lambda: TestClient(
        create_app(synced), base_url=synced.settings.base_url, follow_redirects=False, raise_server_exceptions=False
    )


def departments(api: TestClient) -> dict[str, int]:
    return {one["name"]: one["id"] for one in api.get("/api/v1/departments?page_size=100").json()["items"]}


def set_rules(api: TestClient, *rules: tuple[str, str, str], position: str = "") -> Any:
    """(department's name or "*", role, scope)"""
    known = departments(api)
    top = min(known.values())
    wishes = [
        {"department_id": known.get(name, top), "position": position, "role": role, "scope": scope}
        for name, role, scope in rules
    ]
    answer = api.put(RULES, json={"rules": wishes})
    assert answer.status_code == 200, answer.text
    return answer.json()


def begin(browser: TestClient, **query: str) -> dict[str, str]:
    """Where the browser is sent, taken apart."""
    answer = browser.get(AWAY, params=query)
    assert answer.status_code == 302
    location = urlsplit(answer.headers["location"])
    found = {name: values[0] for name, values in parse_qs(location.query).items()}
    return {**found, "path": location.path, "location": answer.headers["location"]}


def come_back(browser: TestClient, sim: Control, userid: str = "", **wish: Any) -> httpx.Response:
    sent = begin(browser)
    location = sim.authorize(sent["redirect_uri"], userid, state=sent["state"], **wish)["location"]
    return browser.get(location)


def refused(answer: httpx.Response) -> str:
    assert answer.status_code == 302
    location = urlsplit(answer.headers["location"])
    assert location.path == "/sign-in", answer.headers["location"]
    assert "ws_session" not in answer.headers.get("set-cookie", "")
    return parse_qs(location.query)["refused"][0]


def audited(api: TestClient, action: str) -> list[dict[str, Any]]:
    entries = api.get("/api/v1/audit", params={"page_size": 100}).json()["items"]
    return [entry for entry in entries if entry["action"] == action]


def test_a_member_scans_and_is_in(
    browser: Callable[[], TestClient], sim: Control, sim_server: SimulatorServer, app_client: Client
) -> None:
    api = app_client()
    set_rules(api, ("*", "staff", "own"))
    me = browser()
    assert me.get("/api/v1/session/offers").json() == {"wecom": True}
    sent = begin(me, next="/outreach/tasks?state=open")
    assert sent["location"].startswith(f"{sim_server.base_url}/wwlogin/sso/login?")
    assert sent["redirect_uri"] == f"http://127.0.0.1:8999{BACK}"
    with httpx.Client(base_url=sim_server.base_url, trust_env=False) as screen:
        waiting = screen.get(sent["location"]).headers["location"]
        sim.sign_in(waiting.rpartition("/")[2], "staff001")
        answer = me.get(screen.get(waiting).headers["location"])
    assert answer.headers["location"] == "http://127.0.0.1:8999/outreach/tasks?state=open"
    assert answer.headers["cache-control"] == "no-store"
    who = me.get("/api/v1/me").json()
    assert (who["role"], who["scope"]["kind"], who["login"]) == ("staff", "own", "wecom:staff001")
    assert "ws_sign_in" not in me.cookies
    # the anti-forgery token of the session came along
    assert me.delete("/api/v1/session").status_code == 403
    assert me.delete("/api/v1/session", headers={"x-csrf-token": me.cookies["ws_csrf"]}).status_code == 204
    row = api.get("/api/v1/users", params={"by": "wecom"}).json()["items"]
    assert [(u["wecom_userid"], u["rights_by"], u["wecom_signed_in_at"] is not None) for u in row] == [
        ("staff001", "rules", True)
    ]
    assert audited(api, "auth.sign_in")[0]["detail"] == {"method": "wecom"}


def test_inside_wecom_there_is_no_code_to_scan(
    browser: Callable[[], TestClient], sim: Control, sim_server: SimulatorServer, app_client: Client
) -> None:
    set_rules(app_client(), ("*", "staff", "own"))
    me = browser()
    me.headers.update(PHONE)
    sent = begin(me)
    assert (sent["path"], sent["scope"], sent["response_type"]) == (
        "/connect/oauth2/authorize",
        "snsapi_base",
        "code",
    )
    assert sent["location"].endswith("#wechat_redirect")
    chosen = httpx.get(sent["location"].partition("#")[0] + "&as=staff002", trust_env=False)
    assert me.get(chosen.headers["location"]).headers["location"] == "http://127.0.0.1:8999/"
    assert me.get("/api/v1/me").json()["login"] == "wecom:staff002"


def test_a_forged_replayed_or_late_state_is_refused(
    browser: Callable[[], TestClient], sim: Control, app_client: Client, clock: FixedClock
) -> None:
    api = app_client()
    set_rules(api, ("*", "staff", "own"))
    attacker, victim = browser(), browser()
    sent = begin(attacker)
    bait = sim.authorize(sent["redirect_uri"], "staff001", state=sent["state"])["location"]
    assert refused(victim.get(bait)) == "state"  # no cookie at all
    begin(victim)
    assert refused(victim.get(bait)) == "state"  # somebody else's state beside one's own cookie
    assert refused(victim.get(BACK, params={"code": "x", "state": "0" * 106})) == "state"
    assert refused(victim.get(BACK)) == "state"
    cookie = attacker.cookies["ws_sign_in"]
    assert attacker.get(bait).headers["location"].endswith("8999/")
    attacker.cookies.set("ws_sign_in", cookie, domain="127.0.0.1", path=AWAY)
    assert refused(attacker.get(bait)) == "state"  # the same way back a second time
    late = begin(victim)
    clock.advance(timedelta(minutes=11))
    sim.advance(11 * 60)
    assert refused(victim.get(BACK, params={"code": "x", "state": late["state"]})) == "state"
    assert {entry["detail"]["reason"] for entry in audited(api, "auth.sign_in_refused")} == {"state"}


def test_a_code_is_exchanged_once(browser: Callable[[], TestClient], sim: Control, app_client: Client) -> None:
    api = app_client()
    set_rules(api, ("*", "staff", "own"))
    first, second = browser(), browser()
    sent = begin(first)
    code = sim.authorize(sent["redirect_uri"], "staff001", state=sent["state"])["code"]
    assert first.get(BACK, params={"code": code, "state": sent["state"]}).headers["location"].endswith("8999/")
    again = begin(second)
    assert refused(second.get(BACK, params={"code": code, "state": again["state"]})) == "code"
    assert audited(api, "auth.sign_in_refused")[0]["detail"]["detail"] == "code_used"
    nothing = begin(second)
    assert refused(second.get(BACK, params={"state": nothing["state"]})) == "no_code"
    made_up = begin(second)
    assert refused(second.get(BACK, params={"code": "made-up", "state": made_up["state"]})) == "code"


def test_outsiders_and_those_without_a_rule_stay_outside(
    browser: Callable[[], TestClient], sim: Control, app_client: Client
) -> None:
    api = app_client()
    assert browser().get("/api/v1/session/offers").json() == {"wecom": False}
    assert refused(browser().get(AWAY)) == "not_offered"
    store = next(name for name in departments(api) if name.endswith("店"))
    outcome = set_rules(api, (store, "staff", "own"))
    assert outcome["offered"] is True
    assert outcome["rules"][0]["members"] > 0
    assert outcome["without_rule"] > 0
    inside = {one["userid"] for one in api.get("/api/v1/staff", params={"page_size": 100}).json()["items"]}
    let_in = api.get("/api/v1/staff", params={"department_id": departments(api)[store], "page_size": 100}).json()
    others = sorted(inside - {one["userid"] for one in let_in["items"]})
    assert refused(come_back(browser(), sim, others[0])) == "no_rule"
    customer = next(one["external_userid"] for one in sim.export() if one["on_api"])
    assert refused(come_back(browser(), sim, external_userid=customer)) == "external"
    assert api.get("/api/v1/users", params={"by": "wecom"}).json()["total"] == 0
    told = {(e["object_id"], e["detail"]["reason"]) for e in audited(api, "auth.sign_in_refused")}
    assert told == {(others[0], "no_rule"), ("", "external")}


def test_who_left_is_out_and_stays_out(
    browser: Callable[[], TestClient],
    sim: Control,
    app_client: Client,
    run_jobs: Callable[[], None],
    clock: FixedClock,
) -> None:
    api = app_client()
    set_rules(api, ("*", "staff", "own"))
    me = browser()
    come_back(me, sim, "staff001")
    sent = begin(me)
    code = sim.authorize(sent["redirect_uri"], "staff001", state=sent["state"])["code"]
    sim.resign("staff001")
    assert refused(me.get(BACK, params={"code": code, "state": sent["state"]})) in ("out_of_scope", "left")
    clock.advance(timedelta(minutes=1))  # a sync marks whoever it did not see since it began
    api.post("/api/v1/wecom/sync").raise_for_status()
    run_jobs()
    assert me.get("/api/v1/me").status_code == 401
    user = api.get("/api/v1/users", params={"by": "wecom"}).json()["items"][0]
    assert user["disabled_at"] is not None
    assert audited(api, "auth.user.disable")[0]["detail"] == {"reason": "member_left"}


def test_rights_follow_the_rules_until_somebody_sets_them(
    browser: Callable[[], TestClient], sim: Control, app_client: Client
) -> None:
    api = app_client()
    set_rules(api, ("*", "staff", "own"))
    me = browser()
    come_back(me, sim, "staff001")
    set_rules(api, ("*", "store_manager", "store"))
    now = me.get("/api/v1/me").json()  # the session goes on with the new rights
    assert (now["role"], now["scope"]["kind"], now["scope"]["department_id"] is not None) == (
        "store_manager",
        "store",
        True,
    )
    user = api.get("/api/v1/users", params={"by": "wecom"}).json()["items"][0]
    by_hand = {"name": user["name"], "role": "analyst", "scope": {"kind": "all"}}
    assert api.put(f"/api/v1/users/{user['id']}", json=by_hand).json()["rights_by"] == "hand"
    come_back(me, sim, "staff001")
    assert me.get("/api/v1/me").json()["role"] == "analyst"
    set_rules(api)  # whoever was let in by hand stays, rules or not
    assert me.get("/api/v1/me").status_code == 200
    followed = api.put(f"/api/v1/users/{user['id']}", json={**by_hand, "follow_rules": True}).json()
    assert (followed["rights_by"], followed["role"]) == ("rules", "analyst")
    set_rules(api, ("*", "staff", "own"))
    assert me.get("/api/v1/me").json()["role"] == "staff"
    set_rules(api)
    assert me.get("/api/v1/me").status_code == 401
    other = api.get("/api/v1/users", params={"by": "password"}).json()["items"][0]
    wish = {"name": "a", "role": "admin", "scope": {"kind": "all"}, "follow_rules": True}
    assert list(api.put(f"/api/v1/users/{other['id']}", json=wish).json()["error"]["fields"]) == ["follow_rules"]


def test_a_disabled_account_is_refused(browser: Callable[[], TestClient], sim: Control, app_client: Client) -> None:
    api = app_client()
    set_rules(api, ("*", "staff", "own"))
    me = browser()
    come_back(me, sim, "staff001")
    user = api.get("/api/v1/users", params={"by": "wecom"}).json()["items"][0]
    api.post(f"/api/v1/users/{user['id']}/disable").raise_for_status()
    assert refused(come_back(me, sim, "staff001")) == "account_disabled"
    # an account of the same name is somebody else's
    assert api.post("/api/v1/session", json={"login": "wecom:staff001", "password": "x" * 12}).status_code == 401


def test_failures_are_throttled_like_wrong_passwords(
    browser: Callable[[], TestClient], sim: Control, app_client: Client, synced: Platform
) -> None:
    api = app_client()
    store = next(name for name in departments(api) if name.endswith("店"))
    set_rules(api, (store, "staff", "own"))
    known = {one["userid"] for one in api.get("/api/v1/staff", params={"page_size": 100}).json()["items"]}
    let_in = api.get("/api/v1/staff", params={"department_id": departments(api)[store], "page_size": 100}).json()
    outsider = min(known - {one["userid"] for one in let_in["items"]})
    seen = [refused(come_back(browser(), sim, outsider)) for _ in range(9)]
    assert seen == ["no_rule"] * 8 + ["throttled"]
    assert come_back(browser(), sim, let_in["items"][0]["userid"]).headers["location"].endswith("8999/")
    with synced.database.unit_of_work() as session:
        session.execute(
            text("insert into sign_in_attempt (login, address, at) select '', 'testclient', :now from generate_series(1, 40)"),
            {"now": synced.clock.now()},
        )  # fmt: skip
    assert refused(browser().get(AWAY)) == "throttled"
    assert refused(browser().get(BACK, params={"code": "x", "state": "y"})) == "throttled"


def test_wecom_being_away_or_refusing_is_told(
    browser: Callable[[], TestClient], sim: Control, app_client: Client
) -> None:
    api = app_client()
    set_rules(api, ("*", "staff", "own"))
    sim.faults({"kind": "errcode", "path": "*getuserinfo", "rate": 1.0, "code": 60020})
    assert refused(come_back(browser(), sim, "staff001")) == "wecom_refused"
    sim.faults({"kind": "http", "path": "*getuserinfo", "rate": 1.0, "code": 502})
    assert refused(come_back(browser(), sim, "staff001")) == "wecom_unreachable"
    sim.faults()
    assert come_back(browser(), sim, "staff001").headers["location"].endswith("8999/")


def test_only_paths_of_the_console_are_gone_on_to(
    browser: Callable[[], TestClient], sim: Control, app_client: Client
) -> None:
    set_rules(app_client(), ("*", "staff", "own"))
    for path in ("//evil.example", "https://evil.example", "/\\evil.example", "/sign-in?x", "/api/v1/me", "x"):
        me = browser()
        sent = begin(me, next=path)
        back = sim.authorize(sent["redirect_uri"], "staff001", state=sent["state"])["location"]
        assert me.get(back).headers["location"] == "http://127.0.0.1:8999/"
    elsewhere = TestClient(browser().app, base_url="http://10.0.0.5:8999", follow_redirects=False)
    moved = elsewhere.get(AWAY, params={"next": "/customers"}).headers["location"]
    assert moved == "http://127.0.0.1:8999/api/v1/session/wecom?next=%2Fcustomers&moved=true"


def test_who_edits_the_rules(synced: Platform, app_client: Client) -> None:
    from wellspring.platform.auth import Scope

    owner = app_client(role="owner")
    assert set_rules(owner, ("*", "operator", "all"))["rules"][0]["role"] == "operator"
    assert len(audited(owner, "people.sign_in_rules.change")) == 1
    assert app_client(role="operator").get(RULES).status_code == 403
    region = app_client(role="owner", scope=Scope("region", department_id=1))
    assert region.put(RULES, json={"rules": []}).status_code == 403
    rule = {"department_id": min(departments(owner).values()), "role": "staff", "scope": "own"}
    for wrong, field in (({"role": "admin"}, "rules.0.role"), ({"department_id": 10**9}, "rules.0.department_id")):
        answer = owner.put(RULES, json={"rules": [{**rule, **wrong}]})
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, [field])
    shown = owner.post(f"{RULES}/preview", json={"rules": [rule]}).json()
    assert (shown["rules"][0]["members"] > 0, shown["without_rule"]) == (True, 0)
    assert owner.get(RULES).json()["rules"][0]["role"] == "operator"
