"""Runs jobs and ticks: inside the all-in-one process, or alone as `wellspring worker`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import procrastinate
import structlog

from wellspring.app.domains import register_domains
from wellspring.platform.jobs import QUEUES, Ticker, tick
from wellspring.platform.runtime import Platform

log = structlog.get_logger(__name__)


AGAIN_SECONDS = 1.0


@asynccontextmanager
async def workers(platform: Platform, *, alone: bool) -> AsyncIterator[None]:
    """Jobs and ticks run while the block is open. `alone`: this process is the only worker there can be, so
    whatever counts as running was abandoned by a crash and is taken up at once."""
    register_domains()
    _take_up(platform, alone=alone)
    app = platform.jobs.worker_app(platform)
    ticker = Ticker(platform)
    stop = asyncio.Event()
    async with app.open_async():
        tasks = [asyncio.create_task(_keep_working(platform, app, queue, stop, alone=alone)) for queue in QUEUES]
        ticker.start()
        try:
            yield
        finally:
            stop.set()
            await asyncio.to_thread(ticker.stop)
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task


async def _keep_working(
    platform: Platform, app: procrastinate.App, queue: str, stop: asyncio.Event, *, alone: bool
) -> None:
    """A worker ends when its database does, and nobody else would start another: the process would answer every
    request and do no more work."""
    while not stop.is_set():
        try:
            await app.run_worker_async(
                queues=[queue],
                name=queue,
                concurrency=platform.settings.worker_concurrency,
                install_signal_handlers=False,
                fetch_job_polling_interval=2,
                delete_jobs="successful",
                shutdown_graceful_timeout=10,
            )
        except Exception as error:
            log.warning("worker_ended", queue=queue, error=repr(error)[:300])
        if stop.is_set():
            return
        await asyncio.sleep(AGAIN_SECONDS)
        try:
            await asyncio.to_thread(_ready_again, platform, queue, alone=alone)
        except Exception as error:
            log.warning("worker_waits", queue=queue, error=repr(error)[:300])


def _ready_again(platform: Platform, queue: str, *, alone: bool) -> None:
    if platform.embedded_postgres is not None:
        platform.embedded_postgres.start()
    _take_up(platform, alone=alone, queue=queue)


def _take_up(platform: Platform, *, alone: bool, queue: str | None = None) -> None:
    with platform.database.unit_of_work() as session:
        if abandoned := platform.jobs.retry_abandoned(session, all_running=alone, queue=queue):
            log.info("jobs_taken_up", count=abandoned)


@tick("platform.take_up_abandoned_jobs", seconds=30)
def take_up_abandoned_jobs(platform: Platform) -> None:
    with platform.database.unit_of_work() as session:
        platform.jobs.retry_abandoned(session, all_running=False)
