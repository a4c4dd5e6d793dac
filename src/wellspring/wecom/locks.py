"""Being alone with an object at WeCom.

A call to WeCom must not sit inside a transaction, but whoever makes it must be alone with its object, and others must
see at once when they died over it: the database's locks that outlive a transaction and die with the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from wellspring.platform.runtime import Platform
from wellspring.wecom.errors import RetryLater


def try_alone(platform: Platform, name: str, *, wait_seconds: float = 0) -> AbstractContextManager[bool]:
    """Hold the lock `name` while the block runs; False when somebody else has it (after waiting that long)."""
    return platform.database.try_alone(name, wait_seconds=wait_seconds)


@contextmanager
def alone(platform: Platform, name: str, *, wait_seconds: float = 15) -> Iterator[None]:
    """Like `try_alone`, but raises RetryLater when the lock can't be had in time."""
    with try_alone(platform, name, wait_seconds=wait_seconds) as held:
        if not held:
            raise RetryLater(f"{name} is busy")
        yield
