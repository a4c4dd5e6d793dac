"""Lists as parameters, dumped at C speed.

Batches go to PostgreSQL as one array per column. psycopg dumps an array element by element in Python, which was most of
what a batch cost on our side; a list of texts, integers or instants is dumped here as a whole. Everything else is left to it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.types.array import ListDumper


class WholeListDumper(ListDumper):
    """PostgreSQL's array text form: each text quoted, quotes and backslashes escaped."""

    def dump(self, obj: list[Any]) -> Buffer | None:
        kinds = set(map(type, obj))
        if kinds == {str}:
            # No text of PostgreSQL holds a NUL, so it can stand between the elements while they are escaped.
            joined = "\x00".join(obj)
            if joined.count("\x00") == len(obj) - 1:
                escaped = joined.replace("\\", "\\\\").replace('"', '\\"')
                return ('{"' + escaped.replace("\x00", '","') + '"}').encode()
        elif kinds == {int}:
            return ("{" + str(obj)[1:-1] + "}").encode()
        elif kinds == {datetime} and all(one.tzinfo is not None for one in obj):
            # Batches share their instants: a page's reading, a second in which many came.
            text_of = {one: f'"{one.isoformat()}"' for one in set(obj)}
            return ("{" + ",".join([text_of[one] for one in obj]) + "}").encode()
        elif kinds == {bytes}:
            return ("{" + ",".join([f'"\\\\x{one.hex()}"' for one in obj]) + "}").encode()
        return super().dump(obj)


def register() -> None:
    """For every connection made from now on."""
    psycopg.adapters.register_dumper(list, WholeListDumper)
