"""What an operator does with watched segments: begin, end, read."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import Forbidden
from wellspring.platform.runtime import Platform
from wellspring.segments.errors import NotWatched
from wellspring.segments.membership.models import SegmentWatch


def watch_of(session: Session, segment_id: int) -> SegmentWatch:
    """Raises NotWatched."""
    found = session.get(SegmentWatch, segment_id)
    if found is None:
        raise NotWatched()
    return found


def watch(session: Session, segment_id: int, *, mode: str, every_minutes: int) -> None:
    row = {"segment_id": segment_id, "mode": mode, "every_minutes": every_minutes}
    changed = {"mode": mode, "every_minutes": every_minutes}
    session.execute(insert(SegmentWatch).values(row).on_conflict_do_update(index_elements=["segment_id"], set_=changed))
    session.expire_all()


def unwatch(session: Session, segment_id: int) -> bool:
    found = session.get(SegmentWatch, segment_id, with_for_update=True)
    if found is None:
        return False
    session.delete(found)
    return True


def need_everybody(actor: Actor) -> None:
    """Members are kept for the whole company; who sees a part of it asks with a preview or an export. Raises Forbidden."""
    if actor.scope.kind != "all":
        raise Forbidden()


def member_ids(platform: Platform, found: SegmentWatch, *, after: int, limit: int) -> list[int]:
    """Ids of members above `after`, ascending."""
    members = (
        "select bitmapToArray(subBitmap(bitmapSubsetInRange(members, {low:UInt64}, 18446744073709551615), 0, {limit:UInt64}))"
        " as ids from segment_membership where segment_id = {segment:Int64} and seq = {seq:Int64} limit 1"
    )
    asked = {"low": after + 1, "limit": limit, "segment": found.segment_id, "seq": found.seq}
    rows = platform.warehouse.query(members, asked)
    return [int(one) for one in rows[0]["ids"]] if rows else []
