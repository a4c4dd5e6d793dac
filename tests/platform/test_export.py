"""Lists as files: what a spreadsheet makes of them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from wellspring.platform import export
from wellspring.platform.export import ExportFormat, csv_bytes, export_file

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON_UTC = datetime(2026, 3, 1, 12, tzinfo=UTC)


def downloaded(header: list[str], rows: Any, form: ExportFormat) -> bytes:
    async def read() -> bytes:
        answer = export_file("清单", header, rows, form, zone=SHANGHAI)
        return b"".join([bytes(chunk) async for chunk in answer.body_iterator])  # type: ignore[arg-type]

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+86 138", "'+86 138"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\n=1", "'\n=1"),
        ("-3.50", "-3.50"),
        (-3, "-3"),
        (None, ""),
        (True, "1"),
        (NOON_UTC, "2026-03-01 20:00:00"),
    ],
)
def test_a_cell_of_a_csv_file(value: Any, cell: str) -> None:
    text = downloaded(["=head"], [[value]], "csv").decode()
    quoted = f'"{cell}"' if "\n" in cell else cell or '""'
    assert text == f"\ufeff'=head\r\n{quoted}\r\n"


def test_an_xlsx_file_holds_numbers_and_no_formula() -> None:
    row = ["=1+1", 12.5, 7, "bell\x07", "x" * 40_000, NOON_UTC, None]
    sheet = load_workbook(io.BytesIO(downloaded(["=head"], [row], "xlsx"))).active
    head, cells = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert head[0] == "'=head"
    assert cells[:4] == ["'=1+1", 12.5, 7, "bell"]
    assert len(cells[4]) == 32_767
    assert cells[5] == "2026-03-01 20:00:00"
    assert "f" not in {cell.data_type for cell in sheet[2]}


def test_rows_beyond_a_sheet_go_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "SHEET_ROWS", 3)
    book = load_workbook(io.BytesIO(downloaded(["n"], ([n] for n in range(6)), "xlsx")))
    assert [[row[0] for row in sheet.values] for sheet in book] == [["n", 0, 1, 2], ["n", 3, 4, 5]]


def test_rows_are_read_as_the_file_goes_out() -> None:
    read = 0

    def rows() -> Iterator[list[str]]:
        nonlocal read
        for _ in range(10_000):
            read += 1
            yield ["x" * 99]

    chunks = csv_bytes(["n"], rows(), zone=SHANGHAI)
    next(chunks)
    assert read < 1_000
