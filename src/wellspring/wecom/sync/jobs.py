"""The sync's job."""

from __future__ import annotations

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from wellspring.platform.jobs import JobContext, job
from wellspring.wecom.errors import OutcomeUnknown, RenewToken, RetryLater, SlowDown
from wellspring.wecom.locks import try_alone
from wellspring.wecom.models import WecomSyncRun
from wellspring.wecom.sync.run import Runner, fail
from wellspring.wecom.sync.start import SYNC_JOB

log = structlog.get_logger(__name__)

AWAY = (RetryLater, SlowDown, RenewToken, OutcomeUnknown, OperationalError)
WAIT_SECONDS = 10
TRIES = 5
"""Of a step that fails for another reason than WeCom's being away."""


@job(SYNC_JOB, transactional=False)
def run_full_sync(context: JobContext, *, run_id: int, failures: int = 0) -> None:
    with try_alone(context.platform, f"wecom.sync:{run_id}") as held:
        if not held:
            return
        try:
            Runner(context.platform, run_id).run()
        except AWAY as error:
            wait = int(error.seconds) if isinstance(error, SlowDown) else WAIT_SECONDS
            _go_on_later(context, run_id, error, wait, failures)
        except Exception as error:
            log.warning("wecom_sync_failed", run_id=run_id, error=repr(error)[:500])
            if failures + 1 >= TRIES:
                fail(context.platform, run_id, error)
            else:
                _go_on_later(context, run_id, error, 2**failures, failures + 1)


def _go_on_later(context: JobContext, run_id: int, error: Exception, wait: int, failures: int) -> None:
    with context.unit_of_work() as session:
        row = session.scalar(
            select(WecomSyncRun).where(WecomSyncRun.id == run_id, WecomSyncRun.status == "running").with_for_update()
        )
        if row is None:
            return
        row.error = f"{type(error).__name__}: {error}"[:500]
        context.platform.jobs.defer(session, SYNC_JOB, schedule_in_seconds=wait, run_id=run_id, failures=failures)
