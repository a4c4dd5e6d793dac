"""Locks that outlive a transaction and die with the process.

A call to WeCom must not sit inside a transaction, but whoever makes it must be alone with its object, and others must
see at once when they died over it. A session lock of PostgreSQL on a connection of its own is both.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from wellspring.platform.runtime import Platform
from wellspring.wecom.errors import RetryLater

TRY = text("select pg_try_advisory_lock(hashtextextended(:name, 0))")
RELEASE = text("select pg_advisory_unlock(hashtextextended(:name, 0))")
GAP_SECONDS = 0.02


@contextmanager
def try_alone(platform: Platform, name: str, *, wait_seconds: float = 0) -> Iterator[bool]:
    """Hold the lock `name` while the block runs; False when somebody else has it (after waiting that long)."""
    with platform.database.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        end = time.monotonic() + wait_seconds
        while not (held := bool(connection.scalar(TRY, {"name": name}))) and time.monotonic() < end:
            time.sleep(GAP_SECONDS)
        try:
            yield held
        finally:
            if held:
                connection.execute(RELEASE, {"name": name})


@contextmanager
def alone(platform: Platform, name: str, *, wait_seconds: float = 15) -> Iterator[None]:
    """Like `try_alone`, but raises RetryLater when the lock can't be had in time."""
    with try_alone(platform, name, wait_seconds=wait_seconds) as held:
        if not held:
            raise RetryLater(f"{name} is busy")
        yield
