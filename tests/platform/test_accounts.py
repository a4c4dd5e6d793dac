"""Accounts, roles, tokens and the audit log as administrators use them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
from fastapi.testclient import TestClient

from wellspring.platform.auth import Role
from wellspring.platform.clock import FixedClock

Client = Callable[..., TestClient]
PASSWORD = "enough letters here"


def new_user(client: TestClient, login: str, role: str = "operator", **scope: object) -> dict[str, object]:
    body = {"login": login, "name": login, "password": PASSWORD, "role": role, "scope": scope or {"kind": "all"}}
    answer = client.post("/api/v1/users", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


def test_a_user_is_made_found_changed_and_disabled(browser_client: Client) -> None:
    admin = browser_client()
    made = new_user(admin, "wukang", "store_manager", kind="store", department_id=7)
    assert made["scope"] == {"kind": "store", "department_id": 7, "staff_id": None}
    found = admin.get("/api/v1/users", params={"q": "WUKANG", "state": "active", "role": ["store_manager"]}).json()
    assert [user["login"] for user in found["items"]] == ["wukang"]

    change = {"name": "武康店", "role": "operator", "scope": {"kind": "all"}}
    changed = admin.put(f"/api/v1/users/{made['id']}", json=change).json()
    assert (changed["name"], changed["role"], changed["scope"]["kind"]) == ("武康店", "operator", "all")

    assert admin.post(f"/api/v1/users/{made['id']}/disable").json()["disabled_at"] is not None
    refused = admin.post("/api/v1/session", json={"login": "wukang", "password": PASSWORD})
    assert refused.json()["error"]["code"] == "bad_credentials"


def test_wrong_inputs_name_their_field(browser_client: Client) -> None:
    admin = browser_client()
    new_user(admin, "one")
    body = {"login": "ONE", "name": "", "password": PASSWORD, "role": "operator", "scope": {"kind": "all"}}
    assert list(admin.post("/api/v1/users", json=body).json()["error"]["fields"]) == ["login"]
    short = admin.post("/api/v1/users", json={**body, "login": "two", "password": "short"})
    assert list(short.json()["error"]["fields"]) == ["password"]
    nowhere = admin.post("/api/v1/users", json={**body, "login": "two", "scope": {"kind": "store"}})
    assert list(nowhere.json()["error"]["fields"]) == ["scope.department_id"]


def test_an_administrator_always_remains(browser_client: Client) -> None:
    admin = browser_client()
    me = admin.get("/api/v1/me").json()["id"]
    assert admin.post(f"/api/v1/users/{me}/disable").json()["error"]["code"] == "own_account"
    demoted = admin.put(f"/api/v1/users/{me}", json={"name": "a", "role": "analyst", "scope": {"kind": "all"}})
    assert demoted.json()["error"]["code"] == "last_administrator"
    new_user(admin, "second", "admin")
    again = admin.put(f"/api/v1/users/{me}", json={"name": "a", "role": "analyst", "scope": {"kind": "all"}})
    assert again.status_code == 200
    assert admin.get("/api/v1/users").status_code == 403, "the new rights hold at once"


def test_a_new_password_ends_the_other_sign_ins(browser_client: Client) -> None:
    here, there = browser_client(Role.OPERATOR), browser_client(Role.OPERATOR)
    wrong = here.post("/api/v1/me/password", json={"old": "not it", "password": PASSWORD})
    assert list(wrong.json()["error"]["fields"]) == ["old"]
    right = here.post("/api/v1/me/password", json={"old": "correct horse battery", "password": PASSWORD})
    assert right.status_code == 204
    assert here.get("/api/v1/me").status_code == 200
    assert there.get("/api/v1/me").status_code == 401


def test_a_token_works_until_it_is_revoked_or_over(browser_client: Client, clock: FixedClock) -> None:
    admin = browser_client()
    expiry = (clock.now() + timedelta(days=30)).isoformat()
    made = admin.post("/api/v1/tokens", json={"name": "till", "role": "integrator", "expires_at": expiry}).json()
    machine = TestClient(admin.app, headers={"authorization": f"Bearer {made['secret']}"})
    assert machine.get("/api/v1/me").json()["kind"] == "token"
    assert made["secret"].endswith(made["token"]["hint"])
    assert made["secret"] not in admin.get("/api/v1/tokens").text

    assert admin.delete(f"/api/v1/tokens/{made['token']['id']}").status_code == 204
    assert machine.get("/api/v1/me").status_code == 401
    states = [token["state"] for token in admin.get("/api/v1/tokens", params={"state": "revoked"}).json()["items"]]
    assert states == ["revoked"]
    past = (clock.now() - timedelta(days=1)).isoformat()
    refused = admin.post("/api/v1/tokens", json={"name": "late", "role": "integrator", "expires_at": past})
    assert list(refused.json()["error"]["fields"]) == ["expires_at"]


def test_the_audit_log_tells_what_happened_and_exports(browser_client: Client) -> None:
    admin = browser_client()
    new_user(admin, "traced")
    log = admin.get("/api/v1/audit", params={"action": "auth.user."}).json()
    assert log["items"][0]["action"] == "auth.user.create"
    assert log["items"][0]["detail"]["login"] == "traced"
    assert PASSWORD not in str(log)

    sheet = openpyxl.load_workbook(
        io.BytesIO(admin.get("/api/v1/audit/export", params={"format": "xlsx"}).content)
    ).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]][:4] == ["时间", "谁", "身份", "动作"]
    text = admin.get("/api/v1/audit/export", params={"format": "csv"}).content.decode("utf-8-sig")
    assert "auth.audit.export" in text


def test_the_owner_limits_exports(app_client: Client) -> None:
    owner, path = app_client("owner"), "/api/v1/company/export-limits"
    assert owner.get(path).json() == {"csv": 1_000_000, "xlsx": 100_000}
    assert list(owner.put(path, json={"csv": 0, "xlsx": 1}).json()["error"]["fields"]) == ["csv"]
    assert owner.put(path, json={"csv": 1_000_000, "xlsx": 1}).status_code == 200
    assert app_client("operator").put(path, json={"csv": 5, "xlsx": 5}).status_code == 403
    refused = owner.get("/api/v1/audit/export", params={"format": "xlsx"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "export_too_large")
    text = owner.get("/api/v1/audit/export", params={"format": "csv"}).content.decode("utf-8-sig")
    assert "company.export_limits.change" in text


def test_only_those_allowed_see_accounts_and_the_log(app_client: Client) -> None:
    for role, users, log, tokens in (
        ("admin", 200, 200, 200),
        ("owner", 200, 200, 403),
        ("store_manager", 403, 403, 403),
    ):
        client = app_client(role)
        answers = [client.get(f"/api/v1/{name}").status_code for name in ("users", "audit", "tokens")]
        assert answers == [users, log, tokens], role


def test_roles_say_what_they_may_do(app_client: Client) -> None:
    roles = {role["name"]: role for role in app_client("admin", language="en").get("/api/v1/roles").json()}
    assert roles["admin"]["label"] == "Administrator"
    assert "auth.token.manage" in {p["name"] for p in roles["admin"]["permissions"]}
    assert "auth.token.manage" not in {p["name"] for p in roles["operator"]["permissions"]}


def test_answers_carry_the_platforms_time(app_client: Client, clock: FixedClock) -> None:
    clock.advance(timedelta(days=3))
    assert app_client().get("/api/v1/me").headers["x-now"] == "2026-03-08T04:00:00.000+00:00"
