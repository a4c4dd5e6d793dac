"""The queue of events and what became of each."""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from wecom_sim.clock import Clock
from wecom_sim.dice import dice_from, dice_state
from wecom_sim.ledger import Ledger
from wecom_sim.store import Store, Table

Status = Literal["pending", "delivered", "failed", "dropped", "skipped"]


@dataclass
class Callback:
    """One event; `attempts` counts POSTs, `created` is simulated seconds."""

    number: int
    event: str
    created: int
    fields: dict[str, Any]
    status: Status = "pending"
    attempts: int = 0
    last_error: str = ""


@dataclass
class CallbackFaults:
    """Chances from 0 to 1 per event. A delayed or reordered event waits up to `delay_seconds` of real time."""

    drop: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    delay: float = 0.0
    delay_seconds: float = 1.0
    seed: int = 1


@dataclass
class Fate:
    drop: bool = False
    copies: int = 1
    wait: float = 0.0


@dataclass
class CallbackCounts:
    raised: int = 0
    delivered: int = 0
    failed: int = 0
    dropped: int = 0
    skipped: int = 0
    attempts: int = 0
    resends: int = 0


class Callbacks:
    """Raises events; the sender takes them from `waiting`."""

    def __init__(self, store: Store, clock: Clock, ledger: Ledger) -> None:
        self._clock = clock
        self._ledger = ledger
        self.rows: Table[Callback] = Table(store, "callback", Callback)
        self.faults = CallbackFaults()
        self._random = random.Random(1)  # noqa: S311
        self.waiting: deque[Callback] = deque(row for row in self.rows if row.status == "pending")
        self.wake: Callable[[], None] = lambda: None
        self.skipped: Callable[[Callback], None] = lambda row: None
        self.configured: Callable[[], bool] = lambda: False

    def set_faults(self, faults: CallbackFaults) -> None:
        self.faults = faults
        self._random = random.Random(faults.seed)  # noqa: S311

    def dice(self) -> Any:
        return [asdict(self.faults), dice_state(self._random)]

    def load_dice(self, kept: Any) -> None:
        self.faults = CallbackFaults(**kept[0])
        self._random = dice_from(kept[1])

    def raise_event(self, event: str, **fields: Any) -> Callback:
        """Queue one event; fields that are None or empty are left out, as on the wire. Lists and mappings nest (xml.py)."""
        number = len(self.rows) + 1
        kept = {name: value for name, value in fields.items() if value is not None and value != ""}
        row = Callback(number, event, self._clock.stamp(), kept)
        self.rows.put(str(number), row)
        if self.configured():
            self.waiting.append(row)
            self.wake()
        else:
            row.status = "skipped"
            self.skipped(row)
        return row

    def fate(self) -> Fate:
        faults, rand = self.faults, self._random.random
        if faults.drop and rand() < faults.drop:
            return Fate(drop=True)
        fate = Fate(copies=2 if faults.duplicate and rand() < faults.duplicate else 1)
        if (faults.reorder and rand() < faults.reorder) or (faults.delay and rand() < faults.delay):
            fate.wait = self._random.uniform(0, faults.delay_seconds)
        return fate

    def settle(self, row: Callback, status: Status, error: str = "") -> None:
        row.status = status
        row.last_error = error
        self.rows.touch(str(row.number))
        self._ledger.write(
            f"callback_{status}",
            str(row.fields.get("UserID", "")),
            str(row.fields.get("ExternalUserID", "")),
            number=row.number,
            event=row.event,
            change_type=row.fields.get("ChangeType", ""),
            attempts=row.attempts,
            error=error,
        )

    def counts(self) -> CallbackCounts:
        counts = CallbackCounts(raised=len(self.rows))
        for row in self.rows:
            if row.status != "pending":
                setattr(counts, row.status, getattr(counts, row.status) + 1)
            counts.attempts += row.attempts
            counts.resends += max(0, row.attempts - 1)
        return counts

    def pending(self) -> int:
        return sum(1 for row in self.rows if row.status == "pending")
