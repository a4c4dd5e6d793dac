"""Tagging in batches. A batch is one transaction with its place in the list: killed at any moment, it is done again or not at all."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from wellspring.people import facade as people
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.errors import Invalid
from wellspring.platform.jobs import JobContext, job
from wellspring.segments.models import SegmentSnapshotMember
from wellspring.segments.tagging.models import SegmentTagging
from wellspring.segments.tagging.service import TAG_PEOPLE

BATCH = 100
PAUSE_SECONDS = 2
"""Between batches: each friendship is a call to WeCom, and what others plan shall not wait behind thousands of them."""


@job(TAG_PEOPLE, max_attempts=100, priority=-5)
def tag_people(context: JobContext, tagging_id: int) -> None:
    session = context.session
    run = session.get_one(SegmentTagging, tagging_id, with_for_update=True)
    if run.status != "running":
        return
    member = SegmentSnapshotMember
    ids = session.scalars(
        select(member.customer_id)
        .where(member.snapshot_id == run.snapshot_id, member.customer_id > run.at_customer)
        .order_by(member.customer_id)
        .limit(BATCH)
    ).all()
    actor = replace(SYSTEM, name=run.started_by)
    for friendship in people.friendships_for_tag(session, ids, run.tag_id):
        if friendship.carries:
            continue
        try:
            planned = people.apply_tags(session, context.platform, actor, friendship.relationship_id, [run.tag_id])
        except Invalid as refused:  # the tag was deleted meanwhile
            run.status, run.ended_at, run.error = "failed", context.now(), refused.message("zh")
            return
        run.tagged += planned is not None
    run.seen += len(ids)
    if len(ids) < BATCH:
        run.status, run.ended_at = "done", context.now()
        return
    run.at_customer = ids[-1]
    context.platform.jobs.defer(session, TAG_PEOPLE, schedule_in_seconds=PAUSE_SECONDS or None, tagging_id=tagging_id)
