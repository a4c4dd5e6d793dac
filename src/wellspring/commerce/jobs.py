"""What commerce does in the background."""

from __future__ import annotations

import time

from sqlalchemy import select

from wellspring.commerce.imports.files import path_of, sweep
from wellspring.commerce.imports.running import RUN_IMPORT, run_import
from wellspring.commerce.models import ImportRun
from wellspring.commerce.orders.batches import forget_old_keys
from wellspring.platform.jobs import JobContext, job, tick
from wellspring.platform.runtime import Platform

ATTEMPTS = 3
KEEP_UPLOADS_SECONDS = 7 * 24 * 3600


@job(RUN_IMPORT, transactional=False, max_attempts=ATTEMPTS, retry_wait=5)
def run_import_job(context: JobContext, *, import_id: int) -> None:
    run_import(context.platform, import_id, last_attempt=context.attempt >= ATTEMPTS)


@tick("commerce.sweep_uploads", seconds=3600)
def sweep_uploads(platform: Platform) -> None:
    """Uploads that are done with, and those that nobody came back to within a week."""
    with platform.database.unit_of_work() as session:
        live = session.scalars(select(ImportRun).where(ImportRun.status == "running")).all()
        names = {path_of(platform, run).name for run in live}
    sweep(platform, names, older_than_seconds=KEEP_UPLOADS_SECONDS, now=time.time())


@tick("commerce.forget_old_keys", seconds=3600)
def forget_idempotency_keys(platform: Platform) -> None:
    """Keys are kept for a month: no integrator repeats a batch after that."""
    with platform.database.unit_of_work() as session:
        forget_old_keys(session, platform.clock.now())
