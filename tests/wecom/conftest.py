"""A seeded simulator on the platform's clock, the platform connected to it, and recorders in the registries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from wecom_helpers import Recorder, Served

from wecom_sim.testing import Control, SimulatorServer
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.wecom.facade import connect_company


@pytest.fixture(scope="session")
def sim_server() -> Iterator[SimulatorServer]:
    with SimulatorServer() as running:
        yield running


@pytest.fixture
def sim(sim_server: SimulatorServer, clock: FixedClock) -> Control:
    """A small brand: 3 stores, 12 staff, 60 customers; the clock stands where the platform's stands."""
    sim_server.control.reset()
    sim_server.control.set_clock(now=clock.now().timestamp(), frozen=True)
    sim_server.control.seed(customers=60)
    return sim_server.control


@pytest.fixture
def connected(platform: Platform, sim: Control, sim_server: SimulatorServer) -> Platform:
    company = sim.company()
    with platform.database.unit_of_work() as session:
        connect_company(
            session,
            platform,
            SYSTEM,
            corp_id=company["corpid"],
            secret=company["secret"],
            agent_id=company["agentid"],
            token=company["token"],
            aes_key=company["aes_key"],
            base_url=sim_server.base_url,
        )
    return platform


@pytest.fixture
def served(connected: Platform, sim: Control) -> Iterator[Served]:
    """The platform's API on a port, its callback address entered at the simulator."""
    with Served(connected) as running:
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
