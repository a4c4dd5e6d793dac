"""A small simulated brand, synced whole into the product: what every test of broadcasts begins with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from outreach_world import World

from simulated_brand import new_brand
from wecom_sim.testing import Control, SimulatorServer
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform


@pytest.fixture
def sim(sim_server: SimulatorServer, clock: FixedClock) -> Control:
    """80 customers, some of them friends of two; no receiving quota until a test asks for one."""
    control = new_brand(sim_server, clock, customers=80, deleted_share=0)
    control.settings(mass_cap="off")
    return control


@pytest.fixture
def world(
    platform: Platform,
    clock: FixedClock,
    sim: Control,
    sim_server: SimulatorServer,
    run_jobs: Callable[[], None],
    app_client: Callable[..., object],
) -> World:
    made = World(platform, clock, sim, sim_server, run_jobs, app_client)
    made.connect_and_sync()
    return made
