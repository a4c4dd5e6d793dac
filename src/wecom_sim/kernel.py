"""What every area of the simulator shares: clock, due-queue, ids, settings, company, ledger, events, tables."""

from collections.abc import Callable
from typing import Any

import orjson

from wecom_sim.callbacks.state import Callbacks
from wecom_sim.clock import Clock, ClockState
from wecom_sim.company import Company, new_company
from wecom_sim.due import Due
from wecom_sim.ids import Cursors, Ids, IdState
from wecom_sim.ledger import Ledger
from wecom_sim.settings import Settings
from wecom_sim.store import Store, Table

DEFAULT_BRAND = "半山集"


class Kernel:
    """`clock` and `settings` override what the state file has (a seeding keeps them)."""

    def __init__(
        self, store: Store, seed: int = 1, clock: ClockState | None = None, settings: Settings | None = None
    ) -> None:
        self.store = store
        self._clocks: Table[ClockState] = Table(store, "clock", ClockState)
        self._ids: Table[IdState] = Table(store, "ids", IdState)
        self._settings: Table[Settings] = Table(store, "settings", Settings)
        self._companies: Table[Company] = Table(store, "company", Company)
        self.clock = Clock(clock or self._clocks.get("now"))
        self._clocks.put("now", self.clock.state)
        self.due = Due(store, self.clock)
        self.clock.moved = self._clock_moved
        self.ids = Ids(self._ids.get("now") or IdState(seed))
        self._ids.put("now", self.ids.state)
        self.settings = self._settings.put("now", settings or self._settings.get("now") or Settings())
        self.company = self._companies.get("now") or self._companies.put("now", new_company(self.ids, DEFAULT_BRAND))
        self._in_memory: dict[str, tuple[Callable[[], Any], Callable[[Any], None]]] = {}
        self._written: dict[str, bytes] = {}
        self.cursors = Cursors(f"cursor key {self.ids.state.seed}".encode())
        self.ledger = Ledger(store, self.clock)
        self.callbacks = Callbacks(store, self.clock, self.ledger)
        self.keep_in_memory("callback_faults", self.callbacks.dice, self.callbacks.load_dice)
        self.callbacks.configured = lambda: bool(self.company.callback_url)

    def keep_in_memory(self, name: str, save: Callable[[], Any], load: Callable[[Any], None]) -> None:
        """Something that no state file has but a snapshot needs, as JSON."""
        self._in_memory[name] = (save, load)

    def in_memory(self) -> dict[str, Any]:
        return {name: save() for name, (save, _) in self._in_memory.items()}

    def load_in_memory(self, kept: dict[str, Any]) -> None:
        for name, value in kept.items():
            if name in self._in_memory:
                self._in_memory[name][1](value)

    def _clock_moved(self) -> None:
        self.due.run()
        self.due.wake()

    def use_company(self, company: Company) -> None:
        self.company = self._companies.put("now", company)

    def commit(self) -> None:
        """Make durable what was changed; called before an answer goes out."""
        if not self.store.kept:
            return
        for table in (self._clocks, self._ids, self._settings, self._companies):
            # These four are changed in place all over the code: comparing is simpler than telling.
            now = orjson.dumps(table.get("now"))
            if self._written.get(table.name) != now:
                self._written[table.name] = now
                table.touch("now")
        self.store.commit()
