"""Jobs of acquisition."""

from __future__ import annotations

from datetime import datetime

from wellspring.acquisition import arrivals
from wellspring.platform.jobs import JobContext, job


@job(arrivals.MARK_JOB, priority=10)
def mark_new_friend(context: JobContext, *, add_id: int, live_code_id: int, at: str) -> None:
    """Tags and remark of a new friend: after the events (20) and welcomes (30) that wait, before the rest."""
    arrivals.mark_new_friend(
        context.session, context.platform, add_id=add_id, live_code_id=live_code_id, at=datetime.fromisoformat(at)
    )
