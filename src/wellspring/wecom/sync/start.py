"""Begin a full sync."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.db import advisory_lock
from wellspring.platform.runtime import Platform
from wellspring.wecom.company import company_row, is_connected
from wellspring.wecom.models import WecomSyncRun
from wellspring.wecom.refusals import CompanyNotConnected

SYNC_JOB = "wecom.sync.run"


def start_full_sync(session: Session, platform: Platform, actor: Actor, *, scheduled: bool = False) -> int:
    """Plan a full sync inside the caller's transaction; answers the run's id. While one is running, answers that one.

    Raises CompanyNotConnected.
    """
    if not is_connected(company_row(session)):
        raise CompanyNotConnected()
    advisory_lock(session, "wecom.sync.start")
    running = session.scalar(select(WecomSyncRun.id).where(WecomSyncRun.status == "running"))
    if running is not None:
        return running
    now = platform.clock.now()
    run = WecomSyncRun(
        kind="scheduled" if scheduled else "full", started_at=now, progress={"stage": "departments", "counts": {}}
    )
    session.add(run)
    session.flush()
    audit.record(
        session, actor=actor, at=now, action="wecom.sync.start", object_type="wecom_sync_run", object_id=run.id
    )
    platform.jobs.defer(session, SYNC_JOB, run_id=run.id)
    return run.id
