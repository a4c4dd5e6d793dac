"""Jobs and ticks of the inbox."""

from __future__ import annotations

from wellspring.platform.jobs import URGENT, JobContext, job, tick
from wellspring.platform.runtime import Platform
from wellspring.wecom.inbox import handling
from wellspring.wecom.inbox.intake import HANDLE_JOB, WELCOME_JOB
from wellspring.wecom.outbox import sending


@job(HANDLE_JOB, transactional=False, priority=20)
def handle_callbacks(context: JobContext, *, inbox_ids: list[int]) -> None:
    handling.handle_many(context.platform, inbox_ids)


@job(WELCOME_JOB, transactional=False, queue=URGENT)
def handle_welcome(context: JobContext, *, inbox_ids: list[int]) -> None:
    """A friendship with a welcome code: never behind anything else, and its welcome at once."""
    for inbox_id in inbox_ids:
        for outbox_id in handling.handle(context.platform, inbox_id):
            sending.send(context.platform, outbox_id)


@tick("wecom.inbox.sweep", seconds=10)
def sweep_inbox(platform: Platform) -> None:
    handling.sweep(platform)


@tick("wecom.inbox.forget", seconds=3600)
def forget_handled(platform: Platform) -> None:
    while handling.forget(platform) == handling.FORGET_AT_ONCE:
        pass
