"""What every file format looks like to the importer: a header and numbered rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

LONGEST_CELL = 32_767
"""Excel's own limit of a cell; nothing longer is an order's field."""
MOST_COLUMNS = 500


class Row(NamedTuple):
    """`cells`: as many as the header has. Values are text, numbers or datetimes, as the format knows them."""

    line_number: int
    cells: Sequence[Any]


class BrokenRow(NamedTuple):
    """A row that the format could not read; `reason` is a code of reasons.py."""

    line_number: int
    reason: str
    detail: str
    cells: Sequence[Any]


class TableFile(Protocol):
    """Opened once, read once or more. `rows_total` may be an estimate until the file was read to its end."""

    columns: list[str]
    rows_total: int

    def rows(self) -> Iterator[Row | BrokenRow]: ...


def unique_names(header: Sequence[Any]) -> list[str]:
    """Header cells as distinct, non-empty column names."""
    names: list[str] = []
    for position, cell in enumerate(header, start=1):
        base = " ".join(str(cell if cell is not None else "").replace("\ufeff", "").split()) or f"column {position}"
        name, count = base, 1
        while name in names:
            count += 1
            name = f"{base} ({count})"
        names.append(name)
    return names
