"""Rows of a file to lines as they are taken, by the mapping and the options. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from wellspring.commerce import rules
from wellspring.commerce.imports.options import FieldName, Mapping, Options
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
    line_number: int
    reason: str
    detail: str
    cells: Sequence[Any]


class LineReader:
    """Reads one file's rows. An empty `buyer`, `store` or `line_id` means the line says nothing of it."""

    def __init__(self, columns: Sequence[str], mapping: Mapping, options: Options) -> None:
        used = mapping.used()
        where = {name: position for position, name in enumerate(columns)}
        self._at: dict[FieldName, int] = {field: where[column] for field, column in used.items()}
        self._kinds = options.kinds
        self._text = Memory(clean_text)
        self._code = Memory(clean_code)
        self._kind = Memory(self._kind_of)
        self._number = Memory(clean_text)
        self._decimal = Memory(_read_minor if options.price_unit == "minor" else read_decimal)
        self._quantity = Memory(read_quantity)
        self._instant = Memory(instant_reader(options.date_format, ZoneInfo(options.time_zone)))
        self._amount = Memory(lambda pair: rules.line_amount_fen(pair[0], pair[1]))

    def _kind_of(self, code: str) -> Kind:
        return rules.kind_of(code, self._kinds)

    def _cell(self, field: FieldName, cells: Sequence[Any]) -> Any:
        position = self._at.get(field)
        return None if position is None else cells[position]

    def read(self, row: Row | BrokenRow) -> TakenLine | RejectedLine:
        if isinstance(row, BrokenRow):
            return RejectedLine(row.line_number, row.reason, row.detail, row.cells)
        line_number, cells = row
        at = self._at
        number = self._number[cells[at["number"]]]
        if not number:
            return RejectedLine(line_number, "NUMBER_MISSING", "", cells)
        placed_at = self._instant[cells[at["placed_at"]]]
        if placed_at is None:
            return RejectedLine(line_number, "DATE_UNREADABLE", _shown(cells[at["placed_at"]]), cells)
        quantity = self._quantity[cells[at["quantity"]]] if "quantity" in at else 1
        if isinstance(quantity, str):
            return RejectedLine(line_number, quantity, _shown(self._cell("quantity", cells)), cells)
        money = self._money(cells, quantity)
        if money is None:
            shown = _shown(self._cell("price", cells) or self._cell("amount", cells))
            return RejectedLine(line_number, "PRICE_UNREADABLE", shown, cells)
        quantity, unit_price, amount_fen = money
        description = self._text[cells[at["description"]]] if "description" in at else ""
        code = self._code[cells[at["code"]]] if "code" in at else ""
        code = code or description.upper() or NO_CODE
        buyer = self._text[cells[at["buyer"]]] if "buyer" in at else ""
        kind = self._kind[code]
        verdict = rules.judge(number, code, kind, quantity, unit_price, amount_fen, buyer != "")
        if isinstance(verdict, rules.NotTaken):
            return RejectedLine(line_number, verdict.reason, verdict.detail, cells)
        return TakenLine(
            line_number,
            isinstance(verdict, rules.GivenBack),
            number,
            code,
            kind,
            description,
            verdict.quantity,
            unit_price,
            verdict.amount_fen,
            placed_at,
            buyer,
            self._text[cells[at["store"]]] if "store" in at else "",
            self._text[cells[at["line_id"]]] if "line_id" in at else "",
        )

    def _money(self, cells: Sequence[Any], quantity: int) -> tuple[int, Decimal, int] | None:
        """(quantity, unit price in major units, amount of the line in fen), from the price, else from the amount.
        A negative amount without a price is money given back: the quantity takes the sign."""
        at = self._at
        price = self._decimal[cells[at["price"]]] if "price" in at else None
        amount = self._decimal[cells[at["amount"]]] if "amount" in at else None
        if price is None and amount is None:
            return None
        if (price is not None and abs(price) > LARGEST) or (amount is not None and abs(amount) > LARGEST):
            return quantity, LARGEST + 1, 0
        if price is None:
            assert amount is not None
            if amount < 0:
                quantity = -abs(quantity)
            price = abs(amount / quantity if quantity else amount).quantize(PRICE_PLACES)
        if amount is None:
            return quantity, price, self._amount[(quantity, price)]
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
