"""A seeded simulator on the platform's clock, the platform connected to it, and recorders in the registries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from calls_helpers import Brand
from fastapi.testclient import TestClient
from wecom_helpers import AES_KEY, CORP, TOKEN, Recorder

from simulated_brand import ApiServer, connect, new_brand
from wecom_sim.testing import Control, SimulatorServer
from wellspring.app.api import create_app
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.wecom.facade import connect_company


@pytest.fixture(scope="module")
def brand(sim_server: SimulatorServer) -> Brand:
    """Without the platform: one seeded simulator per module, its clock standing, and a client of it."""
    return Brand(sim_server)


@pytest.fixture
def sim(sim_server: SimulatorServer, clock: FixedClock) -> Control:
    """60 customers."""
    return new_brand(sim_server, clock, customers=60)


@pytest.fixture
def connected(platform: Platform, sim: Control, sim_server: SimulatorServer) -> Platform:
    connect(platform, sim_server)
    return platform


@pytest.fixture
def served(connected: Platform, sim: Control) -> Iterator[ApiServer]:
    """The platform's API on a port, its callback address entered at the simulator."""
    with ApiServer(connected) as running:
        sim.set_callback(f"{running.base_url}/callback/wecom")
        yield running
        sim.set_callback("")


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Stands where other domains stand: handlers and sinks of its own instead of theirs."""
    return Recorder(monkeypatch)


@pytest.fixture
def plan(platform: Platform) -> Callable[..., int]:
    """`plan(kind, key, payload, **more)`: plan a call in a transaction of its own."""
    from wellspring.wecom.facade import plan_call

    def make(kind: str, key: str, payload: dict[str, Any], **more: Any) -> int:
        with platform.database.unit_of_work() as session:
            return plan_call(session, platform, kind=kind, idempotency_key=key, payload=payload, **more)

    return make


@pytest.fixture
def address(platform: Platform) -> TestClient:
    """The product's whole HTTP side, with a company whose callbacks `Caller` makes."""
    with platform.database.unit_of_work() as session:
        connect_company(
            session,
            platform,
            SYSTEM,
            corp_id=CORP,
            secret="app-secret-1",
            token=TOKEN,
            aes_key=AES_KEY,
            base_url="http://127.0.0.1:9",
        )
    return TestClient(create_app(platform), raise_server_exceptions=False)
