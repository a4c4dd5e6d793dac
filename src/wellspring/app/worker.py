"""Runs jobs and ticks: inside the all-in-one process, or alone as `wellspring worker`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from wellspring.app.domains import register_domains
from wellspring.platform.jobs import QUEUES, Ticker, tick
from wellspring.platform.runtime import Platform

log = structlog.get_logger(__name__)


@asynccontextmanager
async def workers(platform: Platform, *, alone: bool) -> AsyncIterator[None]:
    """Jobs and ticks run while the block is open. `alone`: this process is the only worker there can be, so
    whatever counts as running was abandoned by a crash and is taken up at once."""
    register_domains()
    with platform.database.unit_of_work() as session:
        if abandoned := platform.jobs.retry_abandoned(session, all_running=alone):
            log.info("jobs_taken_up", count=abandoned)
    app = platform.jobs.worker_app(platform)
    ticker = Ticker(platform)
    async with app.open_async():
        tasks = [
            asyncio.create_task(
                app.run_worker_async(
                    queues=[queue],
                    name=queue,
                    concurrency=platform.settings.worker_concurrency,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=2,
                    delete_jobs="successful",
                    shutdown_graceful_timeout=10,
                )
            )
            for queue in QUEUES
        ]
        ticker.start()
        try:
            yield
        finally:
            await asyncio.to_thread(ticker.stop)
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task


@tick("platform.take_up_abandoned_jobs", seconds=30)
def take_up_abandoned_jobs(platform: Platform) -> None:
    with platform.database.unit_of_work() as session:
        platform.jobs.retry_abandoned(session, all_running=False)
