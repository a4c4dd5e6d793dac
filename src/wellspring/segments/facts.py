"""Facts about one customer, read from PostgreSQL: the same columns that the warehouse gets, without its delay.

The registered feeds say how each warehouse table is selected from its source; here the range over
transactions is replaced by one customer. So segments reads other domains' facts without importing them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from wellspring.platform.db import raw_connection
from wellspring.platform.warehouse.feeds import Feed, feeds
from wellspring.segments.leaves import Facts
from wellspring.segments.windows import milliseconds

Row = dict[str, Any]


def read_facts(session: Session, customer_id: int, tables: Iterable[str]) -> Facts | None:
    """None when there is no such customer, or it was merged into another one."""
    by_table = {feed.table: feed for feed in feeds()}
    people = _rows(session, by_table["customers"], "t.id", customer_id)
    if not people or people[0]["merged_into_id"] != 0:
        return None
    found = {name: _rows(session, by_table[name], "t.customer_id", customer_id) for name in sorted(set(tables))}
    return Facts(people[0], found)


def _rows(session: Session, feed: Feed, column: str, customer_id: int) -> list[Row]:
    # psycopg directly: a feed's text may hold `%` and `:` that SQLAlchemy's text() would read as its own.
    with raw_connection(session).cursor() as cursor:
        cursor.execute(f"{feed.select} where {column} = %(customer)s", {"customer": customer_id})
        rows = cursor.fetchall()
    return [dict(zip(feed.columns, map(_as_kept, row), strict=True)) for row in rows]


def _as_kept(value: Any) -> Any:
    return milliseconds(value) if isinstance(value, datetime) else value
