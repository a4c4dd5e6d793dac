"""The shared token: one renewal, however many ask."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from wecom_sim.testing import Control, SimulatorServer
from wellspring.platform.clock import FixedClock
from wellspring.platform.runtime import Platform
from wellspring.wecom.client import AccessToken, Connection, WecomClient
from wellspring.wecom.errors import GiveUp
from wellspring.wecom.models import WecomAccessToken
from wellspring.wecom.tokens import SharedToken


class Gate:
    """A transport that counts gettoken calls and answers the rest by whether the token is the current one."""

    def __init__(self) -> None:
        self.issued = 0
        self.refuse_secret = False
        self.lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/gettoken"):
            with self.lock:
                self.issued += 1
                number = self.issued
            if self.refuse_secret:
                return httpx.Response(200, json={"errcode": 40001, "errmsg": "invalid credential"})
            return httpx.Response(200, json={"errcode": 0, "access_token": f"token-{number}", "expires_in": 7200})
        if request.url.params["access_token"] == f"token-{self.issued}":
            return httpx.Response(200, json={"errcode": 0, "ip_list": ["1.1.1.1"]})
        return httpx.Response(200, json={"errcode": 40014, "errmsg": "invalid access_token"})


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def process(platform: Platform, gate: Gate) -> Callable[[], WecomClient]:
    """`process()`: what one process has: its own memory, the same database."""

    def make() -> WecomClient:
        connection = Connection(base_url="http://wecom.test", transport=httpx.MockTransport(gate), sleep=lambda s: None)
        tokens = SharedToken(
            database=platform.database,
            secrets=platform.secrets,
            clock=platform.clock,
            connection=connection,
            corp_id="ww1",
            app_secret="app-secret",
        )
        return WecomClient(connection=connection, tokens=tokens)

    return make


def at_once(number: int, work: Callable[[int], None]) -> None:
    barrier = threading.Barrier(number)
    failures: list[BaseException] = []

    def run(index: int) -> None:
        barrier.wait()
        try:
            work(index)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


def test_twenty_threads_of_four_processes_fetch_one_token(process: Callable[[], WecomClient], gate: Gate) -> None:
    clients = [process() for _ in range(4)]
    at_once(20, lambda index: clients[index % 4].addresses.callback_ips())  # type: ignore[arg-type,return-value]
    assert gate.issued == 1


def test_a_token_taken_back_is_renewed_once(process: Callable[[], WecomClient], gate: Gate) -> None:
    clients = [process() for _ in range(4)]
    for client in clients:
        client.addresses.callback_ips()
    gate.issued = 7  # WeCom took token-1 back: only token-8, the next one, is good
    at_once(20, lambda index: clients[index % 4].addresses.callback_ips())  # type: ignore[arg-type,return-value]
    assert gate.issued == 8


def test_a_token_is_renewed_before_its_time_is_over(
    process: Callable[[], WecomClient], gate: Gate, clock: FixedClock
) -> None:
    client = process()
    client.addresses.callback_ips()
    clock.advance(timedelta(seconds=7200 - 299))
    client.addresses.callback_ips()
    assert gate.issued == 2


def test_a_wrong_secret_is_not_tried_again_and_again(process: Callable[[], WecomClient], gate: Gate) -> None:
    gate.refuse_secret = True
    client = process()
    for _ in range(5):
        with pytest.raises(GiveUp) as given_up:
            client.addresses.callback_ips()
        assert given_up.value.reason == "wrong_secret"
    assert gate.issued == 1


def test_the_token_is_sealed_and_never_printed(
    process: Callable[[], WecomClient], gate: Gate, platform: Platform
) -> None:
    process().addresses.callback_ips()
    with platform.database.unit_of_work() as session:
        row = session.scalars(select(WecomAccessToken)).one()
        assert row.token_sealed is not None
        assert b"token-1" not in row.token_sealed
        assert platform.secrets.open(row.token_sealed) == "token-1"
    assert "hidden" not in repr(AccessToken("hidden", 1))


def test_the_simulator_taking_tokens_back_is_not_noticed(
    connected: Platform, sim: Control, sim_server: SimulatorServer
) -> None:
    from wellspring.wecom.facade import get_client

    client = get_client(connected)
    assert len(client.customers.follow_users()) == 12
    sim.post("tokens/revoke")
    assert len(client.customers.follow_users()) == 12
