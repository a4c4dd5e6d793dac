"""PostgreSQL: the engine, the unit of work, and the base of every table.

One request or job is one transaction, committed at its edge; nobody else commits.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import BigInteger, DateTime, Identity, MetaData, create_engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from wellspring.platform import db_lists

db_lists.register()

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

TRY_LOCK = text("select pg_try_advisory_lock(hashtextextended(:name, 0))")
RELEASE_LOCK = text("select pg_advisory_unlock(hashtextextended(:name, 0))")
LOCK_GAP_SECONDS = 0.02


class Base(DeclarativeBase):
    """Python types map to columns: `datetime` is timestamptz, `int` is bigint, `dict`/`list` are jsonb."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own protocol
        datetime: DateTime(timezone=True),
        int: BigInteger,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        list[str]: JSONB,
        list[int]: JSONB,
    }


class HasId:
    """A 64-bit key given by the database; the same number is the warehouse's key."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)


class HasCreatedAt:
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


def sqlalchemy_url(url: str) -> str:
    """A `postgresql://` URL with psycopg 3 as its driver."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


class Database:
    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.url = url
        self.engine = create_engine(
            sqlalchemy_url(url),
            pool_size=pool_size,
            max_overflow=20,
            pool_pre_ping=True,
            pool_recycle=1800,
            # Every statement is planned for its values: the plan of a prepared one, made while the tables were empty,
            # reads them whole once they are full. Planning anew costs less than a millisecond.
            connect_args={"prepare_threshold": None},
        )
        self._sessions = sessionmaker(self.engine, expire_on_commit=False, autoflush=True)

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        with self._sessions() as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    @contextmanager
    def try_alone(self, name: str, *, wait_seconds: float = 0) -> Iterator[bool]:
        """Hold the lock `name` while the block runs; False when somebody else has it (after waiting that long).

        It outlives transactions and dies with the process: a session lock on a connection of its own.
        """
        with self.engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            end = time.monotonic() + wait_seconds
            while not (held := bool(connection.scalar(TRY_LOCK, {"name": name}))) and time.monotonic() < end:
                time.sleep(LOCK_GAP_SECONDS)
            try:
                yield held
            finally:
                if held:
                    connection.execute(RELEASE_LOCK, {"name": name})

    def close(self) -> None:
        self.engine.dispose()


def raw_connection(session: Session) -> psycopg.Connection[Any]:
    """The psycopg connection of the session's transaction: for COPY and for jobs deferred inside it."""
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection


def try_advisory_lock(session: Session, name: str) -> bool:
    """A lock named `name` until the transaction ends; False when somebody else holds it."""
    return bool(session.scalar(text("select pg_try_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name}))


def advisory_lock(session: Session, name: str) -> None:
    """Wait for the lock named `name`; held until the transaction ends."""
    session.execute(text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
