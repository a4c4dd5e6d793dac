"""Shared fixtures: the real stores in a throw-away folder, emptied before each test.

One embedded PostgreSQL and one chDB serve the whole run (chDB allows one folder per process).
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, text

from browsers import chromium
from simulated_brand import sim_server
from wellspring.app.api import create_app
from wellspring.app.domains import register_domains
from wellspring.platform.auth import Role, Scope, service
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.auth.middleware import CSRF_COOKIE, CSRF_HEADER
from wellspring.platform.auth.models import UserAccount
from wellspring.platform.clock import FixedClock
from wellspring.platform.db import Base, Database
from wellspring.platform.runtime import Platform
from wellspring.platform.settings import Settings
from wellspring.platform.warehouse import load_all

__all__ = ["chromium", "sim_server"]  # fixtures of every folder

START = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)  # Thursday noon in Shanghai
PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def opened() -> Iterator[Platform]:
    """The stores of the whole run."""
    register_domains()
    folder = Path(tempfile.mkdtemp(prefix="wellspring-test-", dir=os.environ.get("WELLSPRING_TEST_FOLDER")))
    settings = Settings(data=folder / "data", port=8999)
    platform = Platform.open(settings, clock=FixedClock(START))
    with platform.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("alter system set fsync = off"))
        connection.execute(text("alter system set synchronous_commit = off"))
        connection.execute(text("select pg_reload_conf()"))
    yield platform
    platform.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def clock(opened: Platform) -> FixedClock:
    """The platform's clock: stands at Thursday 2026-03-05, 12:00 in Shanghai, until moved."""
    fixed = FixedClock(START)
    opened.clock = fixed
    return fixed


@pytest.fixture
def platform(opened: Platform, clock: FixedClock) -> Platform:
    """Empty stores, a standing clock."""
    names = [f'"{name}"' for name in Base.metadata.tables] + ["procrastinate_jobs"]
    with opened.database.unit_of_work() as session:
        session.execute(text(f"truncate {', '.join(names)} restart identity cascade"))
    for table in warehouse_tables(opened):
        opened.warehouse.command(f"truncate table {table}")
    return opened


def warehouse_tables(platform: Platform) -> list[str]:
    rows = platform.warehouse.query(
        "select name from system.tables where database = currentDatabase() and name != 'schema_migrations'"
        " and endsWith(engine, 'MergeTree')"
    )
    return [row["name"] for row in rows]


@pytest.fixture
def database(platform: Platform) -> Database:
    return platform.database


@pytest.fixture(scope="session")
def application(opened: Platform) -> FastAPI:
    """One application for the whole run: it keeps nothing between requests, and making one takes a second."""
    return create_app(opened)


@pytest.fixture
def app_client(platform: Platform, application: FastAPI) -> Callable[..., TestClient]:
    """`app_client(role=..., scope=..., language="zh")`: a client that calls with an API token of that role."""

    def make(role: Role | str = Role.ADMIN, scope: Scope | None = None, language: str = "zh") -> TestClient:
        with platform.database.unit_of_work() as session:
            user = ensure_user(session, platform, "admin", Role.ADMIN)
            owner = service.actor_of_user(user)
            _, secret = service.create_token(
                session, actor=owner, now=platform.clock.now(), name=f"test {role}", role=Role(role), scope=scope
            )
        headers = {"authorization": f"Bearer {secret}", "accept-language": language}
        return TestClient(application, headers=headers, raise_server_exceptions=False)

    return make


@pytest.fixture
def browser_client(platform: Platform, application: FastAPI) -> Callable[..., TestClient]:
    """`browser_client(role=...)`: signed in by password with cookies and the anti-forgery header set."""

    def make(role: Role | str = Role.ADMIN, scope: Scope | None = None) -> TestClient:
        login = f"{role}-user"
        with platform.database.unit_of_work() as session:
            ensure_user(session, platform, login, Role(role), scope)
        client = TestClient(application, raise_server_exceptions=False)
        client.post("/api/v1/session", json={"login": login, "password": PASSWORD}).raise_for_status()
        client.headers[CSRF_HEADER] = client.cookies[CSRF_COOKIE]
        return client

    return make


def ensure_user(session: Any, platform: Platform, login: str, role: Role, scope: Scope | None = None) -> UserAccount:
    from sqlalchemy import select

    user = session.scalar(select(UserAccount).where(UserAccount.login == login))
    return user or service.create_user(
        session,
        actor=SYSTEM,
        now=platform.clock.now(),
        login=login,
        name=login,
        password=PASSWORD,
        role=role,
        scope=scope,
    )


@pytest.fixture
def run_jobs(platform: Platform) -> Callable[[], None]:
    """Run every job that is due, until none is left."""

    def run() -> None:
        async def drain() -> None:
            app = platform.jobs.worker_app(platform)
            async with app.open_async():
                await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

        asyncio.run(drain())

    return run


@pytest.fixture
def load_warehouse(platform: Platform) -> Callable[[], int]:
    """Bring the warehouse up to date; returns the rows that went over."""
    return lambda: load_all(platform)


@pytest.fixture
def query_count(platform: Platform) -> Callable[[], Any]:
    """`with query_count() as counted: ...; assert counted.n <= 7`."""

    class Counted:
        n = 0

    @contextmanager
    def count() -> Iterator[Counted]:
        counted = Counted()

        def on_execute(*_: Any) -> None:
            counted.n += 1

        event.listen(platform.database.engine, "before_cursor_execute", on_execute)
        try:
            yield counted
        finally:
            event.remove(platform.database.engine, "before_cursor_execute", on_execute)

    return count
