"""PostgreSQL -> warehouse, exactly once in effect.

A pass takes the rows whose last writing transaction lies in [next_xid, xmin), where xmin is the oldest
transaction still running: everything below it is committed or gone, so no late commit can slip under the
watermark. Rows are inserted first, the watermark moves after. A kill between the two repeats the range,
and because every warehouse table is a ReplacingMergeTree over (id, _version = transaction id), read with
FINAL, a repeated row counts once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.platform.db import raw_connection, try_advisory_lock
from wellspring.platform.jobs import tick
from wellspring.platform.warehouse.feeds import Feed, feeds

if TYPE_CHECKING:
    from wellspring.platform.runtime import Platform

log = structlog.get_logger(__name__)

CHUNK_ROWS = 50_000


@dataclass(frozen=True)
class Staleness:
    """`as_of`: everything committed before this instant is in the warehouse. None: nothing loaded yet."""

    as_of: datetime | None
    behind: timedelta | None


def load_all(platform: Platform) -> int:
    """One pass over every feed; returns how many rows went over. Safe to run at any time, by anyone."""
    return sum(load_feed(platform, feed) for feed in feeds())


def load_feed(platform: Platform, feed: Feed) -> int:
    with platform.database.unit_of_work() as session:
        if not try_advisory_lock(session, f"warehouse:{feed.table}"):
            return 0
        low, high, as_of = _range(session, feed.table)
        if low >= high:
            _move_watermark(session, feed.table, high, as_of, 0)
            return 0
        loaded = _copy_rows(platform, session, feed, low, high)
        loaded += _copy_tombstones(platform, session, feed, low, high)
        _move_watermark(session, feed.table, high, as_of, loaded)
    if loaded:
        log.debug("warehouse_loaded", feed=feed.table, rows=loaded)
    return loaded


def _range(session: Session, feed: str) -> tuple[int, int, datetime]:
    # Wall-clock time of the server on purpose: staleness is about real delay, not about the brand's calendar.
    high, as_of = session.execute(
        text(
            "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
            " least(clock_timestamp(), (select min(xact_start) from pg_stat_activity"
            "   where backend_xid is not null and pid <> pg_backend_pid()))"
        )
    ).one()
    low = session.scalar(text("select next_xid::text::bigint from warehouse_watermark where feed = :f"), {"f": feed})
    return int(low or 0), int(high), as_of


def _copy_rows(platform: Platform, session: Session, feed: Feed, low: int, high: int) -> int:
    columns = (*feed.columns, "_version", "_deleted")
    sql = _ranged(feed)
    total = 0
    with raw_connection(session).cursor(name="warehouse_feed") as cursor:
        cursor.itersize = CHUNK_ROWS
        cursor.execute(sql, {"low": str(low), "high": str(high)})
        while rows := cursor.fetchmany(CHUNK_ROWS):
            platform.warehouse.insert(feed.table, columns, rows)
            total += len(rows)
    return total


def _ranged(feed: Feed) -> Any:
    """The feed's select with the version columns added and the range over `t.changed_xid` as its WHERE."""
    head, _, tail = feed.select.partition(" from ")
    return (
        f"{head}, t.changed_xid::text::bigint, 0::smallint from {tail}"
        " where t.changed_xid >= %(low)s::xid8 and t.changed_xid < %(high)s::xid8"
    )


def _copy_tombstones(platform: Platform, session: Session, feed: Feed, low: int, high: int) -> int:
    rows = session.execute(
        text(
            "select row_id, changed_xid::text::bigint from warehouse_tombstone where source_table = :table"
            " and changed_xid >= cast(:low as xid8) and changed_xid < cast(:high as xid8)"
        ),
        {"table": feed.source_table, "low": str(low), "high": str(high)},
    ).all()
    platform.warehouse.insert(feed.table, ("id", "_version", "_deleted"), [(i, v, 1) for i, v in rows])
    return len(rows)


def _move_watermark(session: Session, feed: str, high: int, as_of: datetime, rows: int) -> None:
    session.execute(
        text(
            "insert into warehouse_watermark (feed, next_xid, as_of, rows_loaded)"
            " values (:feed, cast(:high as xid8), :as_of, :rows) on conflict (feed) do update set"
            " next_xid = excluded.next_xid, as_of = excluded.as_of,"
            " rows_loaded = warehouse_watermark.rows_loaded + excluded.rows_loaded"
        ),
        {"feed": feed, "high": str(high), "as_of": as_of, "rows": rows},
    )


def staleness(session: Session) -> Staleness:
    """How far behind the slowest feed is, in real time."""
    as_of, behind, known = session.execute(
        text("select min(as_of), clock_timestamp() - min(as_of), count(*) from warehouse_watermark")
    ).one()
    if known < len(feeds()):
        return Staleness(None, None)
    return Staleness(as_of, behind)


@tick("warehouse.load", seconds=1)
def load_tick(platform: Platform) -> None:
    load_all(platform)
