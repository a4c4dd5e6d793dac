"""Delimited text. Half-broken files are read as far as they make sense: each broken line is named by its
number in the file, and reading goes on with the line after it."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from wellspring.commerce.errors import UnreadableFile
from wellspring.commerce.imports.table import LONGEST_CELL, MOST_COLUMNS, BrokenRow, Row, unique_names

ENCODINGS = ("utf-8", "gb18030")
DELIMITERS = (",", "\t", ";", "|")
LONGEST_LINE = 1 << 20
MOST_LINES_OF_A_RECORD = 60
"""A quoted cell may hold line breaks; a record longer than this is an opening quote without its partner."""
SNIFF_LINES = 60

csv.field_size_limit(LONGEST_LINE)


class _Runaway(Exception):
    """The record in hand does not end."""


class CsvFile:
    """`encoding`, `delimiter`: none means found out by looking."""

    def __init__(self, path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> None:
        self.path = path
        self.encoding = encoding or detect_encoding(path)
        self.delimiter = delimiter or detect_delimiter(path, self.encoding)
        self.columns: list[str] = []
        for row in self._records():
            if isinstance(row, BrokenRow):
                raise UnreadableFile(
                    why_zh=f"第 {row.line_number} 行（表头）不完整",
                    why_en=f"line {row.line_number}, the header, is broken",
                )
            self.columns = unique_names(row.cells)
            break
        if not self.columns:
            raise UnreadableFile(why_zh="文件是空的", why_en="the file is empty")
        if len(self.columns) > MOST_COLUMNS:
            raise UnreadableFile(
                why_zh=f"表头有 {len(self.columns)} 列，最多 {MOST_COLUMNS} 列",
                why_en=f"the header has {len(self.columns)} columns, at most {MOST_COLUMNS} are read",
            )
        self.rows_total = max(count_lines(path) - 1, 0)

    def rows(self) -> Iterator[Row | BrokenRow]:
        records = self._records()
        next(records, None)
        yield from records

    def _records(self) -> Iterator[Row | BrokenRow]:
        width = 0
        with self.path.open("rb") as stream:
            lines = _Lines(stream, self.encoding)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            while True:
                lines.begin_record()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except (_Runaway, csv.Error) as error:
                    yield lines.broken("BROKEN_QUOTE", "" if isinstance(error, _Runaway) else str(error))
                    reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
                    continue
                number = lines.record_starts_at
                if lines.trouble is not None:
                    yield BrokenRow(number, lines.trouble, "", cells[:MOST_COLUMNS])
                elif not cells or (len(cells) == 1 and not cells[0].strip()):
                    continue
                elif width and len(cells) != width:
                    if lines.lines_of_record > 1:
                        yield lines.broken("BROKEN_QUOTE", f"{len(cells)} / {width}")
                        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
                    else:
                        yield BrokenRow(number, "COLUMN_COUNT", f"{len(cells)} / {width}", cells[:MOST_COLUMNS])
                elif len(lines.longest) > LONGEST_CELL and any(len(cell) > LONGEST_CELL for cell in cells):
                    yield BrokenRow(number, "CELL_TOO_LONG", "", [cell[:200] for cell in cells[:MOST_COLUMNS]])
                else:
                    width = width or len(cells)
                    yield Row(number, cells)


class _Lines:
    """Feeds decoded lines to csv.reader, counts them, and takes back the lines of a record that went wrong."""

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._number = 0
        self._given: list[tuple[str, str | None]] = []
        self._again: list[tuple[str, str | None]] = []
        self.trouble: str | None = None
        self.longest = ""

    def begin_record(self) -> None:
        self._given = []
        self.trouble = None
        self.longest = ""

    @property
    def record_starts_at(self) -> int:
        return self._number - len(self._given) + 1

    @property
    def lines_of_record(self) -> int:
        return len(self._given)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self._given) >= MOST_LINES_OF_A_RECORD:
            raise _Runaway
        if self._again:
            line, trouble = self._again.pop()
        else:
            raw = self._stream.readline(LONGEST_LINE)
            if not raw:
                raise StopIteration
            line, trouble = self._decode(raw)
        self._number += 1
        self._given.append((line, trouble))
        if trouble:
            self.trouble = trouble
        if len(line) > len(self.longest):
            self.longest = line
        return line

    def _decode(self, raw: bytes) -> tuple[str, str | None]:
        if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            while (rest := self._stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            return raw[:200].decode(self._encoding, "replace").replace('"', "") + "\n", "CELL_TOO_LONG"
        if self._number == 0 and raw.startswith(codecs.BOM_UTF8):
            raw = raw[3:]
        try:
            text = raw.decode(self._encoding)
        except UnicodeDecodeError:
            return raw.decode(self._encoding, "replace").replace("\0", ""), "UNREADABLE_TEXT"
        if "\0" in text:
            return text.replace("\0", ""), "UNREADABLE_TEXT"
        return text, None

    def broken(self, reason: str, detail: str) -> BrokenRow:
        """The first line of the record in hand is broken; the lines after it are read again."""
        number = self.record_starts_at
        first, *rest = self._given or [("", None)]
        self._again.extend(reversed(rest))
        self._number = number
        self._given = []
        return BrokenRow(number, reason, detail, [first[0].rstrip("\r\n")[:LONGEST_CELL]])


def detect_encoding(path: Path) -> str:
    """utf-8 (with or without mark) or gb18030: the one that reads the whole file, else the one that reads more
    of its lines. UTF-16 is refused with a hint."""
    with path.open("rb") as stream:
        head = stream.read(4)
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise UnreadableFile(
            why_zh="这是 UTF-16 编码，请另存为“CSV UTF-8”", why_en="it is UTF-16: save it as CSV UTF-8"
        )
    failures = {encoding: _undecodable_lines(path, encoding) for encoding in ENCODINGS}
    return min(ENCODINGS, key=lambda encoding: failures[encoding])


def _undecodable_lines(path: Path, encoding: str) -> int:
    """0 when every line decodes; counting ends at a thousand."""
    failures = 0
    with path.open("rb") as stream:
        while chunk := stream.readlines(1 << 20):
            try:
                b"".join(chunk).decode(encoding)
            except UnicodeDecodeError:
                for line in chunk:
                    try:
                        line.decode(encoding)
                    except UnicodeDecodeError:
                        failures += 1
            if failures > 1000:
                break
    return failures


def detect_delimiter(path: Path, encoding: str) -> str:
    """The delimiter that gives the first lines the same number of columns, more than one."""
    lines: list[str] = []
    with path.open("rb") as stream:
        for _ in range(SNIFF_LINES):
            if not (raw := stream.readline(LONGEST_LINE)):
                break
            lines.append(raw.decode(encoding, "replace").replace("\0", ""))

    def score(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            return (0, 0)
        return (sum(1 for width in widths if width == widths[0]), widths[0]) if widths and widths[0] > 1 else (0, 0)

    return max(DELIMITERS, key=score)


def count_lines(path: Path) -> int:
    """Line breaks, plus one for a last line without."""
    total, last = 0, b"\n"
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            total += chunk.count(b"\n")
            last = chunk[-1:]
    return total + (last != b"\n")
