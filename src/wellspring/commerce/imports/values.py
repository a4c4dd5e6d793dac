"""Cells to values: numbers, instants, texts. Each reader remembers what it has read, because exports repeat
themselves: a year of orders holds some hundreds of prices and one instant per order."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")
REMEMBERED = 200_000
FIRST_YEAR, LAST_YEAR = 1980, 2100
_WIDE = str.maketrans("０１２３４５６７８９．，－＋（）：／　", "0123456789.,-+():/ ")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_CURRENCY = "¥￥$€£元 \u00a0"
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock without a zone, as Excel counts


class Memory(dict[Any, T]):
    """A pure function with its answers remembered, forgotten all at once when they become many: `memory[cell]`.
    A known answer costs one look-up and no call, which is most of the importer's speed."""

    def __init__(self, function: Callable[[Any], T]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, cell: Any) -> T:
        # 1, 1.0 and True are one key in Python, and one value here too; only text differs.
        if len(self) >= REMEMBERED:
            self.clear()
        value = self[cell] = self._function(cell)
        return value


def clean_text(cell: Any) -> str:
    """Text with runs of white space made one blank, without control characters. Whole floats lose ".0"."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    text = cell if isinstance(cell, str) else str(cell)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


def clean_code(cell: Any) -> str:
    """A product code: clean text in upper case, so that 85123a and 85123A are one product."""
    return clean_text(cell).upper()


def read_decimal(cell: Any) -> Decimal | None:
    """A number as money people write it: 1,234.50, ¥12, (3.50) for minus; None when it is none."""
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        number = Decimal(repr(cell))
        return number if number.is_finite() else None
    if isinstance(cell, Decimal):
        return cell if cell.is_finite() else None
    if not isinstance(cell, str):
        return None
    text = cell.translate(_WIDE).strip(_CURRENCY + "\t\r\n")
    negative = text.startswith("(") and text.endswith(")")
    if negative:
        text = text[1:-1].strip(_CURRENCY)
    if text[:1] in "+-" and len(text) > 1:
        text = text[0] + text[1:].strip(_CURRENCY)
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return -number if negative else number


def instant_reader(date_format: str, zone: ZoneInfo) -> Callable[[Any], datetime | None]:
    """A reader of cells into instants (UTC); wall-clock times are of `zone`. None: not a date."""

    def read(cell: Any) -> datetime | None:
        try:
            found = _naive_or_aware(cell, date_format)
            if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
                return None
            return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, OverflowError, OSError):
            return None

    return read


def _naive_or_aware(cell: Any, date_format: str) -> datetime | None:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - the caller adds the zone
    if date_format in ("unix", "unix_ms"):
        number = read_decimal(cell)
        if number is None:
            return None
        return datetime.fromtimestamp(float(number) / (1000 if date_format == "unix_ms" else 1), UTC)
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return EXCEL_EPOCH + timedelta(days=float(cell)) if date_format == "auto" and 20_000 < cell < 80_000 else None
    if not isinstance(cell, str):
        return None
    text = cell.translate(_WIDE).strip()
    if date_format != "auto":
        return datetime.strptime(text, date_format)  # noqa: DTZ007 - the caller adds the zone
    return read_auto(text)


_AUTO = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d+)?)?)?\s*"
    r"(Z|[+-]\d{2}:?\d{2})?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?")


def read_auto(text: str) -> datetime | None:
    """Year first: 2024-01-02 03:04:05, 2024/1/2 3:04, 2024年1月2日, 20240102030405, with or without an offset."""
    found = _AUTO.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is None:
        return None
    parts = found.groups()
    fraction = int(float(parts[6]) * 1_000_000) if len(parts) > 6 and parts[6] else 0
    year, month, day, hour, minute, second = (int(part or 0) for part in parts[:6])
    naive = datetime(year, month, day, hour, minute, second, fraction)  # noqa: DTZ001
    offset = parts[7] if len(parts) > 7 else None
    if not offset:
        return naive
    return datetime.fromisoformat(naive.isoformat() + ("+00:00" if offset == "Z" else offset))
