"""Fails when the models and the migrations tell different stories."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import wellspring.app.models  # noqa: F401
from wellspring.platform.db import Base, Database
from wellspring.platform.embedded_postgres import EmbeddedPostgres
from wellspring.platform.jobs import Jobs
from wellspring.platform.runtime import migrate_database


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="wellspring-drift-"))
    server = EmbeddedPostgres(folder / "postgres")
    url = server.start()
    database = Database(url)
    try:
        migrate_database(database, Jobs(url))
        with database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _ours})
            differences = compare_metadata(context, Base.metadata)
    finally:
        database.close()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    for difference in differences:
        print(f"migration drift: {difference}")
    if not differences:
        print("Migrations agree with the models.")
    return 1 if differences else 0


def _ours(thing: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


if __name__ == "__main__":
    sys.exit(main())
