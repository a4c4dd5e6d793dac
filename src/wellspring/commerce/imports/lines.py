"""Rows of a file to lines as they are taken, by the mapping and the options. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from wellspring.commerce import rules
from wellspring.commerce.imports.options import FIELDS, Mapping, Options
from wellspring.commerce.imports.table import BrokenRow, Row
from wellspring.commerce.imports.values import Memory, clean_code, clean_text, instant_reader, read_decimal
from wellspring.commerce.rules import Kind

PRICE_PLACES = Decimal("0.000001")
NO_CODE = "-"
LARGEST = rules.LARGEST_PRICE


class TakenLine(NamedTuple):
    """`refund`: money given back, with positive figures."""

    line_number: int
    refund: bool
    number: str
    code: str
    kind: Kind
    description: str
    quantity: int
    unit_price: Decimal
    amount_fen: int
    placed_at: datetime
    buyer: str
    store: str
    line_id: str


class RejectedLine(NamedTuple):
    """`amount_fen`: what the line is worth by its own figures, with their signs; 0 where they can't be read."""

    line_number: int
    reason: str
    detail: str
    cells: Sequence[Any]
    amount_fen: int = 0


class _Judged(NamedTuple):
    """What a line is, apart from whose and when: the part of a line that repeats itself through a file."""

    refund: bool
    code: str
    kind: Kind
    quantity: int
    unit_price: Decimal
    amount_fen: int


class LineReader:
    """Reads one file's rows. An empty `buyer`, `store` or `line_id` means the line says nothing of it."""

    def __init__(self, columns: Sequence[str], mapping: Mapping, options: Options) -> None:
        where = {name: position for position, name in enumerate(columns)}
        # Fields without a column read a cell that is put behind the row's own: always empty.
        at = {field: len(columns) for field in FIELDS}
        at |= {field: where[column] for field, column in mapping.used().items()}
        self._number_at, self._placed_at, self._buyer_at = at["number"], at["placed_at"], at["buyer"]
        self._description_at = at["description"]
        self._has_quantity = mapping.quantity is not None
        self._thing = itemgetter(at["code"], at["quantity"], at["price"], at["amount"])
        self._rest = itemgetter(at["store"], at["line_id"])
        self._kinds = options.kinds
        self._text = Memory(clean_text)
        self._number = Memory(clean_text)
        self._decimal = Memory(_read_minor if options.price_unit == "minor" else read_decimal)
        self._instant = Memory(instant_reader(options.date_format, ZoneInfo(options.time_zone)))
        self._judged = Memory(self._judge)

    def read(self, row: Row | BrokenRow) -> TakenLine | RejectedLine:
        if isinstance(row, BrokenRow):
            return RejectedLine(row.line_number, row.reason, row.detail, row.cells)
        line_number, held = row
        cells = (*held, "")
        number = self._number[cells[self._number_at]]
        if not number:
            return RejectedLine(line_number, "NUMBER_MISSING", "", held)
        placed_at = self._instant[cells[self._placed_at]]
        if placed_at is None:
            return RejectedLine(line_number, "DATE_UNREADABLE", _shown(cells[self._placed_at]), held)
        buyer = self._text[cells[self._buyer_at]]
        description = self._text[cells[self._description_at]]
        thing = self._thing(cells)
        # Only the unusual numbers take part in what a line is; a plain one would make every order its own case.
        telling = number if number[0] in rules.TELLING_PREFIXES else ""
        judged = self._judged[(thing, buyer != "", telling, "" if thing[0] else description)]
        if isinstance(judged, rules.NotTaken):
            return RejectedLine(line_number, judged.reason, judged.detail, held, judged.amount_fen)
        refund, code, kind, quantity, unit_price, amount_fen = judged
        store, line_id = self._rest(cells)
        return TakenLine(
            line_number,
            refund,
            number,
            code,
            kind,
            description,
            quantity,
            unit_price,
            amount_fen,
            placed_at,
            buyer,
            self._text[store],
            self._text[line_id],
        )

    def _judge(self, case: tuple[tuple[Any, Any, Any, Any], bool, str, str]) -> _Judged | rules.NotTaken:
        (code_cell, quantity_cell, price_cell, amount_cell), has_buyer, telling, description = case
        code = clean_code(code_cell) or description.upper() or NO_CODE
        quantity = read_quantity(quantity_cell) if self._has_quantity else 1
        if isinstance(quantity, str):
            return rules.NotTaken(quantity, _shown(quantity_cell))
        price, amount = self._decimal[price_cell], self._decimal[amount_cell]
        if price is None and amount is None:
            return rules.NotTaken("PRICE_UNREADABLE", _shown(amount_cell if price_cell in (None, "") else price_cell))
        quantity, price, amount_fen = _money(quantity, price, amount)
        kind = rules.kind_of(code, self._kinds)
        verdict = rules.judge(telling, code, kind, quantity, price, amount_fen, has_buyer)
        if isinstance(verdict, rules.NotTaken):
            return verdict._replace(amount_fen=amount_fen)
        given_back = isinstance(verdict, rules.GivenBack)
        return _Judged(given_back, code, kind, verdict.quantity, price, verdict.amount_fen)


def _money(quantity: int, price: Decimal | None, amount: Decimal | None) -> tuple[int, Decimal, int]:
    """(quantity, unit price in major units, amount of the line in fen), from the price, else from the amount.
    A negative amount without a price is money given back: the quantity takes the sign."""
    if (price is not None and abs(price) > LARGEST) or (amount is not None and abs(amount) > LARGEST):
        return quantity, LARGEST + 1, 0
    if price is None:
        assert amount is not None
        if amount < 0:
            quantity = -abs(quantity)
        price = abs(amount / quantity if quantity else amount).quantize(PRICE_PLACES)
    if amount is None:
        return quantity, price, rules.line_amount_fen(quantity, price)
    # An amount of the source's own (after a discount, say) counts, with the sign of the quantity.
    return quantity, price, rules.to_fen(-abs(amount) if quantity < 0 else amount)


def read_quantity(cell: Any) -> int | str:
    """The quantity, or the reason why there is none."""
    found = read_decimal(cell)
    if found is None:
        return "QUANTITY_UNREADABLE"
    if abs(found) > rules.LARGEST_QUANTITY:
        return "OUT_OF_RANGE"
    return int(found) if found == int(found) else "QUANTITY_NOT_WHOLE"


def _read_minor(cell: Any) -> Decimal | None:
    """A price in fen, as major units."""
    found = read_decimal(cell)
    return None if found is None else found / 100


def _shown(cell: Any) -> str:
    return str("" if cell is None else cell)[:80]
