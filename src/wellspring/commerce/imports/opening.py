"""Finds out what a file is by its first bytes, never by its name, and opens it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from wellspring.commerce.errors import UnreadableFile
from wellspring.commerce.imports.csv_file import CsvFile
from wellspring.commerce.imports.options import Options
from wellspring.commerce.imports.parquet_file import ParquetFile
from wellspring.commerce.imports.table import TableFile
from wellspring.commerce.imports.xlsx_file import XlsxFile

FileFormat = Literal["csv", "parquet", "xlsx"]


def detect_format(path: Path) -> FileFormat:
    """Raises UnreadableFile for an empty file and for formats that are nobody's table."""
    with path.open("rb") as stream:
        head = stream.read(8192)
    if not head.strip():
        raise UnreadableFile(why_zh="文件是空的", why_en="the file is empty")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK"):
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(
            why_zh="这是旧的 .xls 格式（或加了密码的工作簿），请另存为 .xlsx",
            why_en="it is an old .xls (or a workbook with a password): save it as .xlsx",
        )
    binary = head.startswith((b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff")) or head.count(0) > 8
    if binary and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableFile(why_zh="不是 CSV、XLSX 或 Parquet", why_en="it is neither CSV nor XLSX nor Parquet")
    return "csv"


def open_file(path: Path, file_format: str, options: Options) -> TableFile:
    if file_format == "parquet":
        return ParquetFile(path)
    if file_format == "xlsx":
        return XlsxFile(path, sheet=options.sheet)
    return CsvFile(path, encoding=options.encoding, delimiter=options.delimiter)
