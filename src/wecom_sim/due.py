"""What time itself brings about: acts that are set down for a moment and happen when the clock has passed it.

An area says once `due.on("transfer", self._finish)`, and later `due.at(now + 86400, "transfer", key)`. The handler gets
the key, and while it runs the clock shows the moment that was set down, however far the clock jumped: events, ledger
entries and rows carry that time. Entries survive a restart.
"""

import asyncio
import heapq
import logging
from collections.abc import Callable
from dataclasses import dataclass

from wecom_sim.clock import Clock
from wecom_sim.store import Store, Table

Handler = Callable[[str], None]


@dataclass
class DueRow:
    """`number` orders what is due at the same moment: first set down, first done."""

    at: float
    number: int
    kind: str
    key: str


class Due:
    """Run before every HTTP request, whenever the clock is moved, and by `Ticker` as time goes by."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._clock = clock
        self._rows: Table[DueRow] = Table(store, "due", DueRow)
        self._heap = [(row.at, row.number, row_key(row.kind, row.key)) for row in self._rows]
        heapq.heapify(self._heap)
        self._last = max((row.number for row in self._rows), default=0)
        self._handlers: dict[str, Handler] = {}
        self._running = False
        self.wake: Callable[[], None] = lambda: None

    def __len__(self) -> int:
        return len(self._rows)

    def on(self, kind: str, handler: Handler) -> None:
        """Say who does what is due of this kind. Every kind needs its handler before the first `run`."""
        self._handlers[kind] = handler

    def at(self, at: float, kind: str, key: str) -> None:
        """Set down `kind` for `key` at the simulated time `at`; what stood there for the same two is replaced."""
        if kind not in self._handlers:
            raise KeyError(f"nobody handles what is due of kind {kind}")
        self._last += 1
        row = self._rows.put(row_key(kind, key), DueRow(at, self._last, kind, key))
        heapq.heappush(self._heap, (row.at, row.number, row_key(kind, key)))
        self.wake()

    def cancel(self, kind: str, key: str) -> None:
        """Nothing happens where nothing is set down."""
        self._rows.drop(row_key(kind, key))

    def when(self, kind: str, key: str) -> float | None:
        row = self._rows.get(row_key(kind, key))
        return row.at if row else None

    def _next(self) -> DueRow | None:
        """The earliest live entry; entries that were replaced or cancelled fall out here."""
        while self._heap:
            _, number, key = self._heap[0]
            row = self._rows.get(key)
            if row is not None and row.number == number and row.kind in self._handlers:
                return row
            heapq.heappop(self._heap)
        return None

    def run(self) -> int:
        """Do everything whose moment has come, in order of time. Answers how many that were."""
        if self._running:
            return 0
        done = 0
        self._running = True
        try:
            while (row := self._next()) is not None and row.at <= self._clock.now():
                heapq.heappop(self._heap)
                self._rows.drop(row_key(row.kind, row.key))
                with self._clock.as_of(row.at):
                    self._handlers[row.kind](row.key)
                done += 1
        finally:
            self._running = False
        return done

    def seconds_to_next(self) -> float | None:
        """Real seconds until something is due; None when nothing is set down or the clock stands."""
        row = self._next()
        if row is None or self._clock.state.frozen:
            return None
        return max(0.0, (row.at - self._clock.now()) / self._clock.state.speed)


def row_key(kind: str, key: str) -> str:
    return f"{kind}|{key}"


class Ticker:
    """A task in the server's event loop that runs the queue when its time comes, without any call."""

    def __init__(self, due: Callable[[], Due], commit: Callable[[], None]) -> None:
        self._due = due
        self._commit = commit
        self._wake = asyncio.Event()
        self._main: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._main = asyncio.create_task(self._run())

    def wake(self) -> None:
        self._wake.set()

    async def stop(self) -> None:
        if self._main is not None:
            self._main.cancel()
            await asyncio.gather(self._main, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                if self._due().run():
                    self._commit()
            except Exception:
                logging.getLogger(__name__).exception("something that was due could not be done")
            try:
                await asyncio.wait_for(self._wake.wait(), self._due().seconds_to_next())
            except TimeoutError:
                continue
