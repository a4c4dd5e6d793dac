"""Why a welcome that was due may be missing: WeCom's twenty seconds had passed while it could not be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wellspring.app.demo.client import Json

if TYPE_CHECKING:
    from trouble_day import Day

LIFE = 20.0
"""Simulated seconds of a welcome code."""
BLOCK_SECONDS = 60.0
"""Of real time for which nobody calls a path after its 45009."""
ON_THE_WAY = ("externalcontact/get", "externalcontact/send_welcome_msg", "gettoken")
NEEDED_SECONDS = 10.0
"""Of real time, all up and nothing blocked, in which a welcome must have gone out on a slow and busy machine."""

Span = tuple[float, float]


def real_time(clock: Json, real: float, at: float) -> float:
    """The machine's second at which the brand's clock showed `at`; `clock` as it was read at `real`."""
    return real + (at - clock["now"]) / clock["speed"]


def free_seconds(start: float, end: float, taken: list[Span]) -> float:
    """How much of [start, end] no span covers."""
    free, at = 0.0, start
    for since, until in sorted(taken):
        if since > at:
            free += max(0.0, min(since, end) - at)
        at = max(at, until)
    return free + max(0.0, end - at)


class Excuses:
    def __init__(self, day: Day) -> None:
        self._day = day
        outages = [(one.since, one.until) for one in day.world.outages]
        blocks = [(at, at + BLOCK_SECONDS) for path, at in day.blocks if path.removeprefix("/cgi-bin/") in ON_THE_WAY]
        self._taken = outages + blocks

    def _free(self, added_at: float) -> float:
        began = real_time(self._day.clock, self._day.clock_read_at, added_at)
        return free_seconds(began, began + LIFE / self._day.clock["speed"], self._taken)

    def for_a_missing_welcome(self, added_at: float) -> bool:
        return self._free(added_at) < NEEDED_SECONDS

    def account(self, added_at: float) -> str:
        return f"for {self._free(added_at):.0f} s of its life everything was up and nothing was blocked"
