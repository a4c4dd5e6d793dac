"""The platform of one process: everything a request or a job may need, opened once and closed once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import ArgumentError

from wellspring.platform.clock import Clock, FollowedClock, SystemClock
from wellspring.platform.data_folder import DataFolder
from wellspring.platform.db import Database, advisory_lock, sqlalchemy_url
from wellspring.platform.embedded_postgres import EmbeddedPostgres
from wellspring.platform.errors import StartError
from wellspring.platform.jobs import Jobs
from wellspring.platform.paths import migrations_folder
from wellspring.platform.secrets import SecretBox
from wellspring.platform.settings import Settings
from wellspring.platform.warehouse.client import Warehouse
from wellspring.platform.warehouse.migrate import migrate_warehouse
from wellspring.platform.warehouse.wide import ensure_wide


@dataclass
class Platform:
    settings: Settings
    folder: DataFolder
    database: Database
    jobs: Jobs
    warehouse: Warehouse
    clock: Clock
    secrets: SecretBox
    embedded_postgres: EmbeddedPostgres | None = None

    @classmethod
    def open(cls, settings: Settings, *, clock: Clock | None = None) -> Platform:
        """Open the data folder, start or reach both stores, bring their schemas up to date.

        Raises StartError with one plain sentence. With embedded stores the folder is held by this process.
        """
        folder = DataFolder(settings.data).ensure()
        embedded = settings.database_url is None or settings.warehouse_url is None
        if embedded:
            folder.lock()
        postgres = EmbeddedPostgres(folder.postgres) if settings.database_url is None else None
        url = postgres.start() if postgres else str(settings.database_url)
        try:
            database = _database(url)
            jobs = Jobs(url)
            migrate_database(database, jobs)
            warehouse = _warehouse(settings.warehouse_url or f"chdb://{folder.warehouse}")
            migrate_warehouse(warehouse)
            ensure_wide(warehouse)
        except BaseException:
            if postgres:
                postgres.stop()
            folder.unlock()
            raise
        if clock is None:
            clock = FollowedClock(settings.clock_url) if settings.clock_url else SystemClock()
        secrets = SecretBox(folder.secret_key())
        return cls(settings, folder, database, jobs, warehouse, clock, secrets, postgres)

    def close(self) -> None:
        self.warehouse.close()
        self.database.close()
        if self.embedded_postgres:
            self.embedded_postgres.stop()
        self.folder.unlock()


def _database(url: str) -> Database:
    try:
        return Database(url)
    except ArgumentError as error:
        raise StartError(
            "WELLSPRING_DATABASE_URL is not a PostgreSQL URL: it looks like postgresql://user:password@host:5432/name."
        ) from error


def _warehouse(dsn: str) -> Warehouse:
    if not re.match(r"(chdb|clickhouses?|https?)://", dsn):
        raise StartError(
            "WELLSPRING_WAREHOUSE_URL is not a ClickHouse URL: it looks like clickhouse://user:password@host:8123/name."
        )
    try:
        return Warehouse(dsn)
    except Exception as error:
        what = "The embedded warehouse" if dsn.startswith("chdb:") else f"The warehouse at {_without_login(dsn)}"
        raise StartError(f"{what} can't be reached: {_short(error)}") from error


def _without_login(dsn: str) -> str:
    parts = urlsplit(dsn)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _short(error: Exception) -> str:
    """The innermost reason of a chain such as "Max retries exceeded (Caused by ... Connection refused)"."""
    text = " ".join(str(error).split())
    if found := re.search(r"\[Errno -?\d+\] [^')\"]+", text):
        return found.group().partition("] ")[2] + "."
    return text[:200]


def alembic_config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder() / "postgres"))
    config.set_main_option("sqlalchemy.url", sqlalchemy_url(url).replace("%", "%%"))
    return config


def migrate_database(database: Database, jobs: Jobs) -> None:
    """Apply missing migrations; several processes may start at once. Refuses a newer schema."""
    config = alembic_config(database.url)
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    try:
        connection = database.engine.connect()
    except Exception as error:
        raise StartError(f"PostgreSQL can't be reached: {str(error).splitlines()[0]}") from error
    with connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known:
        raise StartError(f"The database has the schema of a newer Wellspring (revision {current}): update Wellspring.")
    with database.unit_of_work() as session:
        advisory_lock(session, "migrations")
        jobs.install_schema(session)
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "head")
        session.execute(text("select 1"))
