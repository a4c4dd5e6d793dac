"""The simulator's clock: everything that expires or carries a time stamp asks it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


@dataclass
class ClockState:
    """What of the clock is kept in the state file. `anchor` is simulated Unix seconds at the real instant `real`."""

    anchor: float | None = None
    real: float = 0.0
    speed: float = 1.0
    frozen: bool = False
    jumped: float = 0.0


class Clock:
    """Unix seconds that can be frozen, set, advanced and sped up. It never runs backwards unless it is set back."""

    def __init__(self, state: ClockState | None = None, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self.state = state or ClockState()
        if self.state.anchor is None:
            self.state.anchor = self.state.real = real()
        self._as_of: float | None = None
        self.moved: Callable[[], None] = lambda: None

    def now(self) -> float:
        if self._as_of is not None:
            return self._as_of
        anchor = self.state.anchor or 0.0
        if self.state.frozen:
            return anchor
        return anchor + (self._real() - self.state.real) * self.state.speed

    @contextmanager
    def as_of(self, at: float) -> Iterator[None]:
        """Within, the clock shows `at`: for what was to happen at a moment that a jump passed over."""
        self._as_of = at
        try:
            yield
        finally:
            self._as_of = None

    def stamp(self) -> int:
        """Whole seconds, as the wire carries them."""
        return int(self.now())

    def quota_now(self) -> float:
        """The time that call-frequency windows use: real time plus forward jumps.

        A frozen clock must not trap a caller in one endless minute, and a fast one must not lift the limits.
        """
        return self._real() + self.state.jumped

    def today(self) -> str:
        return datetime.fromtimestamp(self.now(), SHANGHAI).strftime("%Y-%m-%d")

    def _rebase(self, now: float) -> None:
        self.state.anchor, self.state.real = now, self._real()

    def set(self, now: float) -> None:
        self.state.jumped += max(0.0, now - self.now())
        self._rebase(now)
        self.moved()

    def advance(self, seconds: float) -> None:
        self.set(self.now() + seconds)

    def resume(self, now: float) -> None:
        """Go on from `now` as if no time had passed since: after a snapshot was restored."""
        self._rebase(now)

    def freeze(self, frozen: bool = True) -> None:
        self._rebase(self.now())
        self.state.frozen = frozen
        self.moved()

    def set_speed(self, speed: float) -> None:
        self._rebase(self.now())
        self.state.speed = speed
        self.moved()


def midnight(at: float) -> int:
    """The beginning of the day in Asia/Shanghai."""
    day = datetime.fromtimestamp(at, SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(day.timestamp())


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
