"""What outreach adds to the platform at start: jobs, ticks, warehouse feeds, handlers."""

from __future__ import annotations


def register() -> None:
    """Called once per process, before anything is served."""
