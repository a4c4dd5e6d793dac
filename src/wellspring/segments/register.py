"""What segments adds to the platform at start: jobs, ticks, warehouse feeds, handlers."""

from __future__ import annotations

from wellspring.platform.jobs import tick
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import after_load
from wellspring.segments.membership.refresh import refresh_all
from wellspring.segments.tagging import jobs as _jobs  # noqa: F401 - declares its job


def register() -> None:
    """Called once per process, before anything is served."""
    after_load(follow_changes)


def follow_changes(platform: Platform) -> None:
    """Continuous segments, right behind the loader."""
    refresh_all(platform, ["continuous"])


@tick("segments.refresh", seconds=10)
def refresh_tick(platform: Platform) -> None:
    """Those whose time has come: by schedule, at midnight, and where a condition runs out."""
    refresh_all(platform, ["continuous", "scheduled"])
