"""Bringing a watched segment up to date.

    new bitmap into the warehouse under the next number -> who entered and left, from both bitmaps -> PostgreSQL: moves, size
    and the number, in one transaction -> older bitmaps are dropped

The number in PostgreSQL says which bitmap is in force. Killed before the transaction commits, nothing has happened: the next
refresh writes the same number again. Killed after it, only the dropping is left over.

A continuous refresh looks only at customers whose facts the loader has changed since, so its work is proportional to what
changed. Everybody is looked at when the day, the definition or too much has changed, and every minute where a condition
runs out with time alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from wellspring.platform.auth.actor import Scope
from wellspring.platform.db import raw_connection
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse import Warehouse
from wellspring.segments.asking import freshness, moment_of, reach_of
from wellspring.segments.compile import compile_bitmap
from wellspring.segments.definition import Definition, parse
from wellspring.segments.errors import InvalidDefinition
from wellspring.segments.membership.models import SegmentMove, SegmentSize, SegmentWatch
from wellspring.segments.membership.moves import announce
from wellspring.segments.models import Segment
from wellspring.segments.references import all_leaves, inner_segments
from wellspring.segments.windows import Moment

log = structlog.get_logger(__name__)

MANY_CHANGED = 20_000
"""Above this, looking at everybody costs less than looking them up one by one."""
TIME_SECONDS = 60
"""How late somebody may leave whom time alone moves out."""


@dataclass(frozen=True)
class _Work:
    """One refresh: of whom (None: everybody), and whether it only sets a new baseline."""

    customers: Sequence[int] | None
    rebased: bool
    version: int


def refresh(session: Session, platform: Platform, watch: SegmentWatch, *, full: bool = False) -> bool:
    """Bring one segment up to date; the caller's transaction holds the row of `watch`. False: nothing to do."""
    segment = session.get_one(Segment, watch.segment_id)
    definition = parse(segment.definition)
    moment, now = moment_of(session, platform), platform.clock.now()
    known = freshness(session, platform).as_of
    work = _work(session, platform, watch, segment, definition, moment, now, full=full)
    if work is None:
        _still_right(watch, known)
        return False
    _write_bitmap(session, platform, watch, definition, moment, work)
    entered, left = _moved(session, platform.warehouse, watch, work, now)
    size = int(platform.warehouse.scalar(_MEMBERS.format("finalizeAggregation(members)"), _number(watch, 1)) or 0)
    if entered or left or work.rebased:
        session.add(
            SegmentSize(
                segment_id=watch.segment_id, at=now, size=size, entered=entered, left=left, rebased=work.rebased
            )
        )
    watch.seq, watch.size, watch.version = watch.seq + 1, size, work.version
    watch.definition_version, watch.refreshed_at, watch.error = segment.version, now, None
    watch.as_of = freshness(session, platform).as_of
    if work.customers is None:
        watch.full_at = now
    segment.last_count, segment.last_counted_at = size, now
    session.flush()
    if entered or left:
        announce(session, platform, watch.segment_id, watch.seq)
    return True


def _work(
    session: Session,
    platform: Platform,
    watch: SegmentWatch,
    segment: Segment,
    definition: Definition,
    moment: Moment,
    now: datetime,
    *,
    full: bool,
) -> _Work | None:
    loaded = session.scalar(text("select coalesce(max(next_xid)::text::bigint, 0) from warehouse_watermark")) or 0
    if watch.seq == 0 or watch.definition_version != segment.version:
        return _Work(None, True, int(loaded))
    same_day = watch.full_at is not None and moment.day_of(watch.full_at) == moment.today
    if full or not same_day or _time_is_up(session, watch, definition, now):
        return _Work(None, False, int(loaded))
    changed = platform.warehouse.column(
        "select distinct customer_id from customer_changes where version > {since:UInt64} limit {most:UInt64}",
        {"since": watch.version, "most": MANY_CHANGED + 1},
        work="refresh",
    )
    if not changed:
        return None
    return _Work(None if len(changed) > MANY_CHANGED else sorted(changed), False, int(loaded))


def _time_is_up(session: Session, watch: SegmentWatch, definition: Definition, now: datetime) -> bool:
    if watch.full_at is not None and now - watch.full_at < timedelta(seconds=TIME_SECONDS):
        return False
    return any(leaf.runs_out for leaf in all_leaves(definition, inner_segments(session, definition)))


def _still_right(watch: SegmentWatch, known: datetime | None) -> None:
    """Nothing has changed, which is news too: else a quiet segment would look as if nobody kept it. Once a minute is enough."""
    if known and (watch.as_of is None or known - watch.as_of >= timedelta(seconds=TIME_SECONDS)):
        watch.as_of = known


_MEMBERS = "select {} from segment_membership where segment_id = {{segment:Int64}} and seq = {{seq:Int64}} limit 1"


def _number(watch: SegmentWatch, ahead: int = 0) -> dict[str, int]:
    return {"segment": watch.segment_id, "seq": watch.seq + ahead}


def _write_bitmap(
    session: Session, platform: Platform, watch: SegmentWatch, definition: Definition, moment: Moment, work: _Work
) -> None:
    warehouse, number = platform.warehouse, _number(watch, 1)
    # A refresh that was killed may have left this number.
    warehouse.command(
        "delete from segment_membership where segment_id = {segment:Int64} and seq >= {seq:Int64}", number
    )
    reach = reach_of(session, platform, definition, Scope())
    found = compile_bitmap(definition, moment, reach, only=work.customers)
    if work.customers is None:
        members, bound = f"({found.sql})", found.parameters
    else:
        kept = _MEMBERS.format("members").replace("{seq:Int64}", "{before:Int64}")
        looked_at = "(select groupBitmapState(arrayJoin({only:Array(Int64)})))"
        members = f"bitmapOr(bitmapAndnot(({kept}), {looked_at}), ({found.sql}))"
        bound = {**found.parameters, "only": list(work.customers), "before": watch.seq}
    warehouse.command(
        f"insert into segment_membership select {{segment:Int64}}, {{seq:Int64}}, {members}",
        {**bound, **number},
        work="refresh",
    )


def _moved(session: Session, warehouse: Warehouse, watch: SegmentWatch, work: _Work, now: datetime) -> tuple[int, int]:
    """Write down who entered and left; how many. A new baseline moves nobody."""
    if work.rebased:
        return 0, 0
    new = _MEMBERS.format("members")
    old = new.replace("{seq:Int64}", "{before:Int64}")
    asked = {**_number(watch, 1), "before": watch.seq}
    counts = []
    for entered, (more, less) in ((True, (new, old)), (False, (old, new))):
        ids = warehouse.column(
            f"select arrayJoin(bitmapToArray(bitmapAndnot(({more}), ({less}))))", asked, work="refresh"
        )
        with (
            raw_connection(session).cursor() as cursor,
            cursor.copy("copy segment_move (segment_id, customer_id, entered, at, seq) from stdin") as copy,
        ):
            for customer_id in ids:
                copy.write_row((watch.segment_id, customer_id, entered, now, watch.seq + 1))
        counts.append(len(ids))
    return counts[0], counts[1]


def drop_older(platform: Platform, segment_id: int, seq: int) -> None:
    """Bitmaps that are no longer in force."""
    platform.warehouse.command(
        "delete from segment_membership where segment_id = {segment:Int64} and seq < {seq:Int64}",
        {"segment": segment_id, "seq": seq},
    )


def refresh_all(platform: Platform, modes: Sequence[str]) -> int:
    """Each watched segment that is due, in a transaction of its own; how many changed hands."""
    with platform.database.unit_of_work() as session:
        due = session.scalars(
            select(SegmentWatch.segment_id)
            .join(Segment, Segment.id == SegmentWatch.segment_id)
            .where(SegmentWatch.mode.in_(modes), Segment.archived_at.is_(None))
            .order_by(SegmentWatch.segment_id)
        ).all()
    return sum(refresh_one(platform, segment_id) for segment_id in due)


def refresh_one(platform: Platform, segment_id: int, *, full: bool = False) -> bool:
    """False: nothing to do, or somebody else is at it. What goes wrong stands on the watch."""
    try:
        with platform.database.unit_of_work() as session:
            watch = session.scalar(
                select(SegmentWatch).where(SegmentWatch.segment_id == segment_id).with_for_update(skip_locked=True)
            )
            if watch is None or not (full or _due(platform, watch)):
                return False
            if not refresh(session, platform, watch, full=full or watch.mode == "scheduled"):
                return False
            seq = watch.seq
    except InvalidDefinition as error:
        with platform.database.unit_of_work() as session:
            session.get_one(SegmentWatch, segment_id).error = str(error)
        return False
    drop_older(platform, segment_id, seq)
    return True


def _due(platform: Platform, watch: SegmentWatch) -> bool:
    if watch.mode == "continuous" or watch.refreshed_at is None:
        return True
    return platform.clock.now() - watch.refreshed_at >= timedelta(minutes=watch.every_minutes)


__all__ = ["SegmentMove", "refresh", "refresh_all", "refresh_one"]
