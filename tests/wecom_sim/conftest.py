"""A seeded simulator per test, a wire client, and a receiver of callbacks."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from sim_helpers import Receiver, Wire

from wecom_sim.testing import Control, SimulatorServer, running_simulator

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


server = pytest.fixture(scope="session")(running_simulator)


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


@pytest.fixture(scope="module")
def browser_page(chromium: "Browser") -> "Page":
    return chromium.new_page(viewport={"width": 390, "height": 844})


@pytest.fixture
def phone(browser_page: "Page") -> Iterator["Page"]:
    """A page whose console must stay empty of errors."""
    troubles: list[str] = []
    browser_page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
    browser_page.on("pageerror", lambda error: troubles.append(str(error)))
    yield browser_page
    browser_page.goto("about:blank")
    assert troubles == []
