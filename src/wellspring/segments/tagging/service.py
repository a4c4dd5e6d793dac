"""What an operator does: look how many it would be, start, stop. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.people import facade as people
from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import Invalid
from wellspring.platform.runtime import Platform
from wellspring.segments import service
from wellspring.segments.asking import people_of
from wellspring.segments.definition import parse
from wellspring.segments.errors import TaggingNotFound
from wellspring.segments.membership.watching import need_everybody
from wellspring.segments.snapshots import snapshot_people
from wellspring.segments.tagging.models import SegmentTagging

TAG_PEOPLE = "segments.tag_people"
COUNTED_AT_ONCE = 20_000


@dataclass(frozen=True)
class Preview:
    """`friendships` with active staff would get the tag; `carrying` have it already; `unreachable` people are nobody's friend."""

    people: int
    friendships: int
    carrying: int
    unreachable: int


def preview(session: Session, platform: Platform, actor: Actor, segment_id: int, tag_id: int) -> Preview:
    """Raises SegmentNotFound, StaleWarehouse, Forbidden, Invalid for a tag that can't be put on."""
    need_everybody(actor)
    _need_tag(session, tag_id)
    definition = parse(service.segment(session, segment_id).definition)
    ids, _ = people_of(session, platform, definition, actor.scope)
    friendships = carrying = reached = 0
    for start in range(0, len(ids), COUNTED_AT_ONCE):
        found = people.friendships_for_tag(session, ids[start : start + COUNTED_AT_ONCE], tag_id)
        carrying += sum(one.carries for one in found)
        friendships += sum(not one.carries for one in found)
        reached += len({one.customer_id for one in found})
    return Preview(len(ids), friendships, carrying, len(ids) - reached)


def start(session: Session, platform: Platform, actor: Actor, segment_id: int, tag_id: int) -> SegmentTagging:
    """Write down who is in the segment now and tag them in the background. Safe to repeat: while it runs, the same run
    is answered; afterwards whoever carries the tag is passed over. Raises as `preview` does."""
    need_everybody(actor)
    _need_tag(session, tag_id)
    segment = service.locked(session, segment_id)
    running = session.scalar(
        select(SegmentTagging).where(
            SegmentTagging.segment_id == segment_id,
            SegmentTagging.tag_id == tag_id,
            SegmentTagging.status == "running",
        )
    )
    if running is not None:
        return running
    snapshot = snapshot_people(
        session, platform, actor, definition=segment.definition, scope=actor.scope, segment_id=segment_id
    )
    now = platform.clock.now()
    made = SegmentTagging(
        segment_id=segment_id, tag_id=tag_id, snapshot_id=snapshot.id, total=snapshot.size, started_at=now,
        started_by=actor.name,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.record(
        session,
        actor=actor,
        at=now,
        action="segments.people.tag",
        object_type="segment",
        object_id=segment_id,
        tag_id=tag_id,
        people=made.total,
    )
    platform.jobs.defer(session, TAG_PEOPLE, tagging_id=made.id)
    return made


def stop(session: Session, platform: Platform, actor: Actor, segment_id: int, tagging_id: int) -> SegmentTagging:
    """What is tagged stays tagged. Safe to repeat."""
    found = one(session, segment_id, tagging_id, lock=True)
    if found.status == "running":
        found.status, found.ended_at = "cancelled", platform.clock.now()
        audit.record(
            session,
            actor=actor,
            at=platform.clock.now(),
            action="segments.people.tag_stop",
            object_type="segment",
            object_id=segment_id,
            tag_id=found.tag_id,
            tagged=found.tagged,
        )
    return found


def one(session: Session, segment_id: int, tagging_id: int, *, lock: bool = False) -> SegmentTagging:
    found = session.get(SegmentTagging, tagging_id, with_for_update=True if lock else None)
    if found is None or found.segment_id != segment_id:
        raise TaggingNotFound()
    return found


def newest(session: Session, segment_id: int) -> list[SegmentTagging]:
    """The last fifty, newest first."""
    query = select(SegmentTagging).where(SegmentTagging.segment_id == segment_id)
    return list(session.scalars(query.order_by(SegmentTagging.id.desc()).limit(50)))


def _need_tag(session: Session, tag_id: int) -> None:
    tag = session.get(people.Tag, tag_id)
    if tag is None or tag.deleted_at is not None or tag.wecom_id is None:
        raise Invalid(field="tag_id", zh="这个标签不存在或已删除。", en="This tag is unknown or deleted.")
