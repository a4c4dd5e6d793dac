"""Alembic's environment: runs on the connection it is handed, or on the configured URL."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import create_engine

import wellspring.app.models  # noqa: F401 - every table must be known
from wellspring.platform.db import Base


def ours(thing: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


def run(connection: Any) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, include_object=ours, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


connection = context.config.attributes.get("connection")
if connection is not None:
    run(connection)
else:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as own:
        run(own)
        own.commit()
