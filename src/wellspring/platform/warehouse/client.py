"""One client for chDB in the data folder and for a ClickHouse server: the same SQL dialect."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import clickhouse_connect

Row = dict[str, Any]
Work = Literal["preview", "refresh", "rebuild"]

WORK_SETTINGS: Mapping[Work, Mapping[str, Any]] = {
    # Somebody waits for it: all threads, and an end to what will not come to one.
    "preview": {"max_execution_time": 60, "max_bytes_before_external_group_by": 2_000_000_000},
    # Small and often, beside previews.
    "refresh": {"max_threads": 2, "max_bytes_before_external_group_by": 1_000_000_000},
    # Everybody at once: may take its time, but not the machine's memory.
    "rebuild": {
        "max_threads": 2,
        "max_memory_usage": 6_000_000_000,
        "max_bytes_before_external_group_by": 2_000_000_000,
        "join_algorithm": "hash",
    },
}
"""Threads, memory and spilling to disk, by class of work."""


class Warehouse:
    """A small pool of clients. A chDB client holds one lock, so a second one answers a preview while the
    first is busy with heavy work; they share the one engine of the process.

    `dsn`: `chdb:///folder` or `clickhouse://user:password@host:port/database`.
    Parameters are always bound (`{name:Type}` in SQL), never formatted into the text.
    """

    def __init__(self, dsn: str, *, clients: int = 4) -> None:
        self.dsn = dsn
        self._clients: queue.LifoQueue[Any] = queue.LifoQueue()
        self._all = [self._connect() for _ in range(clients)]
        for client in self._all:
            self._clients.put(client)

    def _connect(self) -> Any:
        # Without a session of its own, one server client may serve several threads one after the other.
        options: dict[str, Any] = {} if self.embedded else {"autogenerate_session_id": False}
        return clickhouse_connect.get_client(dsn=self.dsn, **options)

    @property
    def embedded(self) -> bool:
        return self.dsn.startswith("chdb:")

    @contextmanager
    def client(self) -> Iterator[Any]:
        client = self._clients.get()
        try:
            yield client
        finally:
            self._clients.put(client)

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None, *, work: Work = "preview") -> list[Row]:
        """Rows as dictionaries by column name."""
        with self.client() as client:
            result = client.query(sql, parameters=dict(parameters or {}), settings=dict(WORK_SETTINGS[work]))
        names = result.column_names
        return [dict(zip(names, row, strict=True)) for row in result.result_rows]

    def column(self, sql: str, parameters: Mapping[str, Any] | None = None, *, work: Work = "preview") -> Sequence[Any]:
        """The first column of all rows."""
        with self.client() as client:
            result = client.query(
                sql, parameters=dict(parameters or {}), settings=dict(WORK_SETTINGS[work]), column_oriented=True
            )
        return result.result_set[0] if result.result_set else []

    def scalar(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
        with self.client() as client:
            result = client.query(sql, parameters=dict(parameters or {}))
        return result.result_rows[0][0] if result.result_rows else None

    def command(self, sql: str, parameters: Mapping[str, Any] | None = None, *, work: Work | None = None) -> None:
        with self.client() as client:
            settings = dict(WORK_SETTINGS[work]) if work else None
            client.command(sql, parameters=dict(parameters or {}), settings=settings)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows in one block: all of them become visible, or none."""
        if rows:
            with self.client() as client:
                client.insert(table, rows, column_names=list(columns), settings={"max_partitions_per_insert_block": 0})

    def close(self) -> None:
        for client in self._all:
            client.close()
