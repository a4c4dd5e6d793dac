"""A small simulated brand, synced, with the product's API on a port that the simulator calls back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from acquisition_world import ApiServer, World
from fastapi.testclient import TestClient

from wecom_sim.testing import Control, SimulatorServer
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform


@pytest.fixture(scope="session")
def acquisition_sim() -> Iterator[SimulatorServer]:
    with SimulatorServer() as running:
        yield running


@pytest.fixture
def sim(acquisition_sim: SimulatorServer, clock: FixedClock) -> Control:
    """3 stores, 12 staff, 20 customers; its clock stands where the platform's stands."""
    control = acquisition_sim.control
    control.reset()
    control.faults()
    control.callback_faults(drop=0, duplicate=0, reorder=0, delay=0)
    control.set_clock(now=clock.now().timestamp(), frozen=True)
    control.seed(customers=20)
    return control


@pytest.fixture
def world(
    platform: Platform,
    clock: FixedClock,
    sim: Control,
    acquisition_sim: SimulatorServer,
    run_jobs: Callable[[], None],
    app_client: Callable[..., TestClient],
) -> Iterator[World]:
    with ApiServer(platform) as server:
        made = World(platform, clock, sim, acquisition_sim.base_url, run_jobs, app_client)
        made.connect_and_sync(server.base_url)
        yield made
        sim.set_callback("")
