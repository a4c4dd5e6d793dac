"""The three objects of every fact: settled rows, fresh rows, and the view that everybody reads.

A row that the settled table does not have yet is appended there. A newer version of one that it has, and a deletion, go
into the fresh table; the view leaves out the settled rows that have a fresh one. So nothing is read with FINAL but the
few fresh rows, and an answer is exact at any time. `fold` brings the fresh rows into the settled table:

    delete from settled what has a fresh row -> append the fresh rows -> empty the fresh table

While it runs, the view still hides those settled rows and shows the fresh ones, so its answer does not change; killed
between any two steps, the next one begins at the first. Only the last step needs that no query is under way that has
read one table and not yet the other: the loader, which folds, is alone, and queries of a second are let through first.
"""

from __future__ import annotations

from wellspring.platform.warehouse.client import Warehouse

SETTLED, FRESH = "_settled", "_fresh"


def fact_tables(warehouse: Warehouse) -> list[str]:
    """Names of the views over facts."""
    rows = warehouse.query(
        "select name from system.tables where database = currentDatabase() and endsWith(name, {suffix:String})"
        " and not startsWith(name, 'customer_wide') order by name",
        {"suffix": SETTLED},
    )
    return [str(row["name"]).removesuffix(SETTLED) for row in rows]


def columns_of(warehouse: Warehouse, table: str) -> dict[str, str]:
    """name -> type, in order."""
    rows = warehouse.query(
        "select name, type from system.columns where database = currentDatabase() and table = {table:String}"
        " order by position",
        {"table": table},
    )
    return {str(row["name"]): str(row["type"]) for row in rows}


def make_view(warehouse: Warehouse, name: str) -> None:
    """The fresh table and the view over a settled one; safe to repeat."""
    columns = columns_of(warehouse, name + SETTLED)
    typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    warehouse.command(
        f"create table if not exists {name}{FRESH} ({typed}, _deleted UInt8 default 0)"
        " engine = ReplacingMergeTree(_version) order by id"
    )
    chosen = ", ".join(columns)
    warehouse.command(
        f"create or replace view {name} as select {chosen} from {name}{SETTLED}"  # noqa: S608 - names of our own tables
        f" where id not in (select id from {name}{FRESH})"
        f" union all select {chosen} from {name}{FRESH} final where _deleted = 0"
    )


def fresh_rows(warehouse: Warehouse, name: str) -> int:
    """How many rows wait to be folded; a look at the table's parts, not at its rows."""
    return int(warehouse.scalar(f"select count() from {name}{FRESH}") or 0)  # noqa: S608


def readable(warehouse: Warehouse, name: str) -> str:
    """What to read `name` from: the settled rows alone where nothing is fresh, which spares the comparison of ids."""
    return name if fresh_rows(warehouse, name) else name + SETTLED


def fold(warehouse: Warehouse, name: str) -> int:
    """Bring the fresh rows into the settled table; how many there were. The caller is alone with the warehouse's rows."""
    waiting = fresh_rows(warehouse, name)
    if not waiting:
        return 0
    chosen = ", ".join(columns_of(warehouse, name + SETTLED))
    warehouse.command(f"delete from {name}{SETTLED} where id in (select id from {name}{FRESH})", work="rebuild")  # noqa: S608
    warehouse.command(
        f"insert into {name}{SETTLED} ({chosen}) select {chosen} from {name}{FRESH} final where _deleted = 0"  # noqa: S608
        " settings max_partitions_per_insert_block = 0",
        work="rebuild",
    )
    warehouse.command(f"truncate table {name}{FRESH}")
    return waiting
