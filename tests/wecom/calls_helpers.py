"""A client of the typed calls on a seeded simulator, one that may not send, and one that answers as told."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import orjson
import pytest

from wecom_sim.testing import Control, SimulatorServer
from wellspring.wecom.calls.auth import GET_TOKEN
from wellspring.wecom.client import AccessToken, Connection, WecomClient
from wellspring.wecom.errors import BadArgument, GiveUp, WecomError

NOW = 1_772_683_200  # Thursday 2026-03-05, 12:00 in Shanghai
DAY = 86_400


class SimTokens:
    """An app's token (the first app's unless told), fetched when there is none and when it was refused."""

    def __init__(self, connection: Connection, control: Control, secret: str = "") -> None:
        self._connection = connection
        self._control = control
        self._secret = secret
        self._token: AccessToken | None = None

    def current(self) -> AccessToken:
        return self._token or self.renewed(AccessToken("", 0))

    def renewed(self, stale: AccessToken) -> AccessToken:
        company = self._control.company()
        query = {"corpid": company["corpid"], "corpsecret": self._secret or company["secret"]}
        reply = self._connection.send(GET_TOKEN, query=query)
        self._token = AccessToken(reply.access_token, stale.generation + 1)
        return self._token


class Brand:
    """A seeded simulator whose clock stands, and a client connected to it."""

    def __init__(self, server: SimulatorServer, customers: int = 60) -> None:
        self.control = server.control
        self.base_url = server.base_url
        self.control.reset()
        self.control.set_clock(now=NOW, frozen=True)
        self.control.seed(customers=customers)
        self._connection = Connection(base_url=server.base_url, sleep=lambda _: None)
        self.client = self._client_with("")
        self.agent_id: int = self.control.company()["agentid"]
        self.userids: list[str] = [one["userid"] for one in self.control.staff()]

    def _client_with(self, secret: str) -> WecomClient:
        tokens = SimTokens(self._connection, self.control, secret)
        return WecomClient(connection=self._connection, tokens=tokens)

    def another_app(self, **wish: Any) -> tuple[int, WecomClient]:
        """Agent id and client of a further app: `rights`, `departments`, `kind` and so on as the control API takes."""
        made = self.control.post("apps", {"name": "another", **wish})
        return made["agentid"], self._client_with(made["secret"])

    def now(self) -> int:
        return int(self.control.clock()["now"])

    def customers_of(self, userid: str) -> list[str]:
        return self.client.customers.ids_of(userid)

    def busy(self, least: int = 3) -> list[str]:
        """Members with at least that many customers."""
        return [one for one in self.userids if len(self._friends(one)) >= least]

    def _friends(self, userid: str) -> list[str]:
        try:
            return self.customers_of(userid)
        except WecomError:
            return []


@contextmanager
def given_up(reason: str) -> Iterator[None]:
    """The call inside is refused for that reason."""
    with pytest.raises(GiveUp) as refused:
        yield
    assert refused.value.reason == reason, refused.value


@contextmanager
def refused_with(errcode: int) -> Iterator[None]:
    """The call inside is refused with that code, whatever kind of error it is."""
    with pytest.raises(WecomError) as refused:
        yield
    assert refused.value.errcode == errcode, refused.value


class _Token:
    def current(self) -> AccessToken:
        return AccessToken("token", 1)

    def renewed(self, stale: AccessToken) -> AccessToken:
        return AccessToken("token", stale.generation + 1)


def _client(answer: Callable[[httpx.Request], httpx.Response]) -> WecomClient:
    connection = Connection(base_url="http://wecom.test", transport=httpx.MockTransport(answer), sleep=lambda _: None)
    return WecomClient(connection=connection, tokens=_Token())


def refused_field(make: Callable[[WecomClient], Any]) -> str:
    """The field that a call is refused for before anything is sent."""

    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"{request.url.path} was sent although it breaks a limit")

    try:
        made = make(_client(answer))
        if hasattr(made, "__next__"):
            list(made)
    except BadArgument as bad:
        return bad.field
    raise AssertionError("nothing was refused")


class Answering:
    """A client that gets the given answers in turn and remembers what it sent."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self._answers = list(answers)
        self.paths: list[str] = []
        self.bodies: list[Any] = []
        self.client = _client(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.path.removeprefix("/cgi-bin/"))
        self.bodies.append(orjson.loads(request.content) if request.content else dict(request.url.params))
        return httpx.Response(200, json={"errcode": 0, "errmsg": "ok", **self._answers.pop(0)})


def png(width: int = 4, height: int = 4, shade: int = 200) -> bytes:
    """A picture that is one."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\0" + bytes([shade]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
