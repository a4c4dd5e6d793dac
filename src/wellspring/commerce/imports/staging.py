"""The lines of one run on their way in: an unlogged table of their own, filled by COPY, dropped at the end.

Nothing here is visible to anybody. A run that was killed starts again from the first line: reading is the
cheap part, and a half-filled table is never worth trusting (an unlogged one is empty after a crash anyway).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.commerce.imports.lines import RejectedLine, TakenLine
from wellspring.commerce.imports.values import Memory, clean_text
from wellspring.platform.db import raw_connection

PREFIX = "import_stage_"
_COLUMNS = (
    "line_no bigint not null, refund boolean not null, number text not null, code text not null, kind text not null,"
    " description text not null, quantity bigint not null, unit_price numeric not null, amount_fen bigint not null,"
    " placed_at timestamptz not null, buyer text not null, store text not null, line_id text not null"
)


class Stage:
    """The table's name ends with the transaction that made it: a worker that was given up for dead and comes
    back finds its table gone, and can't write into that of its successor."""

    def __init__(self, import_id: int) -> None:
        self.import_id = import_id
        self.table = ""
        self._instant = Memory(datetime.isoformat)

    def create(self, session: Session) -> None:
        """Also clears what earlier attempts left."""
        drop_stages(session, self.import_id)
        transaction = session.scalar(text("select pg_current_xact_id()::text"))
        self.table = f"{PREFIX}{self.import_id}_{transaction}"
        session.execute(text("delete from import_rejection where import_id = :id"), {"id": self.import_id})
        session.execute(text(f'create unlogged table "{self.table}" ({_COLUMNS}) with (autovacuum_enabled = off)'))

    def write(self, session: Session, lines: Sequence[TakenLine]) -> None:
        """One COPY. The texts were cleaned of control characters when they were read; a backslash is doubled."""
        if not lines:
            return
        instant = self._instant
        block = "".join(
            [
                f"{n}\t{'t' if refund else 'f'}\t{number}\t{code}\t{kind}\t{description}\t{quantity}\t{price}\t{fen}"
                f"\t{instant[at]}\t{buyer}\t{store}\t{line_id}\n"
                for n, refund, number, code, kind, description, quantity, price, fen, at, buyer, store, line_id in lines
            ]
        )
        if "\\" in block:
            block = block.replace("\\", "\\\\")
        with raw_connection(session).cursor() as cursor:
            statement = sql.SQL("copy {} from stdin").format(sql.Identifier(self.table))
            with cursor.copy(statement) as copy:
                copy.write(block)

    def write_rejected(self, session: Session, rejected: Iterable[RejectedLine], held: Held) -> None:
        with raw_connection(session).cursor() as cursor:
            statement = "copy import_rejection (import_id, line_number, reason, detail, line) from stdin"
            with cursor.copy(statement) as copy:
                for line in rejected:
                    copy.write_row(
                        (self.import_id, line.line_number, line.reason, no_nul(line.detail), held.as_json(line.cells))
                    )

    def drop(self, session: Session) -> None:
        if self.table:
            session.execute(text(f'drop table if exists "{self.table}"'))


def drop_stages(session: Session, import_id: int) -> None:
    names = session.scalars(
        text("select tablename from pg_tables where schemaname = current_schema() and tablename like :pattern"),
        {"pattern": f"{PREFIX}{import_id}_%".replace("_", r"\_")},
    ).all()
    for name in names:
        session.execute(text(f'drop table if exists "{name}"'))


class Held:
    """What a rejected line held, as JSON by column name. A mobile is masked: it is kept sealed elsewhere, and a
    list of mistakes is no reason to keep it in clear."""

    def __init__(self, columns: Sequence[str], masked_column: str | None) -> None:
        self._columns = list(columns)
        self._masked = masked_column

    def as_json(self, cells: Sequence[Any]) -> str:
        return orjson.dumps(self.as_dict(cells), default=str).decode()

    def as_dict(self, cells: Sequence[Any]) -> dict[str, Any]:
        line: dict[str, Any] = {}
        for position, cell in enumerate(cells):
            name = self._columns[position] if position < len(self._columns) else f"column {position + 1}"
            if name == self._masked:
                cell = mask(clean_text(cell))
            line[no_nul(name)] = no_nul(cell) if isinstance(cell, str) else cell
        return line


def mask(value: str) -> str:
    return value[:3] + "*" * max(len(value) - 5, 3) + value[-2:] if len(value) > 5 else "*" * len(value)


def no_nul(value: str) -> str:
    """PostgreSQL's texts can't hold NUL, nor lone surrogates."""
    return value.replace("\0", "").encode("utf-8", "replace").decode()
