"""Keeping the wide table: who changed is computed anew, and once a day everybody.

    customer_wide_settled   everybody, as the last full build found them; `_day` is the calendar day it was made for
    customer_wide_fresh     those whose facts changed since; the newest row counts
    customer_wide           the view over both

Windows that slide with the days (`orders_30d`) change for people to whom nothing happened, so they are right only for the
day of the build: whoever compiles a question compares `kept_day` with today, and counts facts when they differ. A full
build goes through the customers in ranges of ids, so that its memory does not grow with them; it is made beside the
table in use and exchanged for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import text

from wellspring.platform import company_settings
from wellspring.platform.jobs import tick
from wellspring.platform.warehouse.client import Warehouse, Work
from wellspring.platform.warehouse.tables import FRESH, SETTLED, make_view
from wellspring.platform.warehouse.wide_columns import (
    KEPT_DAYS,
    WideSource,
    wide_columns,
    wide_parameters,
    wide_sources,
)

if TYPE_CHECKING:
    from wellspring.platform.runtime import Platform

log = structlog.get_logger(__name__)

NAME = "customer_wide"
NEXT, AT_ONCE = NAME + "_next", NAME + "_at_once"
"""Where a build goes: beside the loader, and inside one of its passes."""
DUE = "customer_due"
AHEAD = {"orders": "placed_at", "refunds": "refunded_at", "events": "occurred_at"}
"""Facts that wide columns count only when they have happened."""
BATCH = 5_000
"""Customers computed by one statement when facts changed."""
RANGE = 1_000_000
"""Ids computed by one statement of a full build: some hundred megabytes."""
REBUILD_ABOVE_SHARE = 0.05
REBUILD_ABOVE_ROWS = 50_000
LOCK = "warehouse.wide"
LOADING = "warehouse.load"
"""The loader's lock: nobody loads while tables are exchanged."""


def signature() -> str:
    """Changes with the columns' definitions: what was built from others has to be built anew."""
    parts = [f"{source}" for source in wide_sources()] + [f"{column}" for column in wide_columns().values()]
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:16]


def ensure_wide(warehouse: Warehouse) -> None:
    """Make the table and its view for the registered columns; one with other columns is thrown away and built anew."""
    made_for = warehouse.scalar(
        "select comment from system.tables where database = currentDatabase() and name = {name:String}",
        {"name": NAME + SETTLED},
    )
    if made_for == signature():
        make_view(warehouse, NAME)
        return
    warehouse.command(f"drop table if exists {NAME}")
    for table in (NAME + SETTLED, NAME + FRESH, NEXT, AT_ONCE):
        warehouse.command(f"drop table if exists {table}")
    warehouse.command(_ddl(NAME + SETTLED))
    make_view(warehouse, NAME)


def _ddl(table: str) -> str:
    typed = "".join(f"{column.name} {column.type}, " for column in wide_columns().values())
    return (
        f"create table {table} (id Int64, {typed}_day Date, _version UInt64)"
        f" engine = MergeTree order by id comment '{signature()}'"
    )


def kept_day(warehouse: Warehouse) -> date | None:
    """The calendar day whose sliding windows the wide table holds; None: nobody is in it yet."""
    rows = warehouse.query(f"select _day from {NAME}{SETTLED} limit 1")  # noqa: S608 - the name of our own table
    return rows[0]["_day"] if rows else None


def follow(platform: Platform, customers: Iterable[int], *, version: int) -> None:
    """Compute those customers anew. When they are a large part of all, everybody is. The caller holds the loader's lock."""
    now = _milliseconds(platform.clock.now())
    waited = platform.warehouse.column(
        f"select distinct customer_id from {DUE} where at <= {{now:Int64}}",  # noqa: S608
        {"now": now},
    )
    changed = sorted({one for one in (*customers, *waited) if one})
    if not changed:
        return
    rows = int(platform.warehouse.scalar(f"select count() from {NAME}{SETTLED}") or 0)  # noqa: S608
    if len(changed) > max(REBUILD_ABOVE_ROWS, REBUILD_ABOVE_SHARE * rows) or not rows:
        build(platform, AT_ONCE, version=version)
        _swap(platform, AT_ONCE, version)
    else:
        asked = parameters(platform)
        for start in range(0, len(changed), BATCH):
            ids = changed[start : start + BATCH]
            _compute(platform.warehouse, NAME + FRESH, asked, version=version, ids=ids)
            _note_due(platform.warehouse, asked["now"], ids)
    if waited:
        platform.warehouse.command(f"delete from {DUE} where at <= {{now:Int64}}", {"now": now})  # noqa: S608


def build(platform: Platform, target: str, *, version: int) -> None:
    """Everybody, into a table beside the one in use."""
    warehouse, asked = platform.warehouse, parameters(platform)
    warehouse.command(f"drop table if exists {target}")
    warehouse.command(_ddl(target))
    low, high = _id_range(warehouse)
    while low <= high:
        _compute(warehouse, target, asked, version=version, span=(low, low + RANGE))
        low += RANGE
    _note_due(warehouse, asked["now"], None)


def _note_due(warehouse: Warehouse, now: int, ids: Sequence[int] | None) -> None:
    """Facts that lie ahead count when their time comes, which no row tells: an order placed for tomorrow, or by a clock
    a little before ours."""
    whose = "customer_id != 0" if ids is None else "customer_id in {ids:Array(Int64)}"
    for table, instant in AHEAD.items():
        warehouse.command(
            f"insert into {DUE} select customer_id, toUnixTimestamp64Milli({instant}) from {table}"  # noqa: S608
            f" where {instant} > fromUnixTimestamp64Milli({{now:Int64}}, 'UTC') and {whose}",
            {"now": now, **({} if ids is None else {"ids": list(ids)})},
            work="refresh",
        )


def _swap(platform: Platform, target: str, version: int) -> None:
    """The new table comes into use; what was computed for single customers before it was begun is behind it."""
    platform.warehouse.command(f"exchange tables {NAME}{SETTLED} and {target}")
    platform.warehouse.command(f"delete from {NAME}{FRESH} where _version <= {{v:UInt64}}", {"v": version})  # noqa: S608
    platform.warehouse.command(f"drop table if exists {target}")


def _id_range(warehouse: Warehouse) -> tuple[int, int]:
    (row,) = warehouse.query("select min(id) as low, max(id) as high, count() as n from customers")
    return (int(row["low"]), int(row["high"])) if row["n"] else (1, 0)


def parameters(platform: Platform) -> dict[str, Any]:
    """Values of the parameters that expressions may use, for this moment."""
    with platform.database.unit_of_work() as session:
        zone = company_settings.read(session).zone
        own = wide_parameters(platform, session)
    now = platform.clock.now()
    today = now.astimezone(zone).date()

    def midnight(day: date) -> int:
        return _milliseconds(datetime.combine(day, time.min, zone))

    return {
        **own,
        "now": _milliseconds(now),
        "today": midnight(today),
        "day": today.isoformat(),
        "zone": zone.key,
        **{f"d{days}": midnight(today - timedelta(days=days)) for days in KEPT_DAYS},
    }


def _milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def _compute(
    warehouse: Warehouse,
    target: str,
    asked: dict[str, Any],
    *,
    version: int,
    ids: Sequence[int] | None = None,
    span: tuple[int, int] | None = None,
) -> None:
    """Rows of the wide table for `ids`, or for the ids of [low, high). Of `ids`, who is gone gets a row that says so."""
    whose, bound = _chosen(ids, span)
    bound = {**asked, **bound, "version": version}
    work: Work = "rebuild" if span else "refresh"
    columns = wide_columns().values()
    names = ", ".join(["id", *(column.name for column in columns), "_day", "_version"])
    chosen = ", ".join(
        [
            "c.id as id",
            *(f"{column.expression} as {column.name}" for column in columns),
            "toDate({day:String}) as _day",
            "{version:UInt64} as _version",
        ]
    )
    joins = " ".join(_join(source, whose) for source in wide_sources())
    people = f"(select * from customers where merged_into_id = 0 and {whose.format('id')}) as c"  # noqa: S608
    warehouse.command(f"insert into {target} ({names}) select {chosen} from {people} {joins}", bound, work=work)  # noqa: S608
    if ids is not None:
        gone = (
            f"insert into {target} (id, _version, _deleted) select arrayJoin({{ids:Array(Int64)}}) as gone,"  # noqa: S608
            f" {{version:UInt64}}, 1 where gone not in (select id from customers where merged_into_id = 0 and {whose.format('id')})"
        )
        warehouse.command(gone, bound, work=work)


def _chosen(ids: Sequence[int] | None, span: tuple[int, int] | None) -> tuple[str, dict[str, Any]]:
    """A condition over a column written as {}, and its parameters."""
    if ids is not None:
        return "{} in {{ids:Array(Int64)}}", {"ids": list(ids)}
    assert span is not None
    return "{0} >= {{low:Int64}} and {0} < {{high:Int64}}", {"low": span[0], "high": span[1]}


def _join(source: WideSource, whose: str) -> str:
    columns = ", ".join(f"{expression} as {name}" for name, expression in source.columns.items())
    rows = (
        f"select customer_id, {columns} from {source.table}"  # noqa: S608 - texts of our own code
        f" where customer_id != 0 and {whose.format('customer_id')} and ({source.where}) group by customer_id"
    )
    return f"left join ({rows}) as {source.name} on {source.name}.customer_id = c.id"


def rebuild_when_due(platform: Platform) -> bool:
    """Build everybody anew when a day has begun since, or many were computed singly. Loading goes on meanwhile."""
    warehouse = platform.warehouse
    day = kept_day(warehouse)
    if day is None:
        return False  # nobody yet: the loader's first pass builds
    with platform.database.unit_of_work() as session:
        today = platform.clock.now().astimezone(company_settings.read(session).zone).date()
    fresh, settled = (
        int(warehouse.scalar(f"select count() from {NAME}{kind}") or 0)  # noqa: S608 - names of our own tables
        for kind in (FRESH, SETTLED)
    )
    if day == today and fresh <= max(REBUILD_ABOVE_ROWS, REBUILD_ABOVE_SHARE * settled):
        return False
    return rebuild(platform)


def rebuild(platform: Platform) -> bool:
    """Build everybody anew beside the loader; False when somebody else is at it or was quicker."""
    with platform.database.try_alone(LOCK) as held:
        if not held:
            return False
        # Passes of the loader from now on have higher versions: what they compute stays in the fresh table.
        with platform.database.unit_of_work() as session:
            version = int(session.scalar(text("select max(next_xid)::text::bigint from warehouse_watermark")) or 0)
        build(platform, NEXT, version=version)
        with platform.database.try_alone(LOADING, wait_seconds=600) as alone:
            if not alone or _version(platform.warehouse) > version:
                platform.warehouse.command(f"drop table if exists {NEXT}")
                return False
            _swap(platform, NEXT, version)
    log.info("wide_table_built", day=str(kept_day(platform.warehouse)))
    return True


def _version(warehouse: Warehouse) -> int:
    return int(warehouse.scalar(f"select max(_version) from {NAME}{SETTLED}") or 0)  # noqa: S608


@tick("warehouse.wide", seconds=5)
def wide_tick(platform: Platform) -> None:
    rebuild_when_due(platform)
