"""Lists as files: CSV that spreadsheets open without running anything, XLSX without formulas; both streamed."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal
from urllib.parse import quote

from openpyxl import Workbook
from starlette.responses import StreamingResponse

ExportFormat = Literal["csv", "xlsx"]
MOST_XLSX_ROWS = 1_048_575
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def safe_cell(value: Any) -> str:
    """Text that no spreadsheet takes for a formula: what begins like one and is no plain number gets an
    apostrophe in front (OWASP, "CSV Injection")."""
    text = "" if value is None else str(value)
    if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def file_response(
    name: str, file_format: ExportFormat, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingResponse:
    """`rows` is read while the file goes out; it must hold its own session."""
    body = csv_bytes(header, rows) if file_format == "csv" else xlsx_bytes(header, rows)
    return StreamingResponse(
        body,
        media_type=_MIME[file_format],
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{file_format}')}"},
    )


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """With a byte order mark: Excel takes Chinese for something else without it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([safe_cell(cell) for cell in header])
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Through a temporary file, because the format keeps its index at the end. Stops at Excel's last row."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append([safe_cell(cell) for cell in header])
    for count, row in enumerate(rows):
        if count >= MOST_XLSX_ROWS:
            break
        sheet.append([cell if isinstance(cell, int | float) else _legal(safe_cell(cell)) for cell in row])
    with tempfile.TemporaryFile() as file:
        workbook.save(file)
        file.seek(0)
        while chunk := file.read(1 << 16):
            yield chunk


def _legal(text: str) -> str:
    """XML knows no control characters, Excel no cell beyond 32,767."""
    return "".join(c for c in text if c >= " " or c in "\t\n")[:32_767]
