"""The order lines a story runs on, and an account of them that shares no code with the importer."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow
import pyarrow.parquet

from wellspring.platform.errors import StartError
from wellspring.platform.paths import CHECKOUT

REAL_FILE = CHECKOUT.parent / "shared" / "data" / "online_retail_ii_2009_2010.parquet"
FILE_ZONE = "Europe/London"
COLUMNS = ["Invoice", "StockCode", "Quantity", "InvoiceDate", "Price", "Customer ID"]
HUNDRED, WHOLE = Decimal(100), Decimal(1)


@dataclass
class Account:
    """What the file holds, read line by line."""

    lines: int = 0
    money_fen: int = 0
    last: datetime = datetime(1, 1, 1, tzinfo=UTC)
    buyers: list[str] = field(default_factory=list)
    bought_at: dict[str, set[datetime]] = field(default_factory=lambda: defaultdict(set))

    def buyers_since(self, start: datetime) -> set[str]:
        """Buyers with at least one line that was bought (positive quantity, a price or a gift) since `start`."""
        return {buyer for buyer, instants in self.bought_at.items() if max(instants) >= start}


def choose(given: Path | None) -> tuple[Path | None, str]:
    """The file to take and how to call it; None: generate one. Raises StartError for a file no story can be told on."""
    if given is not None:
        _check(given)
        return given, f"the given file {given.name}"
    if REAL_FILE.exists() and not os.environ.get("WELLSPRING_STORY_GENERATED"):
        return REAL_FILE, f"the real file {REAL_FILE.name} (UCI Online Retail II, CC BY 4.0)"
    return None, "a generated file of the same shape and dirt"


def _check(path: Path) -> None:
    if not path.is_file():
        raise StartError(f"There is no file {path}.")
    try:
        found = pyarrow.parquet.read_schema(path).names
    except (OSError, pyarrow.ArrowException) as error:
        raise StartError(f"{path} can't be read as Parquet: {error}") from error
    if missing := [name for name in COLUMNS if name not in found]:
        raise StartError(f"{path} lacks the columns {', '.join(missing)}: the story reads {', '.join(COLUMNS)}.")


def read_account(path: Path) -> Account:
    """Every line, by the columns of the real file."""
    account = Account()
    zone = ZoneInfo(FILE_ZONE)
    first_seen: dict[str, None] = {}
    for batch in pyarrow.parquet.ParquetFile(path).iter_batches(columns=COLUMNS):
        for invoice, code, quantity, when, price, buyer in zip(*(c.to_pylist() for c in batch.columns), strict=True):
            account.lines += 1
            amount = (Decimal(str(price)) * quantity * HUNDRED).quantize(WHOLE, ROUND_HALF_EVEN)
            account.money_fen += int(amount)
            instant = datetime.fromisoformat(str(when)).replace(tzinfo=zone)
            account.last = max(account.last, instant)
            name = _buyer(buyer)
            if not name:
                continue
            first_seen.setdefault(name)
            if quantity > 0 and price >= 0 and str(invoice).isdigit() and not str(code).upper().startswith("TEST"):
                account.bought_at[name].add(instant)
    account.buyers = list(first_seen)
    return account


def _buyer(value: object) -> str:
    """Customer numbers come as 13085, 13085.0 or nothing."""
    if value is None or value != value:
        return ""
    text = str(value).strip()
    return text[:-2] if text.endswith(".0") else text


def window_start(now: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Midnight, `days` calendar days before today, in the company's zone."""
    local = now.astimezone(zone)
    return (local - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
