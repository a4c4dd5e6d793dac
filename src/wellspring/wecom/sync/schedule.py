"""Reconciliation by itself: a full sync every so many nights, which finds what callbacks lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.platform import company_settings
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.jobs import tick
from wellspring.platform.runtime import Platform
from wellspring.platform.stored_settings import StoredSettings
from wellspring.wecom.company import company_row
from wellspring.wecom.models import WecomSyncRun
from wellspring.wecom.sync.start import start_full_sync


class Reconciliation(BaseModel):
    """`hour`: of the company's day, 0 to 23; `every_days`: 1 is every night."""

    enabled: bool = True
    hour: int = Field(3, ge=0, le=23)
    every_days: int = Field(1, ge=1, le=30)


RECONCILIATION = StoredSettings("wecom.reconciliation", Reconciliation)


def next_due(settings: Reconciliation, last_started: datetime, zone: ZoneInfo) -> datetime:
    """The first `hour` that is `every_days` calendar days after the day of the last run, or later on the last run's
    own day when that began before the hour and every day is wanted."""
    local = last_started.astimezone(zone)
    due = local.replace(hour=settings.hour, minute=0, second=0, microsecond=0)
    if local >= due or settings.every_days > 1:
        due += timedelta(days=settings.every_days)
    return due


def start_if_due(session: Session, platform: Platform) -> int | None:
    """The run's id when one was started. Nothing is started before the first sync by hand, nor while one runs."""
    settings = RECONCILIATION.read(session)
    company = company_row(session)
    if not settings.enabled or company is None or company.last_full_sync_at is None:
        return None
    last = session.scalar(select(WecomSyncRun).order_by(WecomSyncRun.id.desc()).limit(1))
    if last is None or last.status == "running":
        return None
    if platform.clock.now() < next_due(settings, last.started_at, company_settings.read(session).zone):
        return None
    return start_full_sync(session, platform, SYSTEM, scheduled=True)


@tick("wecom.reconcile", seconds=60)
def reconcile_when_due(platform: Platform) -> None:
    with platform.database.unit_of_work() as session:
        start_if_due(session, platform)
