"""What goes from PostgreSQL to the warehouse: each domain registers its tables.

A source table carries `changed_xid` (mixin `TracksChanges`), set by a trigger to the id of the transaction
that wrote the row last; deletions leave a row in `warehouse_tombstone`. Both are what the loader follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from wellspring.platform.db import Base, HasId


class XID8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id; it never wraps."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


ischema_names["xid8"] = XID8


class TracksChanges:
    """Rows of this table reach the warehouse. The trigger is `wellspring_track_change`; the table must
    also have an index over `changed_xid`."""

    changed_xid: Mapped[int] = mapped_column(XID8, server_default=text("pg_current_xact_id()"))


class WarehouseTombstone(HasId, Base):
    """A row that was deleted at the source and must vanish from the warehouse; or (`moved`) word that rows of
    `customer_id` went to another customer. What is kept about that customer has to be computed anew."""

    __tablename__ = "warehouse_tombstone"

    source_table: Mapped[str]
    row_id: Mapped[int]
    customer_id: Mapped[int | None]
    moved: Mapped[bool] = mapped_column(server_default=text("false"))
    changed_xid: Mapped[int] = mapped_column(XID8, server_default=text("pg_current_xact_id()"), index=True)


class WarehouseWatermark(Base):
    """Up to which transaction a feed has been loaded. `max_id`: the highest row id that its settled rows hold.
    `loading`: a pass is under way, or died: then `max_id` is no longer known."""

    __tablename__ = "warehouse_watermark"

    feed: Mapped[str] = mapped_column(primary_key=True)
    next_xid: Mapped[int] = mapped_column(XID8)
    as_of: Mapped[datetime]
    rows_loaded: Mapped[int] = mapped_column(server_default=text("0"))
    max_id: Mapped[int] = mapped_column(server_default=text("0"))
    loading: Mapped[bool] = mapped_column(server_default=text("false"))


@dataclass(frozen=True)
class Feed:
    """`select`: SQL over the source that yields `columns` in order, with the source table aliased `t`;
    the loader adds the range over `t.changed_xid`. Values must fit the warehouse columns (no NULL where
    the column isn't Nullable). The first column is `id`."""

    table: str
    source_table: str
    columns: tuple[str, ...]
    select: str

    @property
    def owner(self) -> int:
        """Which column says whose row it is."""
        return self.columns.index("customer_id" if "customer_id" in self.columns else "id")


_feeds: dict[str, Feed] = {}


def register_feed(feed: Feed) -> None:
    _feeds[feed.table] = feed


def feeds() -> list[Feed]:
    return list(_feeds.values())


TRACK_CHANGE_FUNCTION = """
create or replace function wellspring_track_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into warehouse_tombstone (source_table, row_id, customer_id)
      values (tg_table_name, old.id, (to_jsonb(old) ->> 'customer_id')::bigint);
    return old;
  end if;
  new.changed_xid := pg_current_xact_id();
  return new;
end $$;
create or replace function wellspring_track_move() returns trigger language plpgsql as $$
begin
  insert into warehouse_tombstone (source_table, row_id, customer_id, moved)
    select tg_table_name, 0, o.customer_id, true from old_rows o join new_rows n using (id)
    where o.customer_id is distinct from n.customer_id and o.customer_id is not null group by o.customer_id;
  return null;
end $$
"""
"""The second function runs once a statement: a merge moves thousands of rows from one customer."""


def track_change_triggers(table: str) -> list[str]:
    """The DDL that makes `table` followable by the loader; its key must be a bigint `id`, and all but `customer` have
    a customer_id."""
    moves = [
        f'create trigger track_move after update on "{table}" referencing old table as old_rows new table as new_rows'
        " for each statement execute function wellspring_track_move()"
    ]
    return [
        *(moves if table != "customer" else []),
        f'create trigger track_change before update on "{table}"'
        " for each row execute function wellspring_track_change()",
        f'create trigger track_delete after delete on "{table}"'
        " for each row execute function wellspring_track_change()",
    ]
