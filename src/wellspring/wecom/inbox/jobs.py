"""Jobs and ticks of the inbox."""

from __future__ import annotations

from wellspring.platform.jobs import JobContext, job, tick
from wellspring.platform.runtime import Platform
from wellspring.wecom.inbox import handling
from wellspring.wecom.inbox.intake import HANDLE_JOB


@job(HANDLE_JOB, transactional=False, priority=20)
def handle_callback(context: JobContext, *, inbox_id: int) -> None:
    handling.handle(context.platform, inbox_id)


@tick("wecom.inbox.sweep", seconds=10)
def sweep_inbox(platform: Platform) -> None:
    handling.sweep(platform)
