"""What insight does in the background."""

from __future__ import annotations

from sqlalchemy import text

from wellspring.insight.features.lifetime_value.keeping import newest
from wellspring.insight.features.lifetime_value.service import fit_lifetime_value
from wellspring.insight.features.stages import tell_stages
from wellspring.platform import company_settings
from wellspring.platform.jobs import JobContext, job, tick
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import wide

FIT = "insight.fit_lifetime_value"
REBUILD = "insight.rebuild_features"
LOCK = "insight.features"
NIGHT_HOUR = 3
"""From this hour of the company's day on: orders of yesterday are in, and nobody sends."""


@job(FIT, transactional=False, max_attempts=3, retry_wait=60, priority=-10)
def fit_job(context: JobContext, *, by: str, day: str = "") -> None:
    """`day`: the night it was asked for; a second request for the same night does nothing."""
    if day and _fitted_on(context.platform) == day:
        return
    row = fit_lifetime_value(context.platform, by=by)
    if row.status == "fitted":
        wide.rebuild(context.platform)


@job(REBUILD, transactional=False, max_attempts=3, retry_wait=30, priority=-10)
def rebuild_job(context: JobContext) -> None:
    """Settings changed: the columns of everybody are computed anew."""
    wide.rebuild(context.platform)


@tick("insight.night", seconds=300)
def night_tick(platform: Platform) -> None:
    with platform.database.unit_of_work() as session:
        local = platform.clock.now().astimezone(company_settings.read(session).zone)
        day = local.date().isoformat()
        has_orders = session.scalar(text("select 1 from customer_order limit 1"))
        if local.hour < NIGHT_HOUR or not has_orders or _fitted_on(platform) == day:
            return
        platform.jobs.defer(session, FIT, lock=LOCK, by="system", day=day)


@tick("insight.stages", seconds=10)
def stages_tick(platform: Platform) -> None:
    tell_stages(platform)


def _fitted_on(platform: Platform) -> str:
    """The day of the company's calendar of the last fit or refusal."""
    with platform.database.unit_of_work() as session:
        zone = company_settings.read(session).zone
        row = newest(session)
        return row.at.astimezone(zone).date().isoformat() if row else ""
