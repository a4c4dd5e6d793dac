"""The clock is passed in, so that it can travel. Instants are timezone-aware UTC."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import httpx

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


class FollowedClock:
    """Follows the clock of a simulator (`GET url` -> {"now": ISO or seconds, "speed", "frozen"}).

    Asked at most every `refresh_seconds` of real time; between two answers the time runs on at the
    speed last reported. When the simulator doesn't answer, the last known course goes on.
    """

    def __init__(self, url: str, refresh_seconds: float = 0.25) -> None:
        self._url = url
        self._refresh = refresh_seconds
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._base = datetime.now(UTC)
        self._base_at = time.monotonic()
        self._speed = 1.0
        self._client = httpx.Client(timeout=1.0, trust_env=False)

    def now(self) -> datetime:
        if time.monotonic() - self._read_at > self._refresh and self._lock.acquire(blocking=False):
            try:
                self._ask()
            finally:
                self._lock.release()
        return self._base + timedelta(seconds=(time.monotonic() - self._base_at) * self._speed)

    def _ask(self) -> None:
        self._read_at = time.monotonic()
        try:
            answer = self._client.get(self._url).json()
            now = answer["now"]
            base = datetime.fromtimestamp(now, UTC) if isinstance(now, int | float) else datetime.fromisoformat(now)
            speed = 0.0 if answer.get("frozen") else float(answer.get("speed", 1.0))
        except (httpx.HTTPError, KeyError, ValueError, TypeError):
            return
        self._base, self._base_at, self._speed = base.astimezone(UTC), time.monotonic(), speed


def start_of_day(instant: datetime, zone: ZoneInfo = DEFAULT_TIME_ZONE) -> datetime:
    """Midnight of the instant's day in `zone`, as UTC."""
    return instant.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
