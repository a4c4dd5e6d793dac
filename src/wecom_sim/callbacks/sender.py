"""Delivers callbacks: several in flight, 5 s each, three resends (reference, section 3.5)."""

import asyncio
import logging
import secrets
import time
from collections import deque
from collections.abc import Callable
from typing import Literal

import httpx

from wecom_sim import crypto
from wecom_sim.callbacks.state import Callback, Callbacks
from wecom_sim.callbacks.xml import envelope_xml, event_xml
from wecom_sim.company import Company
from wecom_sim.errors import ActionError
from wecom_sim.settings import Settings

Delivery = tuple[Callbacks, Callback, int]
# Told of every attempt: the event, what came of it, why it failed, milliseconds.
Tried = Callable[[Callback, Literal["delivered", "failed", "dropped"], str, float], None]


async def verify_url(url: str, token: str, aes_key: str, corpid: str, timeout: float) -> None:
    """The GET that the platform makes when a callback URL is saved. Raises ActionError where the answer is wrong."""
    secret = secrets.token_hex(16)
    encrypted = crypto.encrypt(aes_key, secret, corpid)
    stamp, nonce = str(int(time.time())), secrets.token_hex(5)
    params = {
        "msg_signature": crypto.signature(token, stamp, nonce, encrypted),
        "timestamp": stamp,
        "nonce": nonce,
        "echostr": encrypted,
    }
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=timeout) as client:
            answer = await client.get(url, params=params)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ActionError("callback_unreachable", f"The callback URL did not answer: {error!r}.", 400) from error
    if answer.status_code != 200 or answer.content != secret.encode():
        raise ActionError(
            "callback_not_verified",
            f"The callback URL answered HTTP {answer.status_code} with {answer.content[:80]!r}; expected the decrypted "
            "echostr alone (openapi callback address request failed).",
            400,
        )


class Sender:
    """Tasks in the server's event loop that empty the queue of `Callbacks`."""

    def __init__(
        self,
        company: Callable[[], Company],
        callbacks: Callable[[], Callbacks],
        settings: Callable[[], Settings],
        commit: Callable[[], None],
        tried: Tried = lambda row, outcome, error, ms: None,
    ) -> None:
        self._company = company
        self._callbacks = callbacks
        self._settings = settings
        self._commit = commit
        self._tried = tried
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: deque[Delivery] = deque()
        self._wake = asyncio.Event()
        self._main: asyncio.Task[None] | None = None
        self._client: httpx.AsyncClient | None = None

    async def start(self) -> None:
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=32)
        self._client = httpx.AsyncClient(trust_env=False, limits=limits)
        self._main = asyncio.create_task(self._run())

    def wake(self) -> None:
        self._wake.set()

    async def stop(self) -> None:
        tasks = [*self._tasks, *([self._main] if self._main else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    async def _run(self) -> None:
        while True:
            while len(self._tasks) < self._settings().callback_workers and (item := self._next()) is not None:
                task = asyncio.create_task(self._deliver(*item))
                self._tasks.add(task)
                task.add_done_callback(self._finished)
            self._wake.clear()
            await self._wake.wait()

    def _next(self) -> Delivery | None:
        """The next event to post; what is to wait or to get lost is put aside without taking up a place."""
        if self._held:
            return self._held.popleft()
        callbacks = self._callbacks()
        while callbacks.waiting:
            row = callbacks.waiting.popleft()
            fate = callbacks.fate()
            if fate.drop:
                callbacks.settle(row, "dropped")
                self._tried(row, "dropped", "", 0.0)
                self._commit()
            elif fate.wait:
                asyncio.get_running_loop().call_later(fate.wait, self._release, (callbacks, row, fate.copies))
            else:
                return callbacks, row, fate.copies
        return None

    def _release(self, item: Delivery) -> None:
        self._held.append(item)
        self._wake.set()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            logging.getLogger(__name__).error("a callback could not be delivered", exc_info=error)

    async def _deliver(self, callbacks: Callbacks, row: Callback, copies: int) -> None:
        for _ in range(copies):
            await self._deliver_once(callbacks, row)

    async def _deliver_once(self, callbacks: Callbacks, row: Callback) -> None:
        settings = self._settings()
        error = ""
        for attempt in range(1 + settings.callback_resends):
            if attempt:
                await asyncio.sleep(settings.callback_retry_gap_seconds)
            row.attempts += 1
            began = time.perf_counter()
            error = await self._post(row, settings.callback_timeout_seconds)
            self._tried(row, "failed" if error else "delivered", error, (time.perf_counter() - began) * 1000)
            if not error:
                break
        callbacks.settle(row, "failed" if error else "delivered", error)
        self._commit()

    async def _post(self, row: Callback, timeout: float) -> str:
        """Empty when the receiver answered 200 in time, else what went wrong."""
        company = self._company()
        message = event_xml(company.corpid, row.created, row.event, row.fields)
        encrypted = crypto.encrypt(company.aes_key, message, company.corpid)
        stamp, nonce = str(int(time.time())), secrets.token_hex(5)
        params = {
            "msg_signature": crypto.signature(company.token, stamp, nonce, encrypted),
            "timestamp": stamp,
            "nonce": nonce,
        }
        body = envelope_xml(company.corpid, str(company.agentid), encrypted).encode()
        assert self._client is not None
        try:
            async with asyncio.timeout(timeout):
                answer = await self._client.post(
                    company.callback_url,
                    params=params,
                    content=body,
                    headers={"content-type": "text/xml"},
                    timeout=None,
                )
        except TimeoutError:
            return f"no answer in {timeout:g} s"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return repr(error)[:200]
        return "" if answer.status_code == 200 else f"HTTP {answer.status_code}"
