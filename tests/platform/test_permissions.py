"""Who may call what: one table over all routes, written down and tried out.

`permissions.txt` is the table as it was agreed. A new route, or another permission on an old one, fails here until the
table says so too: `python tests/platform/test_permissions.py` writes it anew, and the change is there to be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient

from wellspring.app.api import create_app
from wellspring.platform.auth import Role
from wellspring.platform.auth.permissions import Permission, Public
from wellspring.platform.http import GuardedRoute, declared_permission
from wellspring.platform.runtime import Platform

TABLE = Path(__file__).with_name("permissions.txt")

PUBLIC_ROUTES = {
    "GET /healthz",  # load balancers
    "GET /readyz",  # load balancers
    "GET /metrics",  # scrapers; figures only
    "GET /api/v1/setup",  # the console before anybody can sign in
    "POST /api/v1/session",  # signing in
    "GET /api/v1/session/offers",  # the sign-in page: which buttons it shows
    "GET /api/v1/session/wecom",  # signing in: away to WeCom
    "GET /api/v1/session/wecom/return",  # signing in: back, with a state bound to the browser
    "GET /WW_verify_{proof}.txt",  # WeCom's check of a trusted domain: holds what the file's name says
    "GET /callback/wecom",  # WeCom's verification of the address: carries its own signature
    "GET /doctor",  # the command line on the same machine: signed with the data folder's key
}
# Starlette's own: the API's description and the console's files hold nothing of the company.
UNGUARDED = {"/api/openapi.json", "/api/docs", "/docs/oauth2-redirect", "/assets", "/{path:path}"}


@dataclass(frozen=True)
class Line:
    method: str
    path: str
    permission: str
    roles: frozenset[str]

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"

    def written(self) -> str:
        roles = " ".join(role.value for role in Role if role.value in self.roles)
        return f"{self.route:<72} {self.permission:<34} {roles}".rstrip()


def lines(app: FastAPI) -> Iterator[Line]:
    """Every guarded route with what it declares."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute):
            assert getattr(route, "path", None) in UNGUARDED, f"{route} is neither guarded nor listed as open"
            continue
        assert isinstance(route, GuardedRoute), f"{context.path}: make routers with platform.http.router"
        declared = declared_permission(context.dependant)
        name, roles = "(denied)", frozenset[str]()
        if isinstance(declared, Permission):
            name, roles = declared.name, frozenset(role.value for role in declared.roles)
        elif isinstance(declared, Public):
            name, roles = "PUBLIC", frozenset(role.value for role in Role)
        for method in sorted(context.methods or ()):
            yield Line(method, str(context.path), name, roles)


def table(app: FastAPI) -> list[Line]:
    return sorted(lines(app), key=lambda line: (line.path, line.method))


def written(rows: list[Line]) -> str:
    return "\n".join(line.written() for line in rows) + "\n"


def test_the_table_is_as_written_down() -> None:
    found = written(table(create_app(cast(Platform, None))))
    assert found == TABLE.read_text(encoding="utf-8"), (
        "routes and permissions.txt differ: `python tests/platform/test_permissions.py` writes it anew"
    )


def test_every_route_declares_a_permission_and_few_are_public() -> None:
    rows = table(create_app(cast(Platform, None)))
    assert [line.route for line in rows if line.permission == "(denied)"] == []
    assert {line.route for line in rows if line.permission == "PUBLIC"} <= PUBLIC_ROUTES


def test_every_role_gets_what_the_table_says_and_nothing_else(
    platform: Platform, app_client: Callable[..., TestClient]
) -> None:
    """403 exactly where the table names no role; 401 without a sign-in. The calls are empty, with ids that are not
    there: who is let in is told that, not done anything for."""
    rows = [line for line in table(create_app(platform)) if line.permission != "PUBLIC"]
    wrong = []
    nobody = TestClient(create_app(platform), raise_server_exceptions=False)
    for line in rows:
        if (status := _call(nobody, line).status_code) != 401:
            wrong.append(f"{line.route} without sign-in: {status}")
    for role in Role:
        client = app_client(role)
        for line in rows:
            answer = _call(client, line)
            if (answer.status_code == 403) != (role.value not in line.roles):
                wrong.append(f"{line.route} as {role.value}: {answer.status_code}")
            if answer.status_code == 500:
                wrong.append(f"{line.route} as {role.value}: 500")
    assert wrong == []


def _call(client: TestClient, line: Line) -> Any:
    path = re.sub(r"\{[^}]+\}", "987654321", line.path)
    return client.request(line.method, path)


if __name__ == "__main__":
    TABLE.write_text(written(table(create_app(cast(Platform, None)))), encoding="utf-8")
    print(f"{TABLE} written")
