"""Commits callbacks in groups: what arrives while one transaction is being written goes into the next.

A callback is answered after its commit. One commit for each would bind the intake to the disk's flushes; so one thread
per process takes all that are waiting, up to MAX_GROUP, stores them in one transaction, and answers them together.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue
from weakref import WeakKeyDictionary

import structlog

from wellspring.platform.clock import SystemClock
from wellspring.platform.runtime import Platform
from wellspring.wecom.crypto import CallbackRefused
from wellspring.wecom.inbox.intake import Delivery, Outcome, Proof, known_cipher, open_delivery, store

log = structlog.get_logger(__name__)

MAX_GROUP = 200
IDLE_SECONDS = 30.0
"""Without work for so long the thread ends; the next callback starts another."""


@dataclass(frozen=True)
class _Waiting:
    proof: Proof
    body: bytes
    answer: Future[Outcome] = field(default_factory=Future)


class Collector:
    """One per process and database; thread-safe."""

    def __init__(self, platform: Platform, wire_clock: Callable[[], datetime] | None = None) -> None:
        self._platform = platform
        self._wire_now = wire_clock or SystemClock().now
        self._queue: SimpleQueue[_Waiting] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def take(self, proof: Proof, body: bytes) -> Future[Outcome]:
        """The outcome once it is committed; the future raises CallbackRefused, or what the database raised."""
        waiting = _Waiting(proof, body)
        with self._lock:
            self._queue.put(waiting)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="wecom-intake", daemon=True)
                self._thread.start()
        return waiting.answer

    def _run(self) -> None:
        while (group := self._next_group()) is not None:
            # From here on nobody can cancel: a caller who hung up is stored all the same.
            wanted = [waiting.answer.set_running_or_notify_cancel() for waiting in group]
            self._settle([waiting for waiting, answer in zip(group, wanted, strict=True) if answer])

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

    def _settle(self, group: list[_Waiting]) -> None:
        try:
            outcomes = self._store(group)
        except Exception as error:
            if len(group) > 1:  # one that can't be stored must not keep the others out
                for waiting in group:
                    self._settle([waiting])
                return
            log.warning("wecom_intake_failed", error=repr(error)[:300])
            outcomes = [error]
        for waiting, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, Exception):
                waiting.answer.set_exception(outcome)
            else:
                waiting.answer.set_result(outcome)

    def _store(self, group: list[_Waiting]) -> list[Outcome | Exception]:
        """In one transaction; what is refused is not stored."""
        found: list[Delivery | CallbackRefused] = []
        with self._platform.database.unit_of_work() as session:
            try:
                known = known_cipher(session, self._platform)
            except CallbackRefused as refused:
                return [refused] * len(group)
            for waiting in group:
                try:
                    found.append(open_delivery(known, waiting.proof, waiting.body, wire_now=self._wire_now()))
                except CallbackRefused as refused:
                    found.append(refused)
            genuine = [one for one in found if isinstance(one, Delivery)]
            stored = iter(store(session, self._platform, genuine) if genuine else [])
        return [one if isinstance(one, CallbackRefused) else next(stored) for one in found]


_collectors: WeakKeyDictionary[object, Collector] = WeakKeyDictionary()
_lock = threading.Lock()


def collector_of(platform: Platform) -> Collector:
    with _lock:
        found = _collectors.get(platform.database.engine)
        if found is None:
            found = _collectors[platform.database.engine] = Collector(platform)
        return found
