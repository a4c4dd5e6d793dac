"""Is the warehouse what PostgreSQL says, and making it anew from there.

`verify` compares every column of every feed by a sum that both engines compute: whole numbers as they are, instants as
epoch milliseconds, texts by the first 32 bits of their MD5. PostgreSQL adds up a snapshot in which nothing is newer than
what was loaded, while the loader stands still, so that a difference is a difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.platform.db import raw_connection
from wellspring.platform.warehouse import wide
from wellspring.platform.warehouse.feeds import Feed, feeds
from wellspring.platform.warehouse.loader import load_held
from wellspring.platform.warehouse.tables import FRESH, SETTLED, columns_of

if TYPE_CHECKING:
    from wellspring.platform.runtime import Platform

ATTEMPTS = 5
WAIT_SECONDS = 600


@dataclass(frozen=True)
class TableCheck:
    """One feed: rows here and there, and the columns whose sums differ. `busy`: PostgreSQL never stood still long enough."""

    table: str
    in_postgres: int
    in_warehouse: int
    differing: tuple[str, ...]
    busy: bool = False

    @property
    def agrees(self) -> bool:
        return not self.busy and self.in_postgres == self.in_warehouse and not self.differing


def verify(platform: Platform) -> list[TableCheck]:
    """Every feed compared, after a pass of the loader."""
    with platform.database.try_alone(wide.LOADING, wait_seconds=WAIT_SECONDS) as held:
        if not held:
            return [TableCheck(feed.table, 0, 0, (), busy=True) for feed in feeds()]
        return [_check(platform, feed) for feed in feeds()]


def _check(platform: Platform, feed: Feed) -> TableCheck:
    types = columns_of(platform.warehouse, feed.table)
    for _ in range(ATTEMPTS):
        load_held(platform)
        with platform.database.unit_of_work() as session:
            session.execute(text("set transaction isolation level repeatable read"))
            if _newer(session, feed):
                continue
            there = _sums_in_postgres(session, feed, types)
            here = _sums_in_warehouse(platform, feed, types)
        differing = tuple(name for name in feed.columns if there[name] != here[name])
        return TableCheck(feed.table, there["rows"], here["rows"], differing)
    return TableCheck(feed.table, 0, 0, (), busy=True)


def _newer(session: Session, feed: Feed) -> bool:
    """Rows or deletions that this snapshot sees and the warehouse does not have yet."""
    return bool(
        session.scalar(
            text(
                f"select exists (select 1 from {feed.source_table} where changed_xid >= m.next_xid)"  # noqa: S608
                " or exists (select 1 from warehouse_tombstone where source_table = :source"
                "   and changed_xid >= m.next_xid) from warehouse_watermark m where m.feed = :feed"
            ),
            {"source": feed.source_table, "feed": feed.table},
        )
    )


def _sums_in_postgres(session: Session, feed: Feed, types: dict[str, str]) -> dict[str, int]:
    chosen = ", ".join(f"coalesce(sum({_postgres(name, types[name])}), 0)" for name in feed.columns)
    named = ", ".join(feed.columns)
    with raw_connection(session).cursor() as cursor:
        cursor.execute(f"select count(*), {chosen} from ({feed.select}) as rows ({named})".encode())  # noqa: S608
        row: Any = cursor.fetchone()
    return {"rows": int(row[0]), **{name: int(value) for name, value in zip(feed.columns, row[1:], strict=True)}}


def _sums_in_warehouse(platform: Platform, feed: Feed, types: dict[str, str]) -> dict[str, int]:
    chosen = ", ".join(f"sum({_warehouse(name, types[name])}) as sum_{name}" for name in feed.columns)
    sql = f"select count() as rows, {chosen} from {feed.table}"  # noqa: S608 - names of our own tables
    (row,) = platform.warehouse.query(sql, work="rebuild")
    return {"rows": int(row["rows"]), **{name: int(row[f"sum_{name}"]) for name in feed.columns}}


def _postgres(name: str, kind: str) -> str:
    if "DateTime" in kind:
        return f"coalesce(floor(extract(epoch from {name}) * 1000), 0)::numeric"
    if "String" in kind:
        return f"('x' || substr(md5({name}), 1, 8))::bit(32)::bigint::numeric"
    return f"{name}::numeric"


def _warehouse(name: str, kind: str) -> str:
    if "DateTime" in kind:
        return f"toInt128(ifNull(toUnixTimestamp64Milli({name}), 0))"
    if "String" in kind:
        return f"toInt128(reinterpretAsUInt32(reverse(substring(MD5(toString({name})), 1, 4))))"
    return f"toInt128({name})"


def rebuild(platform: Platform) -> int:
    """Empty the warehouse and load everything again; how many rows. Killed in the middle, the loader goes on with it."""
    with platform.database.try_alone(wide.LOADING, wait_seconds=WAIT_SECONDS) as held:
        if not held:
            return 0
        with platform.database.unit_of_work() as session:
            # First the watermarks: from here on everything counts as not loaded, whatever the tables still hold.
            session.execute(text("delete from warehouse_watermark"))
        for name in (*(feed.table for feed in feeds()), wide.NAME):
            for kind in (SETTLED, FRESH):
                platform.warehouse.command(f"truncate table {name}{kind}")
        return load_held(platform)
