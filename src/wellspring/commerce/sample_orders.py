"""A file of order lines like a real shop's export, dirt included: deterministic by its seed, for demos and tests.

Same columns as the Online Retail data sets (Invoice, StockCode, Description, Quantity, InvoiceDate, Price,
Customer ID, Country), and in rough proportion the same oddities; README.md of this domain counts them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

DEFAULT_UNTIL = datetime(2010, 12, 9, 20, 1, tzinfo=ZoneInfo("Europe/London"))
FILE_ZONE = ZoneInfo("Europe/London")
SCHEMA = pa.schema(
    [
        ("Invoice", pa.string()),
        ("StockCode", pa.string()),
        ("Description", pa.string()),
        ("Quantity", pa.int64()),
        ("InvoiceDate", pa.string()),
        ("Price", pa.float64()),
        ("Customer ID", pa.float64()),
        ("Country", pa.string()),
    ]
)
COLOURS = ("WHITE", "RED", "SAGE", "INDIGO", "AMBER", "MILK", "CHARCOAL", "ROSE")
STUFFS = ("CERAMIC", "LINEN", "CEDAR", "GLASS", "BRASS", "PAPER", "WOOL", "BAMBOO")
THINGS = ("CUP", "INCENSE HOLDER", "TRAY", "LANTERN", "NOTEBOOK", "THROW", "VASE", "CANDLE", "TEA TIN", "COASTER SET")
COUNTRIES = ("United Kingdom",) * 18 + ("Germany", "France", "EIRE", "Netherlands", "Spain")
STOCK_NOTES = ("lost", "damages", "short", "85123a mixed", None, "smashed", "?", None, None)
SPECIAL = {
    "BANK CHARGES": "Bank Charges",
    "AMAZONFEE": "AMAZON FEE",
    "CRUK": "CRUK Commission",
    "ADJUST": "Adjustment by hand",
    "S": "SAMPLES",
}


class Line(NamedTuple):
    invoice: str
    code: str
    description: str | None
    quantity: int
    at: str
    price: float
    customer: float | None
    country: str


@dataclass(frozen=True)
class _Product:
    code: str
    name: str
    price: float


@dataclass
class _Bought:
    """A line that may come back, in full or in part."""

    customer: float | None
    country: str
    product: _Product
    quantity: int


def write_sample(
    path: Path,
    *,
    seed: int,
    lines: int = 120_000,
    customers: int = 2_500,
    days: int = 374,
    until: datetime | None = None,
) -> Path:
    """Write a Parquet file of exactly `lines` lines over the `days` that end at `until` (an aware instant; times in the
    file are wall-clock times of London, as in the real one)."""
    rows = list(sample_lines(seed=seed, lines=lines, customers=customers, days=days, until=until))
    columns = [pa.array(column, type=field.type) for column, field in zip(zip(*rows, strict=True), SCHEMA, strict=True)]
    pq.write_table(pa.Table.from_arrays(columns, schema=SCHEMA), path)
    return path


def sample_lines(
    *, seed: int, lines: int, customers: int, days: int = 374, until: datetime | None = None
) -> Iterator[Line]:
    """The lines in the order of time."""
    return _Shop(random.Random(seed), customers).lines(lines, days, until or DEFAULT_UNTIL)  # noqa: S311


class _Shop:
    def __init__(self, chance: random.Random, customers: int) -> None:
        self._chance = chance
        self._products = [self._product(n) for n in range(min(4_000, 400 + customers))]
        # A few buy often, most seldom: weights fall like a harmonic series.
        self._customers = [12_346.0 + n for n in range(customers)]
        weights = [1 / (1 + n) ** 0.6 for n in range(customers)]
        chance.shuffle(weights)
        self._weights = list(accumulate(weights))
        self._country = {c: chance.choice(COUNTRIES) for c in self._customers}
        self._number = 489_433
        self._bought: list[_Bought] = []

    def _product(self, n: int) -> _Product:
        chance = self._chance
        code = f"{20_000 + n}" + (chance.choice("ABCPSW") if chance.random() < 0.25 else "")
        name = f"{chance.choice(COLOURS)} {chance.choice(STUFFS)} {chance.choice(THINGS)}"
        if chance.random() < 0.2:
            name = name.replace(" ", "  ", 1)
        if chance.random() < 0.2:
            name += " "
        price = round(chance.choice((0.42, 0.85, 1.25, 1.65, 2.1, 2.95, 3.75, 4.95, 6.75, 9.95, 14.95, 0.001 * 425)), 3)
        return _Product(code, name, price)

    def lines(self, total: int, days: int, until: datetime) -> Iterator[Line]:
        written = 0
        end = until.astimezone(FILE_ZONE)
        while written < total:
            share = written / total
            at = end - timedelta(days=days * (1 - share))
            # The day's 24 hours onto opening hours, 8 to 19: the order of the lines stays.
            minutes = (at.hour * 60 + at.minute) * 11 // 24
            at = min(at.replace(hour=8 + minutes // 60, minute=minutes % 60, second=0, microsecond=0), end)
            for line in self._document(f"{at:%Y-%m-%d %H:%M:%S}"):
                yield line
                written += 1
                if written == total:
                    return

    def _next(self) -> str:
        self._number += 1
        return str(self._number)

    def _document(self, at: str) -> list[Line]:
        draw = self._chance.random()
        if draw < 0.15:
            return self._cancellation(at)
        if draw < 0.24:
            return self._stock_adjustment(at)
        if draw < 0.26:
            return self._special(at)
        return self._order(at)

    def _order(self, at: str) -> list[Line]:
        chance = self._chance
        invoice = self._next()
        nobody = chance.random() < 0.08
        customer = None if nobody else chance.choices(self._customers, cum_weights=self._weights)[0]
        country = "United Kingdom" if customer is None else self._country[customer]
        found: list[Line] = []
        for _ in range(chance.choice((1, 3, 8, 15, 22, 30, 45)) if not nobody else chance.choice((20, 60, 120))):
            product = chance.choice(self._products)
            quantity = chance.choice((1, 1, 2, 3, 4, 6, 10, 12, 24, 48)) if not nobody else chance.choice((1, 1, 2))
            line = Line(invoice, product.code, product.name, quantity, at, product.price, customer, country)
            found.append(line)
            self._remember(customer, country, product, quantity)
            if chance.random() < 0.013:
                found.append(line)  # the same line twice, as tills do
                self._remember(customer, country, product, quantity)
        if customer is not None and chance.random() < 0.004:
            gift = chance.choice(self._products)
            found.append(Line(invoice, gift.code, gift.name, 1, at, 0.0, customer, country))
        if nobody:
            found.append(
                Line(invoice, "DOT", "DOTCOM POSTAGE", 1, at, round(20 + 200 * chance.random(), 2), None, country)
            )
        elif country != "United Kingdom":
            found.append(Line(invoice, "POST", "POSTAGE", chance.randint(1, 3), at, 18.0, customer, country))
        return found

    def _remember(self, customer: float | None, country: str, product: _Product, quantity: int) -> None:
        if len(self._bought) < 20_000:
            self._bought.append(_Bought(customer, country, product, quantity))
        else:
            self._bought[self._chance.randrange(20_000)] = _Bought(customer, country, product, quantity)

    def _cancellation(self, at: str) -> list[Line]:
        """Some lines come back; some of a size nobody bought, because their order is not in the file."""
        chance = self._chance
        invoice = "C" + self._next()
        if not self._bought:
            return []
        first = chance.choice(self._bought)
        found: list[Line] = []
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            one = chance.choice(self._bought[-400:]) if found else first
            if one.customer != first.customer:
                one = first
            quantity = -one.quantity if chance.random() < 0.7 else -chance.randint(1, max(one.quantity, 2))
            if chance.random() < 0.18:
                quantity = -one.quantity * 7 - 50
            found.append(
                Line(
                    invoice,
                    one.product.code,
                    one.product.name,
                    quantity,
                    at,
                    one.product.price,
                    one.customer,
                    one.country,
                )
            )
        if chance.random() < 0.03 and first.customer is not None:
            price = round(0.5 + 40 * chance.random(), 2)
            found.append(Line(invoice, "D", "Discount", -1, at, price, first.customer, first.country))
        return found

    def _stock_adjustment(self, at: str) -> list[Line]:
        chance = self._chance
        product = chance.choice(self._products)
        quantity = chance.choice((-1, -3, -12, -50, -240, 17, 48, 96))
        return [Line(self._next(), product.code, chance.choice(STOCK_NOTES), quantity, at, 0.0, None, "United Kingdom")]

    def _special(self, at: str) -> list[Line]:
        """What is no purchase of goods: manual entries, fees, vouchers, bad debts, tests."""
        chance = self._chance
        number, country = self._next(), "United Kingdom"
        customer = chance.choice(self._customers)
        price = round(1 + 300 * chance.random(), 2)
        match chance.randrange(8):
            case 0:
                return [Line(number, "M", "Manual", 1, at, price, customer, country)]
            case 1:
                return [Line("C" + number, "M", "Manual", -1, at, price, customer, country)]
            case 2:
                code = chance.choice(tuple(SPECIAL))
                return [Line("C" + number, code, SPECIAL[code], -1, at, price, None, country)]
            case 3:
                return [Line(number, "BANK CHARGES", "Bank Charges", 1, at, 15.0, customer, country)]
            case 4:
                return [Line(number, "gift_0001_20", "Gift Voucher 20.00", 1, at, 17.39, None, country)]
            case 5:
                return [Line("A" + number, "B", "Adjust bad debt", 1, at, -price * 10, None, country)]
            case 6:
                return [Line(number, "TEST001", "This is a test product.", 5, at, 4.5, customer, country)]
            case _:
                return [Line("C" + number, "M", "Manual", 1, at, price, None, country)]
