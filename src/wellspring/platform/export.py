"""Lists as files: CSV and XLSX, written row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
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

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A cell that begins like a formula is read as one by spreadsheets; names come from strangers.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_file(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Any]], form: ExportFormat, *, zone: ZoneInfo
) -> StreamingResponse:
    """A download `name.csv` or `name.xlsx`. Instants are written in `zone`; text that begins like a formula is
    kept text. XLSX has room for 1,048,575 rows under the header: what is more goes to further sheets.

    `rows` is read while the answer streams, after the request's transaction: it must not need the session."""
    body = _csv(header, rows, zone) if form == "csv" else _xlsx(header, rows, zone)
    disposition = f"attachment; filename=\"export.{form}\"; filename*=UTF-8''{quote(f'{name}.{form}')}"
    return StreamingResponse(body, media_type=_TYPES[form], headers={"content-disposition": disposition})


def _plain(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, bool):
        return "1" if value else "0"
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]], zone: ZoneInfo) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    yield b"\xef\xbb\xbf"  # Excel reads UTF-8 only with the mark
    for number, row in enumerate(rows, 1):
        writer.writerow([_plain(value, zone) for value in row])
        if number % 500 == 0:
            yield _drain(buffer)
    yield _drain(buffer)


def _drain(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _xlsx(header: Sequence[str], rows: Iterable[Sequence[Any]], zone: ZoneInfo) -> Iterator[bytes]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(header))
    for number, row in enumerate(rows, 1):
        if number % 1_048_575 == 0:
            sheet = book.create_sheet()
            sheet.append(list(header))
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=_plain(value, zone))
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(65536):
            yield chunk
