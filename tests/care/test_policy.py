"""The policy through its interface: what is in force, who may change it, what is recorded."""

from __future__ import annotations

from sqlalchemy import select

from wellspring.platform.auth.models import AuditEntry


def caps_of(client):
    answer = client.get("/api/v1/care/policy")
    assert answer.status_code == 200, answer.text
    return {cap["purpose"]: cap for cap in answer.json()["caps"]}


def test_default_policy_caps_marketing_and_nothing_else(app_client):
    caps = caps_of(app_client("analyst"))
    assert (caps["marketing"]["max_touches"], caps["marketing"]["window_days"]) == (2, 7)
    assert {name for name, cap in caps.items() if cap["enabled"]} == {"marketing"}
    assert all(cap["updated_at"] is None for cap in caps.values())


def test_operator_changes_the_cap_and_the_change_is_audited(app_client, database):
    client = app_client("operator")
    change = {"caps": [{"purpose": "marketing", "max_touches": 1, "window_days": 14, "enabled": True}]}
    answer = client.put("/api/v1/care/policy", json=change)
    assert answer.status_code == 200, answer.text
    assert answer.json()["caps"][0]["max_touches"] == 1
    assert client.put("/api/v1/care/policy", json=change).status_code == 200
    assert caps_of(client)["marketing"]["window_days"] == 14
    with database.unit_of_work() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "care.policy.change")).all()
    assert [entry.detail["before"]["max_touches"] for entry in entries] == [2], "an unchanged cap is no change"


def test_policy_is_not_for_everybody_to_change_and_wrong_figures_are_named(app_client):
    change = {"caps": [{"purpose": "marketing", "max_touches": 1, "window_days": 0, "enabled": True}]}
    answer = app_client("operator").put("/api/v1/care/policy", json=change)
    assert answer.status_code == 422
    assert "caps.0.window_days" in answer.json()["error"]["fields"]
    change["caps"][0]["window_days"] = 7
    assert app_client("store_manager").put("/api/v1/care/policy", json=change).status_code == 403


def test_reasons_are_served_in_both_languages(app_client):
    zh = app_client("staff").get("/api/v1/care/reasons").json()
    en = app_client("staff", language="en").get("/api/v1/care/reasons").json()
    assert [one["code"] for one in zh] == [one["code"] for one in en]
    first = (
        {one["code"]: one["text"] for one in zh}["NOT_A_FRIEND"],
        {one["code"]: one["text"] for one in en}["NOT_A_FRIEND"],
    )
    assert first == ("已经不是好友", "No longer a friend")
    assert len({one["code"] for one in zh}) == len(zh)
