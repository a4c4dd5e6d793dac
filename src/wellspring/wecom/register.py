"""What wecom adds to the platform at start: jobs, ticks, executors, its own handlers."""

from __future__ import annotations

from wellspring.wecom.inbox import jobs as inbox_jobs  # noqa: F401 - declares jobs and ticks
from wellspring.wecom.outbox import jobs as outbox_jobs  # noqa: F401
from wellspring.wecom.outbox.executors import register_executors
from wellspring.wecom.sync import jobs as sync_jobs  # noqa: F401
from wellspring.wecom.sync import schedule  # noqa: F401
from wellspring.wecom.sync.events import register_handlers


def register() -> None:
    """Called once per process, before anything is served."""
    register_executors()
    register_handlers()
