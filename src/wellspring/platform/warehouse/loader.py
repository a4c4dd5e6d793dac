"""PostgreSQL -> warehouse, exactly once in effect.

A pass takes, of every feed, the rows whose last writing transaction lies in [next_xid, xmin), where xmin is the oldest
transaction still running: everything below it is committed or gone, so no late commit can slip under the watermark. All
feeds are read from one snapshot of PostgreSQL: what one transaction changed arrives in one pass, as a merge does.

A row whose id is above every id that the settled table has is appended there; any other is a newer version and goes to the
fresh table, which overrules the settled row of its id (`tables.py`). The watermarks move last. A pass that dies leaves
`loading` set: the next one asks the warehouse for its highest id, so what the dead one had appended is overruled by
the same rows once more, and counts once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.platform.db import raw_connection
from wellspring.platform.jobs import tick
from wellspring.platform.warehouse import wide
from wellspring.platform.warehouse.feeds import Feed, feeds
from wellspring.platform.warehouse.tables import FRESH, SETTLED, fold, fresh_rows

if TYPE_CHECKING:
    from wellspring.platform.runtime import Platform

log = structlog.get_logger(__name__)

CHUNK_ROWS = 50_000
FOLD_ABOVE_ROWS = 100_000
FOLD_ABOVE_SHARE = 0.02
"""Fresh rows are folded in when they are many, or many for the table: each costs every reader a comparison."""


@dataclass(frozen=True)
class Staleness:
    """`as_of`: everything committed before this instant is in the warehouse. None: nothing loaded yet."""

    as_of: datetime | None
    behind: timedelta | None


@dataclass
class _Mark:
    """Where a feed stands: rows of transactions from `next_xid` are missing, ids up to `max_id` are settled."""

    next_xid: int
    max_id: int


@dataclass
class _Pass:
    """What one pass found out: rows loaded by feed, the new highest ids, and whose facts changed."""

    high: int
    as_of: datetime
    marks: dict[str, _Mark]
    rows: dict[str, int] = field(default_factory=dict)
    customers: set[int] = field(default_factory=set)
    announced: bool = False


def load_all(platform: Platform, chosen: list[Feed] | None = None, *, wait_seconds: float = 0) -> int:
    """One pass over every feed; returns how many rows went over. Safe to run at any time, by anyone: 0 when somebody
    else is at it (and not done after `wait_seconds`)."""
    with platform.database.try_alone(wide.LOADING, wait_seconds=wait_seconds) as held:
        if not held:
            return 0
        return load_held(platform, chosen)


def load_held(platform: Platform, chosen: list[Feed] | None = None) -> int:
    """The same by somebody who holds the loader's lock already."""
    return _pass(platform, feeds() if chosen is None else chosen)


def _pass(platform: Platform, chosen: list[Feed]) -> int:
    marks = _where_we_stand(platform, chosen)
    with platform.database.unit_of_work() as session:
        session.execute(text("set transaction isolation level repeatable read"))
        high, as_of = _reach(session)
        found = _Pass(high, as_of, marks)
        for feed in chosen:
            _copy_rows(platform, session, feed, found)
            _copy_tombstones(platform, session, feed, found)
    wide.follow(platform, found.customers, version=high)
    _note_changes(platform, found)
    with platform.database.unit_of_work() as session:
        for feed in chosen:
            _move_watermark(session, feed, found)
    loaded = sum(found.rows.values())
    if loaded:
        log.debug("warehouse_loaded", rows=loaded, customers=len(found.customers))
        for feed in chosen:
            if found.rows.get(feed.table):
                _fold_when_many(platform, feed.table, found.marks[feed.table].max_id)
    return loaded


def _where_we_stand(platform: Platform, chosen: list[Feed]) -> dict[str, _Mark]:
    with platform.database.unit_of_work() as session:
        rows = session.execute(
            text("select feed, next_xid::text::bigint, max_id, loading from warehouse_watermark")
        ).all()
    known = {feed: (_Mark(int(xid), int(max_id)), loading) for feed, xid, max_id, loading in rows}
    marks = {}
    for feed in chosen:
        mark, died = known.get(feed.table, (_Mark(0, 0), True))
        if died:
            mark.max_id = _highest_id(platform, feed.table)
        marks[feed.table] = mark
    return marks


def _highest_id(platform: Platform, table: str) -> int:
    highest = "select max(id) as id from {}"
    both = " union all ".join(highest.format(table + kind) for kind in (SETTLED, FRESH))
    return int(platform.warehouse.scalar(f"select max(id) from ({both})") or 0)  # noqa: S608 - names of our own tables


def _reach(session: Session) -> tuple[int, datetime]:
    # Wall-clock time of the server on purpose: staleness is about real delay, not about the brand's calendar.
    high, as_of = session.execute(
        text(
            "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
            " least(clock_timestamp(), (select min(xact_start) from pg_stat_activity"
            "   where backend_xid is not null and pid <> pg_backend_pid()))"
        )
    ).one()
    return int(high), as_of


def _announce(platform: Platform, found: _Pass) -> None:
    """Before the first row leaves: if this pass dies, the next one must not trust the highest ids."""
    if found.announced:
        return
    with platform.database.unit_of_work() as session:
        for feed, mark in found.marks.items():
            session.execute(
                text(
                    "insert into warehouse_watermark (feed, next_xid, as_of, loading)"
                    " values (:feed, cast(:low as xid8), to_timestamp(0), true)"
                    " on conflict (feed) do update set loading = true"
                ),
                {"feed": feed, "low": str(mark.next_xid)},
            )
    found.announced = True


def _copy_rows(platform: Platform, session: Session, feed: Feed, found: _Pass) -> None:
    mark = found.marks[feed.table]
    columns = (*feed.columns, "_version")
    settled_up_to, highest = mark.max_id, mark.max_id
    with raw_connection(session).cursor(name="warehouse_feed") as cursor:
        cursor.itersize = CHUNK_ROWS
        cursor.execute(_ranged(feed), {"low": str(mark.next_xid), "high": str(found.high)})
        while rows := cursor.fetchmany(CHUNK_ROWS):
            _announce(platform, found)
            new = [row for row in rows if row[0] > settled_up_to]
            newer = [row for row in rows if row[0] <= settled_up_to]
            platform.warehouse.insert(feed.table + SETTLED, columns, new)
            platform.warehouse.insert(feed.table + FRESH, columns, newer)
            highest = max(highest, max(row[0] for row in rows))
            found.customers.update(row[feed.owner] for row in rows)
            found.rows[feed.table] = found.rows.get(feed.table, 0) + len(rows)
    mark.max_id = highest


def _ranged(feed: Feed) -> Any:
    """The feed's select with the version column added and the range over `t.changed_xid` as its WHERE."""
    head, _, tail = feed.select.partition(" from ")
    return (
        f"{head}, t.changed_xid::text::bigint from {tail}"
        " where t.changed_xid >= %(low)s::xid8 and t.changed_xid < %(high)s::xid8"
    )


def _copy_tombstones(platform: Platform, session: Session, feed: Feed, found: _Pass) -> None:
    mark = found.marks[feed.table]
    rows = session.execute(
        text(
            "select row_id, changed_xid::text::bigint, coalesce(customer_id, 0), moved from warehouse_tombstone"
            " where source_table = :table and changed_xid >= cast(:low as xid8) and changed_xid < cast(:high as xid8)"
        ),
        {"table": feed.source_table, "low": str(mark.next_xid), "high": str(found.high)},
    ).all()
    gone = [(row_id, version, 1) for row_id, version, _, moved in rows if not moved]
    if gone:
        _announce(platform, found)
        platform.warehouse.insert(feed.table + FRESH, ("id", "_version", "_deleted"), gone)
        found.rows[feed.table] = found.rows.get(feed.table, 0) + len(gone)
    own = feed.columns[feed.owner] == "id"
    found.customers.update(row_id if own else customer_id for row_id, _, customer_id, _ in rows)


def _move_watermark(session: Session, feed: Feed, found: _Pass) -> None:
    session.execute(
        text(
            "insert into warehouse_watermark (feed, next_xid, as_of, rows_loaded, max_id, loading)"
            " values (:feed, cast(:high as xid8), :as_of, :rows, :max_id, false) on conflict (feed) do update set"
            " next_xid = excluded.next_xid, as_of = excluded.as_of, max_id = excluded.max_id, loading = false,"
            " rows_loaded = warehouse_watermark.rows_loaded + excluded.rows_loaded"
        ),
        {
            "feed": feed.table,
            "high": str(found.high),
            "as_of": found.as_of,
            "rows": found.rows.get(feed.table, 0),
            "max_id": found.marks[feed.table].max_id,
        },
    )


def _note_changes(platform: Platform, found: _Pass) -> None:
    """Whose facts changed, for those who follow single customers; a first load changes everybody and is not noted."""
    known = [(found.high, one) for one in found.customers if one]
    if known and any(mark.next_xid for mark in found.marks.values()):
        platform.warehouse.insert("customer_changes", ("version", "customer_id"), known)


def _fold_when_many(platform: Platform, table: str, about: int) -> None:
    waiting = fresh_rows(platform.warehouse, table)
    if waiting > FOLD_ABOVE_ROWS or waiting > max(1_000, FOLD_ABOVE_SHARE * about):
        log.info("warehouse_folded", table=table, rows=fold(platform.warehouse, table))


def staleness(session: Session) -> Staleness:
    """How far behind the slowest feed is, in real time."""
    as_of, behind, known = session.execute(
        text(
            "select min(as_of), clock_timestamp() - min(as_of), count(*) from warehouse_watermark"
            " where as_of > to_timestamp(0)"
        )
    ).one()
    if known < len(feeds()):
        return Staleness(None, None)
    return Staleness(as_of, behind)


_after_load: list[Callable[[Platform], None]] = []


def after_load(callback: Callable[[Platform], None]) -> None:
    """Call it, outside of any transaction, whenever the loader's tick has brought something over."""
    if callback not in _after_load:
        _after_load.append(callback)


@tick("warehouse.load", seconds=1)
def load_tick(platform: Platform) -> None:
    if load_all(platform):
        for callback in _after_load:
            callback(platform)
