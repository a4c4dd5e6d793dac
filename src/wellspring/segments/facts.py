"""Facts about one customer, read from PostgreSQL: the same columns that the warehouse gets, without its delay.

The registered feeds say how each warehouse table is selected from its source; here the range over
transactions is replaced by one customer. So segments reads other domains' facts without importing them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from wellspring.platform.db import raw_connection
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse.feeds import Feed, feeds
from wellspring.segments.definition import Definition
from wellspring.segments.leaves import Facts, Leaf
from wellspring.segments.leaves.feature import FeatureLeaf, feature_fields
from wellspring.segments.windows import milliseconds

Row = dict[str, Any]


def read_facts(
    session: Session, platform: Platform, customer_id: int, leaves: Sequence[Leaf], inner: Mapping[int, Definition]
) -> Facts | None:
    """What these leaves ask about; None when there is no such customer, or it was merged into another one."""
    by_table = {feed.table: feed for feed in feeds()}
    people = _rows(session, by_table["customers"], "t.id", customer_id)
    if not people or people[0]["merged_into_id"] != 0:
        return None
    tables = {table for leaf in leaves for table in leaf.tables}
    found = {name: _rows(session, by_table[name], "t.customer_id", customer_id) for name in sorted(tables)}
    return Facts(people[0], found, _wide(platform, customer_id, leaves), inner)


def _wide(platform: Platform, customer_id: int, leaves: Sequence[Leaf]) -> Row:
    """Kept features are not counted again for one person: what is shown is what the warehouse chooses by."""
    chosen = {leaf.feature: feature_fields()[leaf.feature] for leaf in leaves if isinstance(leaf, FeatureLeaf)}
    if not chosen:
        return {}
    columns = ", ".join(f"{name}, toUInt8({one.known}) as {name}__known" for name, one in sorted(chosen.items()))
    rows = platform.warehouse.query(
        f"select {columns} from customer_wide where id = {{id:Int64}}",  # noqa: S608 - registered names
        {"id": customer_id},
    )
    return rows[0] if rows else {}


def _rows(session: Session, feed: Feed, column: str, customer_id: int) -> list[Row]:
    # psycopg directly: a feed's text may hold `%` and `:` that SQLAlchemy's text() would read as its own.
    with raw_connection(session).cursor() as cursor:
        cursor.execute(f"{feed.select} where {column} = %(customer)s", {"customer": customer_id})
        rows = cursor.fetchall()
    return [dict(zip(feed.columns, map(_as_kept, row), strict=True)) for row in rows]


def _as_kept(value: Any) -> Any:
    return milliseconds(value) if isinstance(value, datetime) else value
