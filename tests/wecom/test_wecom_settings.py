"""The connection over HTTP: secrets go in and never come out; the test names what is missing; status; sync."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from wecom_helpers import AES_KEY, CORP, TOKEN, Recorder

from wecom_sim.testing import Control, SimulatorServer
from wellspring.platform.runtime import Platform

SECRET = "app-secret-0123456789"
WISH = {
    "corp_id": CORP,
    "name": "半山集",
    "agent_id": 1000002,
    "secret": SECRET,
    "token": TOKEN,
    "aes_key": AES_KEY,
    "base_url": "http://127.0.0.1:9",
}
Client = Callable[..., TestClient]


def test_secrets_go_in_and_never_come_out(
    platform: Platform, app_client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    client = app_client()
    before = client.get("/api/v1/wecom/company").json()
    assert before["connected"] is False
    assert before["callback_url"].endswith("/callback/wecom")
    answers = [client.put("/api/v1/wecom/company", json=WISH)]
    assert answers[0].json()["secret_set"] is True
    answers.append(client.put("/api/v1/wecom/company", json={"corp_id": CORP, "name": "新名字"}))
    assert (answers[1].json()["secret_set"], answers[1].json()["name"]) == (True, "新名字")
    answers += [
        client.get("/api/v1/wecom/company"),
        client.post("/api/v1/wecom/company/test"),
        client.get("/api/v1/wecom/status"),
        client.get("/api/v1/audit"),
    ]
    printed = capsys.readouterr()
    everything = "".join(answer.text for answer in answers) + printed.out + printed.err
    with platform.database.unit_of_work() as session:
        for table in ("wecom_company", "audit_entry", "wecom_access_token"):
            everything += str(session.execute(text(f"select * from {table}")).all())
    for secret in (SECRET, TOKEN, AES_KEY):
        assert secret not in everything


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("corp_id", ""),
        ("secret", None),
        ("token", "with space"),
        ("token", None),
        ("aes_key", "short"),
        ("aes_key", None),
        ("base_url", "ftp://x"),
        ("base_url", "https://user@x"),
    ],
)
def test_a_wrong_setting_is_named(app_client: Client, field: str, value: Any) -> None:
    answer = app_client().put("/api/v1/wecom/company", json={**WISH, field: value})
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == [field]


def test_the_connection_is_tested_right_by_right(connected: Platform, sim: Control, app_client: Client) -> None:
    client = app_client()
    good = client.post("/api/v1/wecom/company/test").json()
    assert good["works"] is True
    assert {check["name"]: check["count"] for check in good["checks"]} == {
        "token": None,
        "departments": 7,
        "members": None,
        "follow_users": 12,
        "customers": good["checks"][4]["count"],
        "groups": None,
        "tags": 15,
        "contact_ways": None,
        "messages": None,
        "sign_in": None,
    }
    assert good["checks"][4]["count"] > 0
    assert all(not feature["missing"] for feature in good["features"])
    sim.faults({"kind": "errcode", "path": "*get_corp_tag_list", "rate": 1.0, "code": 48002})
    lacking = client.post("/api/v1/wecom/company/test").json()
    assert lacking["works"] is False
    assert [(c["name"], c["reason"], c["message"]) for c in lacking["checks"] if not c["works"]] == [
        ("tags", "no_right", "这个应用没有该接口的权限。")
    ]
    assert [(f["name"], f["missing"]) for f in lacking["features"] if f["missing"]] == [("tags", ["tags"])]
    kept = client.get("/api/v1/wecom/guide").json()["test"]
    assert kept == lacking


def test_a_wrong_secret_is_told_by_name(connected: Platform, sim: Control, app_client: Client) -> None:
    client = app_client(language="en")
    current = client.get("/api/v1/wecom/company").json()
    kept = {"corp_id": current["corp_id"], "base_url": current["base_url"]}
    client.put("/api/v1/wecom/company", json={**kept, "secret": "not-the-secret"}).raise_for_status()
    told = client.post("/api/v1/wecom/company/test").json()
    assert [(check["reason"], check["message"]) for check in told["checks"]] == [
        ("wrong_secret", "The secret is wrong, or the app is disabled.")
    ]
    client.put("/api/v1/wecom/company", json={**kept, "secret": sim.company()["secret"]}).raise_for_status()
    assert client.post("/api/v1/wecom/company/test").json()["works"] is True


def test_an_address_nobody_answers_at_is_told(platform: Platform, app_client: Client) -> None:
    client = app_client()
    client.put("/api/v1/wecom/company", json=WISH).raise_for_status()
    assert client.post("/api/v1/wecom/company/test").json()["checks"][0]["reason"] == "unreachable"


def test_sync_over_http(
    connected: Platform, sim: Control, recorder: Recorder, app_client: Client, run_jobs: Callable[[], None]
) -> None:
    client = app_client(role="operator")
    started = client.post("/api/v1/wecom/sync")
    assert (started.status_code, started.json()["status"], started.json()["progress"]) == (202, "running", 0.0)
    assert client.get("/api/v1/wecom/status").json()["sync_running"] is True
    run_jobs()
    state = client.get("/api/v1/wecom/sync").json()
    assert (state["running"], state["latest"]["status"], state["latest"]["progress"]) == (False, "done", 1.0)
    assert state["last_full_sync_at"] is not None


def test_a_sync_without_a_company_is_refused(platform: Platform, app_client: Client) -> None:
    answer = app_client().post("/api/v1/wecom/sync")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "wecom_not_connected")


def test_a_second_company_gets_its_own_token(
    connected: Platform, sim: Control, sim_server: SimulatorServer, app_client: Client
) -> None:
    """After the corp id changes the old company's token is forgotten."""
    client = app_client()
    assert client.post("/api/v1/wecom/company/test").json()["works"] is True
    body = {"corp_id": "ww0000000000000000", "base_url": sim_server.base_url, "secret": "x"}
    client.put("/api/v1/wecom/company", json=body).raise_for_status()
    assert client.post("/api/v1/wecom/company/test").json()["checks"][0]["reason"] in ("wrong_corp_id", "wrong_secret")


def test_who_may_what(platform: Platform, app_client: Client) -> None:
    assert app_client(role="operator").put("/api/v1/wecom/company", json=WISH).status_code == 403
    assert app_client(role="staff").get("/api/v1/wecom/company").status_code == 403
    assert app_client(role="staff").get("/api/v1/wecom/status").status_code == 200
    assert app_client(role="analyst").post("/api/v1/wecom/sync").status_code == 403
