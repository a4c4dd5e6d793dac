"""XLSX by calamine. Line numbers are Excel's own row numbers."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import python_calamine

from wellspring.commerce.errors import UnreadableFile
from wellspring.commerce.imports.table import LONGEST_CELL, MOST_COLUMNS, BrokenRow, Row, unique_names

LARGEST_UNPACKED = 4 << 30
"""Bytes a workbook may unpack to: a small file that unpacks to more is not a list of orders."""


class XlsxFile:
    """The named sheet, else the first that has anything in it."""

    def __init__(self, path: Path, *, sheet: str | None = None) -> None:
        self.path = path
        check_archive(path)
        self._sheet = sheet
        self.columns: list[str] = []
        self.sheets: list[str] = []
        self.rows_total = 0
        self._height = 0
        for row in self._all_rows():
            self.columns = unique_names(row.cells)
            self.rows_total = max(self._height - row.line_number, 0)
            break
        if not self.columns:
            raise UnreadableFile(why_zh="工作表是空的", why_en="the worksheet is empty")
        if len(self.columns) > MOST_COLUMNS:
            raise UnreadableFile(
                why_zh=f"表头有 {len(self.columns)} 列，最多 {MOST_COLUMNS} 列",
                why_en=f"the header has {len(self.columns)} columns, at most {MOST_COLUMNS} are read",
            )

    def rows(self) -> Iterator[Row | BrokenRow]:
        rows = self._all_rows()
        next(rows, None)
        width = len(self.columns)
        for row in rows:
            cells = row.cells
            if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in cells):
                shown = [cell[:200] if isinstance(cell, str) else cell for cell in cells[:width]]
                yield BrokenRow(row.line_number, "CELL_TOO_LONG", "", shown)
            elif any(cell not in ("", None) for cell in cells[width:]):
                yield BrokenRow(row.line_number, "COLUMN_COUNT", f"{len(cells)} / {width}", cells)
            else:
                yield Row(row.line_number, [*cells[:width], *[""] * (width - len(cells))])

    def _all_rows(self) -> Iterator[Row]:
        """Rows that hold anything, the header among them."""
        try:
            with python_calamine.CalamineWorkbook.from_path(str(self.path)) as workbook:
                self.sheets = list(workbook.sheet_names)
                sheet = self._choose(workbook)
                self._height = int(sheet.total_height)
                # calamine begins with row 1 of the sheet when it iterates, whatever the first filled row is.
                for number, cells in enumerate(sheet.iter_rows(), start=1):
                    if any(cell not in ("", None) for cell in cells):
                        yield Row(number, cells)
        except UnreadableFile:
            raise
        except Exception as error:
            raise _unreadable(error) from error

    def _choose(self, workbook: Any) -> Any:
        if self._sheet is not None:
            if self._sheet not in workbook.sheet_names:
                raise UnreadableFile(
                    why_zh=f"没有名为“{self._sheet}”的工作表", why_en=f"there is no sheet named {self._sheet!r}"
                )
            return workbook.get_sheet_by_name(self._sheet)
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height:
                return sheet
        raise UnreadableFile(why_zh="工作簿里没有内容", why_en="the workbook is empty")


def check_archive(path: Path) -> None:
    """Raises UnreadableFile for an archive that is no workbook, is damaged, or unpacks beyond all reason."""
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise UnreadableFile(
                    why_zh="这是压缩包，但不是 XLSX 工作簿", why_en="it is an archive, but not an XLSX workbook"
                )
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise UnreadableFile(why_zh="工作簿解开后太大", why_en="the workbook unpacks to too much")
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> UnreadableFile:
    told = " ".join(str(error).split())[:200]
    return UnreadableFile(
        why_zh=f"XLSX 文件不完整或已损坏（{told}）", why_en=f"the XLSX file is truncated or damaged ({told})"
    )
