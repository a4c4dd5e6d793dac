"""The WeCom simulator of a run, a brand in it, and the product connected to both: its calls and its callbacks."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import pytest
import uvicorn

from wecom_sim.testing import Control, SimulatorServer
from wellspring.app.api import create_app
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.clock import Clock
from wellspring.platform.runtime import Platform
from wellspring.wecom.facade import connect_company


@pytest.fixture(scope="session")
def sim_server() -> Iterator[SimulatorServer]:
    with SimulatorServer() as running:
        yield running


def new_brand(server: SimulatorServer, clock: Clock, **seeding: Any) -> Control:
    """3 stores and 12 staff unless told otherwise, nothing left of the test before; the simulator's clock stands where
    the platform's stands."""
    server.control.reset()
    server.control.set_clock(now=clock.now().timestamp(), frozen=True)
    server.control.seed(**seeding)
    return server.control


def connect(platform: Platform, server: SimulatorServer) -> None:
    company = server.control.company()
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
            base_url=server.base_url,
            name=company["name"],
        )


class ApiServer:
    """The product's API in a thread, for the simulator's callbacks."""

    def __init__(self, platform: Platform) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{port}"
        self._server = uvicorn.Server(uvicorn.Config(create_app(platform), port=port, log_level="error"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        end = time.monotonic() + 15
        while not self._server.started:
            assert time.monotonic() < end, "the API did not start"
            time.sleep(0.01)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=15)
