"""What runs beside the requests: planning a submitted broadcast, asking WeCom what became of the tasks."""

from __future__ import annotations

from wellspring.outreach import planning
from wellspring.outreach.ledger import lock_broadcast
from wellspring.outreach.reconcile import reconcile
from wellspring.platform.jobs import JobContext, job, tick
from wellspring.platform.runtime import Platform
from wellspring.segments.facade import StaleWarehouse

PLAN = "outreach.plan_broadcast"
STALE_ATTEMPTS = 8
"""Waits of 2, 4, 8 ... seconds: some four minutes in all."""


@job(PLAN, transactional=False, max_attempts=100, priority=5)
def plan_broadcast(context: JobContext, broadcast_id: int) -> None:
    """Goes on until it is done; what holds it up stands on the broadcast. A stale audience is waited for, but
    not for ever: then the broadcast goes back to the operator, who may submit it again."""
    try:
        planning.plan(context.platform, broadcast_id)
    except Exception as error:
        stale = isinstance(error, StaleWarehouse)
        give_up = stale and context.attempt >= STALE_ATTEMPTS
        _note(context, broadcast_id, StaleWarehouse.code if stale else repr(error)[:300], failed=give_up)
        if not give_up:
            raise


def _note(context: JobContext, broadcast_id: int, problem: str, *, failed: bool) -> None:
    with context.unit_of_work() as session:
        broadcast = lock_broadcast(session, broadcast_id)
        if broadcast.status == "planning":
            broadcast.error = problem
            broadcast.status = "failed" if failed else "planning"


@tick("outreach.reconcile", seconds=3)
def reconcile_tick(platform: Platform) -> None:
    reconcile(platform)
