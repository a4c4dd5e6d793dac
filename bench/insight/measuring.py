"""Time, memory, middle values."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import TypeVar

T = TypeVar("T")
STATUS, CLEAR_REFS = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def timed(action: Callable[[], T]) -> tuple[float, T]:
    """Seconds by the wall clock, and what it answered."""
    began = time.perf_counter()
    found = action()
    return time.perf_counter() - began, found


def side_by_side(actions: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Median seconds of each. They take turns, so that what else the machine does falls on all alike."""
    seconds: list[list[float]] = [[] for _ in actions]
    for turn in range(rounds):
        order = range(len(actions)) if turn % 2 == 0 else range(len(actions) - 1, -1, -1)
        for index in order:
            seconds[index].append(timed(actions[index])[0])
    return [median(one) for one in seconds]


def percentile(values: Sequence[float], percent: int) -> float:
    """Inclusive: the 100th is the largest. At least two values."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def peak_rss_gib() -> float:
    """The most memory that this process had at once, since the last `forget_peak`."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 2**20


def forget_peak() -> None:
    """Begin to watch memory anew, where the system lets us."""
    try:
        CLEAR_REFS.write_text("5")
    except OSError:
        return
