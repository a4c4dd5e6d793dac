"""Lists as files: CSV that spreadsheets open without running anything, XLSX without formulas; both streamed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Annotated, Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import Query
from fastapi.responses import StreamingResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

ExportFormat = Literal["csv", "xlsx"]
ExportFormatParam = Annotated[ExportFormat, Query(alias="format")]

SHEET_ROWS = 1_048_575
"""Rows of one XLSX sheet under its header; Excel's own limit."""
CELL_CHARACTERS = 32_767
"""Excel's limit for the text of one cell."""
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def export_file(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Any]], form: ExportFormat, *, zone: ZoneInfo
) -> StreamingResponse:
    """A download `name.csv` or `name.xlsx`. Instants are written in `zone`; text that begins like a formula is
    kept text. What does not fit on one XLSX sheet goes to further ones.

    `rows` is read while the answer streams, after the request's transaction: it must not need the session."""
    body = csv_bytes(header, rows, zone=zone) if form == "csv" else _xlsx_bytes(header, rows, zone)
    disposition = f"attachment; filename=\"export.{form}\"; filename*=UTF-8''{quote(f'{name}.{form}')}"
    return StreamingResponse(body, media_type=_TYPES[form], headers={"content-disposition": disposition})


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]], *, zone: ZoneInfo) -> Iterator[bytes]:
    """With a byte order mark: Excel takes Chinese for something else without it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([_plain(value, zone) for value in header])
    for row in rows:
        writer.writerow([_plain(value, zone) for value in row])
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _xlsx_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]], zone: ZoneInfo) -> Iterator[bytes]:
    """Through a temporary file, because the format keeps its index at the end."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([_cell(sheet, value, zone) for value in header])
    for number, row in enumerate(rows):
        if number and number % SHEET_ROWS == 0:
            sheet = book.create_sheet()
            sheet.append([_cell(sheet, value, zone) for value in header])
        sheet.append([_cell(sheet, value, zone) for value in row])
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(1 << 16):
            yield chunk


def _cell(sheet: Any, value: Any, zone: ZoneInfo) -> Any:
    plain: Any = _plain(value, zone)
    if not isinstance(plain, str):
        return WriteOnlyCell(sheet, value=plain)
    # XML knows no control characters.
    legal = "".join(c for c in plain if c >= " " or c in "\t\n")[:CELL_CHARACTERS]
    cell = WriteOnlyCell(sheet, value=legal)
    cell.data_type = "s"
    return cell


def _plain(value: Any, zone: ZoneInfo) -> str | int | float | Decimal:
    """Numbers stay numbers. Text that a spreadsheet would take for a formula, and is no plain number, gets an
    apostrophe in front: names come from strangers (OWASP, "CSV Injection")."""
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float | Decimal):
        return value
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text
