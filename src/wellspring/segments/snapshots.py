"""The people of a segment at one time, kept for good."""

from __future__ import annotations

from sqlalchemy.orm import Session

from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor, Scope
from wellspring.platform.db import raw_connection
from wellspring.platform.runtime import Platform
from wellspring.segments.asking import people_of
from wellspring.segments.definition import parse
from wellspring.segments.models import SegmentSnapshot


def snapshot_people(
    session: Session,
    platform: Platform,
    actor: Actor,
    *,
    definition: object,
    scope: Scope,
    segment_id: int | None = None,
) -> SegmentSnapshot:
    """Write down who is in the segment now. Raises InvalidDefinition, StaleWarehouse."""
    tree = parse(definition)
    ids, as_of = people_of(session, platform, tree, scope)
    now = platform.clock.now()
    made = SegmentSnapshot(
        segment_id=segment_id, definition=tree.dump(), taken_at=now, taken_by=actor.name, as_of=as_of, size=len(ids)
    )
    session.add(made)
    session.flush()
    # COPY: a snapshot may hold millions of people.
    with (
        raw_connection(session).cursor() as cursor,
        cursor.copy("copy segment_snapshot_member (snapshot_id, customer_id) from stdin") as copy,
    ):
        for customer_id in ids:
            copy.write_row((made.id, customer_id))
    audit.record(
        session,
        actor=actor,
        at=now,
        action="segments.snapshot.take",
        object_type="segment_snapshot",
        object_id=made.id,
        segment_id=segment_id,
        size=made.size,
    )
    return made
