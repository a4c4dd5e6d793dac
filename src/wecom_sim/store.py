"""Tables in memory, written through to one SQLite file when there is one.

Rows are dataclasses keyed by text. A change is noted by `put`, `touch` or `drop`; `Store.commit` writes what was noted
in one transaction. The web layer commits before it answers, so whatever a caller was told survives a killed process
(write-ahead log, synchronous=NORMAL: safe against the death of the process, not of the machine).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

import orjson
from pydantic import TypeAdapter

V = TypeVar("V")

SCHEMA = 1
CACHE_KIB = 256 * 1024  # at most; a small brand needs little of it
UPSERT = "INSERT INTO rows VALUES (?, ?, ?) ON CONFLICT (tbl, key) DO UPDATE SET body = excluded.body"


class StateFileError(Exception):
    """The state file can't be used; the text is one plain sentence."""


class Table(Generic[V]):
    def __init__(self, store: "Store", name: str, row: type[V]) -> None:
        self.name = name
        self.rows: dict[str, V] = {}
        self._adapter: TypeAdapter[V] = TypeAdapter(row)
        # A dict, for its order: new rows must reach the file in the order in which they were made.
        self._dirty: dict[str, None] = {}
        self._kept = store.kept
        store.add_table(self)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[V]:
        return iter(self.rows.values())

    def __contains__(self, key: object) -> bool:
        return key in self.rows

    def get(self, key: str) -> V | None:
        return self.rows.get(key)

    def put(self, key: str, row: V) -> V:
        self.rows[key] = row
        if self._kept:
            self._dirty[key] = None
        return row

    def touch(self, key: str) -> None:
        if self._kept:
            self._dirty[key] = None

    def drop(self, key: str) -> None:
        if self.rows.pop(key, None) is not None and self._kept:
            self._dirty[key] = None

    def load(self, pairs: Iterator[tuple[str, bytes]]) -> None:
        validate = self._adapter.validate_json
        for key, body in pairs:
            self.rows[key] = validate(body)

    def changed(self) -> bool:
        return bool(self._dirty)

    def written(self) -> Iterator[tuple[str, str, bytes]]:
        """(table, key, JSON) of rows to write; one at a time, for there may be millions."""
        for key in self._dirty:
            if key in self.rows:
                yield self.name, key, orjson.dumps(self.rows[key])

    def removed(self) -> Iterator[tuple[str, str]]:
        return ((self.name, key) for key in self._dirty if key not in self.rows)

    def settle(self) -> None:
        """What was noted has reached the file."""
        self._dirty.clear()


class Log(Generic[V]):
    """Append-only rows; position + 1 is the sequence number."""

    def __init__(self, store: "Store", name: str, row: type[V]) -> None:
        self.name = name
        self.rows: list[V] = []
        self._adapter: TypeAdapter[V] = TypeAdapter(row)
        self._written = 0
        store.add_log(self)

    def __len__(self) -> int:
        return len(self.rows)

    def append(self, row: V) -> None:
        self.rows.append(row)

    def load(self, bodies: Iterator[bytes]) -> None:
        validate = self._adapter.validate_json
        self.rows.extend(validate(body) for body in bodies)
        self._written = len(self.rows)

    def changed(self) -> bool:
        return self._written < len(self.rows)

    def written(self) -> Iterator[tuple[str, int, bytes]]:
        return ((self.name, n, orjson.dumps(self.rows[n])) for n in range(self._written, len(self.rows)))

    def settle(self) -> None:
        self._written = len(self.rows)


def open_state_file(path: Path) -> sqlite3.Connection:
    """The file, made where there is none. Raises StateFileError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        # Ids are hashes: a large brand is written all over the index, which must not be read from the file again and again.
        db.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA:
            raise StateFileError(f"The state file {path} was written by a newer simulator (format {version}).")
        db.execute("CREATE TABLE IF NOT EXISTS rows (tbl TEXT, key TEXT, body BLOB, PRIMARY KEY (tbl, key))")
        db.execute("CREATE TABLE IF NOT EXISTS logs (log TEXT, seq INTEGER, body BLOB, PRIMARY KEY (log, seq))")
        db.execute("CREATE TABLE IF NOT EXISTS blobs (key TEXT PRIMARY KEY, body BLOB)")
        db.execute(f"PRAGMA user_version={SCHEMA}")
    except (sqlite3.DatabaseError, OSError) as error:
        raise StateFileError(f"The state file {path} can't be used: {error}.") from error
    return db


class Store:
    """All tables and logs of one simulator and, with a path, their file."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.kept = path is not None
        self._tables: list[Table[Any]] = []
        self._logs: list[Log[Any]] = []
        self._db: sqlite3.Connection | None = None
        # Where tables and logs are read from when they are made: the state file, or for a moment a snapshot.
        self._source: sqlite3.Connection | None = None
        self._blobs: dict[str, bytes] = {}
        if path is not None:
            self._db = self._source = open_state_file(path)

    def add_table(self, table: Table[Any]) -> None:
        self._tables.append(table)
        if self._source is not None:
            # rowid keeps the order in which rows were first written; indexes built from it stay stable
            found = self._source.execute("SELECT key, body FROM rows WHERE tbl = ? ORDER BY rowid", (table.name,))
            table.load(iter(found))

    def add_log(self, log: Log[Any]) -> None:
        self._logs.append(log)
        if self._source is not None:
            found = self._source.execute("SELECT body FROM logs WHERE log = ? ORDER BY seq", (log.name,))
            log.load(body for (body,) in found)

    def commit(self) -> None:
        """Write everything noted since the last commit, in one transaction."""
        if self._db is None:
            return
        tables = [one for one in self._tables if one.changed()]
        logs = [one for one in self._logs if one.changed()]
        if not (tables or logs):
            return
        db = self._db
        db.execute("BEGIN")
        try:
            for table in tables:
                # An upsert, not REPLACE: a replaced row would get a new rowid and lose its place in the order.
                db.executemany(UPSERT, table.written())
                db.executemany("DELETE FROM rows WHERE tbl = ? AND key = ?", table.removed())
            for log in logs:
                db.executemany("INSERT INTO logs VALUES (?, ?, ?)", log.written())
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        for table in tables:
            table.settle()
        for log in logs:
            log.settle()

    def save_blob(self, key: str, body: bytes) -> None:
        if self._db is None:
            self._blobs[key] = body
        else:
            self._db.execute("INSERT OR REPLACE INTO blobs VALUES (?, ?)", (key, body))

    def load_blob(self, key: str) -> bytes | None:
        if self._db is None:
            return self._blobs.get(key)
        found = self._db.execute("SELECT body FROM blobs WHERE key = ?", (key,)).fetchone()
        return None if found is None else bytes(found[0])

    # -- snapshots ---------------------------------------------------------------------------------------------------
    def save_to(self, path: Path, about: bytes) -> None:
        """Write everything into a new state file, and `about` as a row of its own."""
        with closing(open_state_file(path)) as db:
            # One file that can be moved: no write-ahead log beside it.
            db.execute("PRAGMA journal_mode=DELETE")
            db.execute("BEGIN")
            for table in self._tables:
                db.executemany(UPSERT, ((table.name, key, orjson.dumps(row)) for key, row in table.rows.items()))
            for log in self._logs:
                lines = ((log.name, n, orjson.dumps(row)) for n, row in enumerate(log.rows))
                db.executemany("INSERT INTO logs VALUES (?, ?, ?)", lines)
            blobs = self._db.execute("SELECT key, body FROM blobs") if self._db else self._blobs.items()
            db.executemany("INSERT INTO blobs VALUES (?, ?)", blobs)
            db.execute(UPSERT, ("snapshot", "now", about))
            db.execute("COMMIT")

    @contextmanager
    def loading(self, path: Path) -> Iterator[None]:
        """Forget everything; tables and logs that are made within begin with what the file at `path` has."""
        with closing(open_state_file(path)) as source:
            self.clear()
            if self._db is None:
                self._source = source
                self._blobs = dict(source.execute("SELECT key, body FROM blobs"))
            else:
                self._copy(source, self._db)
            try:
                yield
            finally:
                self._source = self._db

    @staticmethod
    def _copy(source: sqlite3.Connection, db: sqlite3.Connection) -> None:
        db.execute("BEGIN")
        db.executemany(
            "INSERT INTO rows VALUES (?, ?, ?)",
            source.execute("SELECT * FROM rows WHERE tbl != 'snapshot' ORDER BY rowid"),
        )
        db.executemany("INSERT INTO logs VALUES (?, ?, ?)", source.execute("SELECT * FROM logs"))
        db.executemany("INSERT INTO blobs VALUES (?, ?)", source.execute("SELECT * FROM blobs"))
        db.execute("COMMIT")

    def clear(self) -> None:
        """Forget everything, in memory and in the file, and all tables with it."""
        self._tables.clear()
        self._logs.clear()
        self._blobs.clear()
        if self._db is not None:
            self._db.execute("BEGIN")
            for name in ("rows", "logs", "blobs"):
                self._db.execute(f"DELETE FROM {name}")  # noqa: S608
            self._db.execute("COMMIT")

    def close(self) -> None:
        if self._db is not None:
            self.commit()
            self._db.close()
            self._db = None
