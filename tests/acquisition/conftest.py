"""A small simulated brand, synced, with the product's API on a port that the simulator calls back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from acquisition_world import World
from fastapi.testclient import TestClient

from simulated_brand import ApiServer, new_brand
from wecom_sim.testing import Control, SimulatorServer
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform


@pytest.fixture
def sim(sim_server: SimulatorServer, clock: FixedClock) -> Control:
    """20 customers."""
    return new_brand(sim_server, clock, customers=20)


@pytest.fixture
def world(
    platform: Platform,
    clock: FixedClock,
    sim: Control,
    sim_server: SimulatorServer,
    run_jobs: Callable[[], None],
    app_client: Callable[..., TestClient],
) -> Iterator[World]:
    with ApiServer(platform) as server:
        made = World(platform, clock, sim, sim_server, run_jobs, app_client)
        made.connect_and_sync(server.base_url)
        yield made
        sim.set_callback("")
