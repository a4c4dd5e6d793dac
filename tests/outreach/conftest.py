"""A small simulated brand, synced whole into the product: what every test of broadcasts begins with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from outreach_world import World

from wecom_sim.testing import Control, SimulatorServer
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform


@pytest.fixture(scope="session")
def outreach_sim() -> Iterator[SimulatorServer]:
    with SimulatorServer() as running:
        yield running


@pytest.fixture
def sim(outreach_sim: SimulatorServer, clock: FixedClock) -> Control:
    """3 stores, 12 staff, 80 customers, some of them friends of two; no receiving quota until a test asks for one."""
    control = outreach_sim.control
    control.reset()
    control.set_clock(now=clock.now().timestamp(), frozen=True)
    control.seed(customers=80, deleted_share=0)
    control.settings(mass_cap="off")
    return control


@pytest.fixture
def world(
    platform: Platform,
    clock: FixedClock,
    sim: Control,
    outreach_sim: SimulatorServer,
    run_jobs: Callable[[], None],
    app_client: Callable[..., object],
) -> World:
    made = World(platform, clock, sim, outreach_sim.base_url, run_jobs, app_client)
    made.connect_and_sync()
    return made
