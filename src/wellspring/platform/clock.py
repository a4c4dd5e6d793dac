"""The clock is passed in, so that it can travel. Instants are timezone-aware UTC."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import httpx

from wellspring.platform.errors import StartError

DEFAULT_TIME_ZONE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> datetime:
        """The current instant, aware, UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """Stands still until moved; for tests."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def now(self) -> datetime:
        return self._instant

    def advance(self, delta: timedelta) -> None:
        self._instant += delta


@dataclass(frozen=True)
class _Course:
    """Where a followed clock was when it was read, and how fast it goes. One object, so that no reader sees half a new one."""

    base: datetime
    read_at: float
    speed: float


class FollowedClock:
    """Follows the clock of a simulator (`GET url` -> {"now": ISO or seconds, "speed", "frozen"}).

    Asked at most every `refresh_seconds` of real time; between two answers the time runs on at the
    speed last reported. When the simulator doesn't answer, the last known course goes on. Before the first
    answer there is no course: everyone waits for it, because a time made up would be years away from the
    simulator's, and whatever looks at "the last 90 days" would find nothing and believe it. Raises StartError
    when no answer comes within `patience_seconds`.
    """

    def __init__(self, url: str, refresh_seconds: float = 0.25, patience_seconds: float = 60) -> None:
        self._url = url
        self._refresh = refresh_seconds
        self._patience = patience_seconds
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._course: _Course | None = None
        self._client = httpx.Client(timeout=1.0, trust_env=False)

    def now(self) -> datetime:
        course = self._course or self._first()
        if time.monotonic() - self._asked_at > self._refresh and self._lock.acquire(blocking=False):
            try:
                course = self._ask() or course
            finally:
                self._lock.release()
        return course.base + timedelta(seconds=(time.monotonic() - course.read_at) * course.speed)

    def _first(self) -> _Course:
        began = time.monotonic()
        with self._lock:
            while (course := self._course or self._ask()) is None:
                if time.monotonic() - began > self._patience:
                    raise StartError(f"The clock at {self._url} (WELLSPRING_CLOCK_URL) does not answer.")
                time.sleep(self._refresh)
        return course

    def _ask(self) -> _Course | None:
        self._asked_at = time.monotonic()
        try:
            answer = self._client.get(self._url).json()
            now = answer["now"]
            base = datetime.fromtimestamp(now, UTC) if isinstance(now, int | float) else datetime.fromisoformat(now)
            speed = 0.0 if answer.get("frozen") else float(answer.get("speed", 1.0))
        except (httpx.HTTPError, KeyError, ValueError, TypeError):
            return None
        self._course = _Course(base.astimezone(UTC), time.monotonic(), speed)
        return self._course


def start_of_day(instant: datetime, zone: ZoneInfo = DEFAULT_TIME_ZONE) -> datetime:
    """Midnight of the instant's day in `zone`, as UTC."""
    return instant.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
