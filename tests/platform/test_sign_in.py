"""Sign-in: cookies, anti-forgery, throttling, tokens."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient


def test_me_needs_a_sign_in(app_client: Callable[..., TestClient]) -> None:
    client = app_client()
    assert client.get("/api/v1/me").status_code == 200
    answer = client.get("/api/v1/me", headers={"authorization": ""})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "not_signed_in"


def test_a_browser_learns_that_nobody_is_signed_in_without_being_refused(
    browser_client: Callable[..., TestClient],
) -> None:
    client = browser_client()
    assert client.get("/api/v1/setup").json() == {"needs_admin": False, "signed_in": True}
    client.delete("/api/v1/session")
    answer = client.get("/api/v1/setup")
    assert answer.status_code == 200
    assert answer.json() == {"needs_admin": False, "signed_in": False}


def test_cookie_sign_in_is_http_only_and_csrf_safe(browser_client: Callable[..., TestClient]) -> None:
    client = browser_client()
    assert client.get("/api/v1/me").json()["role"] == "admin"
    forged = client.delete("/api/v1/session", headers={"x-csrf-token": "0" * 40})
    assert forged.status_code == 403
    assert forged.json()["error"]["code"] == "csrf_refused"
    assert client.delete("/api/v1/session").status_code == 204
    assert client.get("/api/v1/me").status_code == 401


def test_wrong_passwords_are_throttled(browser_client: Callable[..., TestClient]) -> None:
    client = browser_client()
    wrong = {"login": "admin-user", "password": "not this one"}
    codes = [client.post("/api/v1/session", json=wrong).json()["error"]["code"] for _ in range(9)]
    assert codes[:8] == ["bad_credentials"] * 8
    assert codes[8] == "too_many_attempts"
