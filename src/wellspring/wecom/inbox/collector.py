"""Commits callbacks in groups: what arrives while one transaction is being written goes into the next.

A callback is answered after its commit. One commit for each would bind the intake to the disk's flushes; so one thread
per process takes all that are waiting, up to MAX_GROUP, stores them in one transaction, and answers them together.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from wellspring.platform.clock import SystemClock
from wellspring.platform.runtime import Platform
from wellspring.wecom.crypto import CallbackCipher, CallbackRefused
from wellspring.wecom.inbox.intake import Delivery, Outcome, Proof, known_cipher, open_delivery, store

log = structlog.get_logger(__name__)

MAX_GROUP = 200
IDLE_SECONDS = 30.0
"""Without work for so long the thread ends; the next callback starts another."""
DATABASE_AWAY = (OperationalError, PoolTimeout)
"""Says nothing about any one callback: to try each alone would only wait as many times over."""
CIPHER_SECONDS = 1.0
"""The company's callback settings are read again after so long, and at once when something doesn't fit them."""


@dataclass(frozen=True)
class _Waiting:
    proof: Proof
    body: bytes
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Outcome]


class Collector:
    """One per process and database; thread-safe."""

    def __init__(self, platform: Platform, wire_clock: Callable[[], datetime] | None = None) -> None:
        self._platform = platform
        self._wire_now = wire_clock or SystemClock().now
        self._queue: SimpleQueue[_Waiting] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._cipher: tuple[float, tuple[int, CallbackCipher]] | None = None

    async def take(self, proof: Proof, body: bytes) -> Outcome:
        """The outcome once it is committed. Raises CallbackRefused, or what the database raised. A caller who hangs up
        is stored all the same."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(proof, body, loop, loop.create_future())
        with self._lock:
            self._queue.put(waiting)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="wecom-intake", daemon=True)
                self._thread.start()
        return await waiting.answer

    def _run(self) -> None:
        while (group := self._next_group()) is not None:
            _answer(group, self._settled(group))

    def _next_group(self) -> list[_Waiting] | None:
        try:
            group = [self._queue.get(timeout=IDLE_SECONDS)]
        except Empty:
            with self._lock:
                if self._queue.empty():
                    self._thread = None
                    return None
            group = [self._queue.get()]
        while len(group) < MAX_GROUP:
            try:
                group.append(self._queue.get_nowait())
            except Empty:
                break
        return group

    def _settled(self, group: list[_Waiting]) -> list[Outcome | Exception]:
        try:
            return self._stored(group)
        except Exception as error:
            if len(group) > 1 and not isinstance(error, DATABASE_AWAY):
                # One that can't be stored must not keep the others out.
                return [outcome for waiting in group for outcome in self._settled([waiting])]
            log.warning("wecom_intake_failed", waiting=len(group), error=repr(error)[:300])
            return [error] * len(group)

    def _stored(self, group: list[_Waiting]) -> list[Outcome | Exception]:
        """In one transaction; what is refused is not stored."""
        found = [self._opened(waiting, fresh=False) for waiting in group]
        if any(isinstance(one, CallbackRefused) for one in found):
            found = [
                self._opened(waiting, fresh=True) if isinstance(one, CallbackRefused) else one
                for waiting, one in zip(group, found, strict=True)
            ]
        genuine = [one for one in found if isinstance(one, Delivery)]
        outcomes: list[Outcome] = []
        if genuine:
            with self._platform.database.unit_of_work() as session:
                outcomes = store(session, self._platform, genuine)
        stored = iter(outcomes)
        return [one if isinstance(one, CallbackRefused) else next(stored) for one in found]

    def _opened(self, waiting: _Waiting, *, fresh: bool) -> Delivery | CallbackRefused:
        """`fresh`: by settings not older than this delivery."""
        try:
            known = self._known_cipher(time.monotonic() - (0.0 if fresh else CIPHER_SECONDS))
            return open_delivery(known, waiting.proof, waiting.body, wire_now=self._wire_now())
        except CallbackRefused as refused:
            return refused

    def _known_cipher(self, read_after: float) -> tuple[int, CallbackCipher]:
        kept = self._cipher
        if kept is None or kept[0] < read_after:
            began = time.monotonic()
            with self._platform.database.unit_of_work() as session:
                kept = self._cipher = (began, known_cipher(session, self._platform))
        return kept[1]


def _answer(group: list[_Waiting], outcomes: list[Outcome | Exception]) -> None:
    """One call into each event loop, however many wait there."""
    pairs = list(zip(group, outcomes, strict=True))
    for loop in {waiting.loop for waiting in group}:
        mine = [(waiting.answer, outcome) for waiting, outcome in pairs if waiting.loop is loop]
        if not loop.is_closed():
            loop.call_soon_threadsafe(_tell, mine)


def _tell(answers: list[tuple[asyncio.Future[Outcome], Outcome | Exception]]) -> None:
    for answer, outcome in answers:
        if answer.done():  # the caller has hung up
            continue
        if isinstance(outcome, Exception):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)


_collectors: WeakKeyDictionary[object, Collector] = WeakKeyDictionary()
_lock = threading.Lock()


def collector_of(platform: Platform) -> Collector:
    with _lock:
        found = _collectors.get(platform.database.engine)
        if found is None:
            found = _collectors[platform.database.engine] = Collector(platform)
        return found
