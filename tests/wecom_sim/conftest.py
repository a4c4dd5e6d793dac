"""A seeded simulator per test, a wire client, and a receiver of callbacks."""

from collections.abc import Iterator

import pytest
from sim_helpers import Receiver, Wire

from wecom_sim.testing import Control, SimulatorServer


@pytest.fixture(scope="session")
def server() -> Iterator[SimulatorServer]:
    with SimulatorServer() as running:
        yield running


@pytest.fixture
def control(server: SimulatorServer) -> Control:
    """A fresh demo brand with 200 customers."""
    server.control.reset()
    server.control.seed(customers=200)
    return server.control


@pytest.fixture
def wire(server: SimulatorServer, control: Control) -> Wire:
    client = Wire(server)
    client.new_token()
    return client


@pytest.fixture
def receiver(control: Control) -> Iterator[Receiver]:
    listening = Receiver()
    listening.listen_to(control)
    yield listening
    listening.close()
