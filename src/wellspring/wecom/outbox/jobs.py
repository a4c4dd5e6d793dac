"""Jobs and ticks of the outbox."""

from __future__ import annotations

from wellspring.platform.jobs import URGENT, JobContext, job, tick
from wellspring.platform.runtime import Platform
from wellspring.wecom.outbox import sending
from wellspring.wecom.outbox.plan import SEND_JOB, SEND_NOW_JOB


@job(SEND_JOB, transactional=False)
def send_call(context: JobContext, *, outbox_id: int) -> None:
    sending.send(context.platform, outbox_id)


@job(SEND_NOW_JOB, transactional=False, queue=URGENT, priority=10)
def send_urgent_call(context: JobContext, *, outbox_id: int) -> None:
    sending.send(context.platform, outbox_id)


@tick("wecom.outbox.sweep", seconds=5)
def sweep_outbox(platform: Platform) -> None:
    sending.sweep(platform)
