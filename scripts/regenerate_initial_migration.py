"""Write migrations/postgres/versions/0001_initial.py anew from the models.

Only for the time before the first release; afterwards a change of the models gets a migration of its own.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine, text

import wellspring.app.models  # noqa: F401
from wellspring.platform.db import Base, sqlalchemy_url
from wellspring.platform.embedded_postgres import EmbeddedPostgres
from wellspring.platform.runtime import alembic_config

VERSIONS = Path(__file__).parents[1] / "migrations" / "postgres" / "versions"
TRIGGERS = """
    op.execute(TRACK_CHANGE_FUNCTION)
    for table in ({tables},):
        for statement in track_change_triggers(table):
            op.execute(statement)
"""


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="wellspring-migration-"))
    server = EmbeddedPostgres(folder / "postgres")
    url = server.start()
    try:
        for old in VERSIONS.glob("*.py"):
            old.unlink()
        config = alembic_config(url)
        with create_engine(sqlalchemy_url(url)).begin() as connection:
            connection.execute(text("select 1"))
            config.attributes["connection"] = connection
            command.revision(config, "initial", autogenerate=True, rev_id="0001")
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    file = VERSIONS / "0001_initial.py"
    source = file.read_text()
    tracked = sorted(
        t.name for t in Base.metadata.tables.values() if "changed_xid" in t.c and t.name != "warehouse_tombstone"
    )
    source = source.replace("wellspring.platform.warehouse.feeds.XID8", "XID8")
    source = re.sub(
        r"(from sqlalchemy\.dialects import postgresql\n)",
        r"\1\nfrom wellspring.platform.warehouse.feeds import TRACK_CHANGE_FUNCTION, XID8, track_change_triggers\n",
        source,
        count=1,
    )
    source = source.replace("\nfrom sqlalchemy.dialects import postgresql\nrevision", "\nrevision")
    file.write_text(source.rstrip() + "\n" + TRIGGERS.format(tables=", ".join(f'"{name}"' for name in tracked)))


if __name__ == "__main__":
    main()
