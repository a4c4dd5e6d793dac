"""Schema migrations of the warehouse: numbered SQL files, each applied once and recorded in the warehouse."""

from __future__ import annotations

from pathlib import Path

from wellspring.platform.errors import StartError
from wellspring.platform.paths import migrations_folder
from wellspring.platform.warehouse.client import Warehouse
from wellspring.platform.warehouse.tables import fact_tables, make_view


def migrate_warehouse(warehouse: Warehouse) -> list[str]:
    """Apply what is missing, in order; returns the names applied. Statements must be safe to repeat,
    because a kill can fall between a statement and its record."""
    warehouse.command(
        "create table if not exists schema_migrations (name String, applied_at DateTime64(3, 'UTC') default now64(3))"
        " engine = MergeTree order by name"
    )
    done = {str(row["name"]) for row in warehouse.query("select distinct name from schema_migrations")}
    files = {file.stem: file for file in sorted((migrations_folder() / "warehouse").glob("*.sql"))}
    if unknown := done - files.keys():
        raise StartError(
            f"The warehouse has the schema of a newer Wellspring ({', '.join(sorted(unknown))}): update Wellspring."
        )
    applied = []
    for name, file in files.items():
        if name in done:
            continue
        for statement in _statements(file):
            warehouse.command(statement)
        warehouse.insert("schema_migrations", ("name",), [(name,)])
        applied.append(name)
    for table in fact_tables(warehouse):
        make_view(warehouse, table)
    return applied


def _statements(file: Path) -> list[str]:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("--")]
    return [part.strip() for part in "\n".join(lines).split(";") if part.strip()]
