"""Spends calls from windows that all processes share through PostgreSQL.

A process takes permits in small leases, so that most calls cost no query: a lease is what it used lately, at most one
hundredth of the window, and ends after two seconds; what is left goes back. So the windows are never overdrawn, and a
process that dies wastes one lease. Windows are real time, the database's: WeCom doesn't know of the platform's clock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wellspring.platform.db import Database
from wellspring.wecom.errors import SlowDown
from wellspring.wecom.models import WecomQuotaWindow
from wellspring.wecom.quota.limits import SECONDS, SPANS, Limits, Span, limits_of

log = structlog.get_logger(__name__)

LEASE_SECONDS = 2.0
LEASE_SHARE = 100
"""A lease is at most this fraction of the smallest window's limit."""


@dataclass
class _Lease:
    """`windows`: when each window that was drawn on began."""

    left: int
    size: int
    ends: float
    windows: dict[Span, datetime]


class SharedBudget:
    """The client's `budget`: one per process; thread-safe."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._leases: dict[tuple[str, bool], _Lease] = {}

    def spend(self, path: str, *, bulk: bool) -> None:
        with self._lock:
            lease = self._leases.get((path, bulk))
            if lease is None or lease.left <= 0 or self._clock() >= lease.ends:
                lease = self._renew(path, bulk, lease)
            lease.left -= 1

    def closed(self, path: str) -> float:
        """Closes the longest window that is half used by our own count, else the minute; a window that was closed and
        is refused again makes it the next longer one. Answers the seconds of the block."""
        with self._lock, self._database.unit_of_work() as session:
            for key in [key for key in self._leases if key[0] == path]:
                del self._leases[key]
            limits = limits_of(path)
            now, rows = _locked_windows(session, path, limits)
            span = _guilty(now, rows, limits)
            row = rows[span]
            row.blocked_until = now + timedelta(seconds=SECONDS[span])
            log.warning("wecom_window_closed", path=path, span=span)
            return float(SECONDS[span])

    def _renew(self, path: str, bulk: bool, old: _Lease | None) -> _Lease:
        limits = limits_of(path)
        most = max(1, min(limits.spans.values()) // LEASE_SHARE)
        size = 1
        if old is not None:
            used_up = old.left <= 0 and self._clock() < old.ends
            size = min(most, old.size * 2) if used_up else max(1, min(most, old.size - old.left))
        with self._database.unit_of_work() as session:
            now, rows = _locked_windows(session, path, limits)
            if old is not None and old.left > 0:
                for span, began in old.windows.items():
                    if rows[span].window_start == began:
                        rows[span].used = max(0, rows[span].used - old.left)
                old.left = 0
            room, wait = _room(now, rows, limits, bulk)
            if wait:
                raise SlowDown(f"{path}: the budget of calls is used up", path=path, seconds=wait)
            size = min(size, room)
            for row in rows.values():
                row.used += size
            windows: dict[Span, datetime] = {span: row.window_start for span, row in rows.items()}
        lease = _Lease(size, size, self._clock() + LEASE_SECONDS, windows)
        self._leases[(path, bulk)] = lease
        return lease


def _locked_windows(session: Session, path: str, limits: Limits) -> tuple[datetime, dict[Span, WecomQuotaWindow]]:
    """The database's time, and the rows of the path, brought into the present window."""
    now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    spans = [span for span in SPANS if span in limits.spans]
    rows = [{"path": path, "span": span, "window_start": _start(now, span)} for span in spans]
    session.execute(insert(WecomQuotaWindow).values(rows).on_conflict_do_nothing())
    found = session.scalars(
        select(WecomQuotaWindow)
        .where(WecomQuotaWindow.path == path, WecomQuotaWindow.span.in_(spans))
        .order_by(WecomQuotaWindow.span)
        .with_for_update()
    )
    by_span: dict[Span, WecomQuotaWindow] = {}
    for row in found:
        start = _start(now, row.span)
        if row.window_start < start:
            row.window_start, row.used = start, 0
        by_span[row.span] = row
    return now, by_span


def _start(now: datetime, span: Span) -> datetime:
    """Windows are counted from 1970: minutes, hours, UTC days, 30 days."""
    length = SECONDS[span]
    return datetime.fromtimestamp(int(now.timestamp()) // length * length, now.tzinfo)


def _room(now: datetime, rows: dict[Span, WecomQuotaWindow], limits: Limits, bulk: bool) -> tuple[int, float]:
    """Permits there are, and the seconds to wait when there are none."""
    room, wait = 1 << 30, 0.0
    for span, row in rows.items():
        if row.blocked_until is not None and row.blocked_until > now:
            wait = max(wait, (row.blocked_until - now).total_seconds())
        left = limits.share(span, bulk=bulk) - row.used
        if left <= 0:
            ends = row.window_start + timedelta(seconds=SECONDS[span])
            wait = max(wait, (ends - now).total_seconds(), 0.05)
        room = min(room, left)
    return room, wait


def _guilty(now: datetime, rows: dict[Span, WecomQuotaWindow], limits: Limits) -> Span:
    half_used = [span for span, row in rows.items() if row.used * 2 >= limits.spans[span]]
    candidates = sorted(rows, key=lambda span: SECONDS[span])
    guilty = max(half_used, key=lambda span: SECONDS[span], default=candidates[0])
    row = rows[guilty]
    longer = [span for span in candidates if SECONDS[span] > SECONDS[guilty]]
    just_over = row.blocked_until is not None and now - row.blocked_until < timedelta(seconds=SECONDS[guilty])
    return longer[0] if just_over and longer else guilty
