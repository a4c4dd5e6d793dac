"""What a line of a shop's export is, and what it is worth. Pure: no I/O, no clock.

Every line is either taken (as a sale or as money given back) or not taken, with one reason. The order of the
checks in `judge` is the specification; README.md says what each kind looks like in a real file.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal, NamedTuple

Kind = Literal["goods", "postage", "adjustment", "fee"]
KINDS: tuple[Kind, ...] = ("goods", "postage", "adjustment", "fee")

POSTAGE_CODES = frozenset({"POST", "DOT", "C2", "C3"})
ADJUSTMENT_CODES = frozenset({"D", "M", "S", "B", "ADJUST", "ADJUST2"})
FEE_CODES = frozenset({"BANK CHARGES", "AMAZONFEE", "CRUK"})
BAD_DEBT_CODE = "B"
TEST_PREFIX = "TEST"
CANCELLATION_PREFIX = "C"
BAD_DEBT_PREFIX = "A"
TELLING_PREFIXES = CANCELLATION_PREFIX + BAD_DEBT_PREFIX
"""Only numbers that begin so can change what a line is."""

LARGEST_QUANTITY = 1_000_000_000
LARGEST_PRICE = Decimal(10) ** 11
"""What numeric(18, 6) holds in front of the point is twelve digits; nothing a shop sells comes near."""
LARGEST_FEN = 10**15

_CENT = Decimal(1)
_HUNDRED = Decimal(100)


class Sale(NamedTuple):
    """Taken into an order. `amount_fen` may be negative for an adjustment (a discount), 0 for a gift."""

    quantity: int
    amount_fen: int


class GivenBack(NamedTuple):
    """Taken into a refund: both figures are positive."""

    quantity: int
    amount_fen: int


class NotTaken(NamedTuple):
    """`amount_fen`: what the line would have been worth, with the signs of the file."""

    reason: str
    detail: str = ""
    amount_fen: int = 0


Verdict = Sale | GivenBack | NotTaken


def kind_of(code: str, overrides: Mapping[str, Kind] | None = None) -> Kind:
    """The kind of a product by its code in upper case; a source may name its own codes in `overrides`.
    Whatever is not known as something else is goods, gift vouchers included: they are sold at a price."""
    if overrides and code in overrides:
        return overrides[code]
    if code in POSTAGE_CODES:
        return "postage"
    if code in ADJUSTMENT_CODES:
        return "adjustment"
    if code in FEE_CODES:
        return "fee"
    return "goods"


def to_fen(amount: Decimal) -> int:
    """Major units to fen, rounded half to even."""
    return int((amount * _HUNDRED).quantize(_CENT, ROUND_HALF_EVEN))


def line_amount_fen(quantity: int, unit_price: Decimal) -> int:
    """Quantity x price, rounded half to even once per line: sums of lines are exact from there on."""
    return to_fen(quantity * unit_price)


def judge(
    number: str,
    code: str,
    kind: Kind,
    quantity: int,
    unit_price: Decimal,
    amount_fen: int,
    has_buyer: bool,
) -> Verdict:
    """Decide what one line is. `quantity`, `unit_price`, `amount_fen` come with the signs of the file."""
    if quantity == 0:
        return NotTaken("ZERO_QUANTITY")
    if abs(quantity) > LARGEST_QUANTITY or abs(unit_price) > LARGEST_PRICE or abs(amount_fen) > LARGEST_FEN:
        return NotTaken("OUT_OF_RANGE", f"{quantity} x {unit_price}")
    if unit_price < 0:
        return _with_negative_price(number, code, kind, quantity, amount_fen)
    if code.startswith(TEST_PREFIX) and code[len(TEST_PREFIX) :].isdigit():
        return NotTaken("TEST_PRODUCT")
    if unit_price == 0 and (not has_buyer or quantity < 0):
        return NotTaken("STOCK_ADJUSTMENT")
    if quantity < 0:
        return GivenBack(-quantity, -amount_fen)
    if is_cancellation(number):
        return NotTaken("CANCELLATION_OF_NOTHING")
    return Sale(quantity, amount_fen)


def _with_negative_price(number: str, code: str, kind: Kind, quantity: int, amount_fen: int) -> Verdict:
    """A bad debt is bookkeeping; a discount line lowers its order; for goods it is a mistake of the source."""
    if code == BAD_DEBT_CODE or (number[:1] == BAD_DEBT_PREFIX and number[1:].isdigit()):
        return NotTaken("BAD_DEBT")
    if kind == "adjustment" and quantity > 0:
        return Sale(quantity, amount_fen)
    return NotTaken("NEGATIVE_PRICE")


def is_cancellation(number: str) -> bool:
    """Invoice numbers like C489449. Digits must follow: CN20240001 is an ordinary number of another shop."""
    return number[:1] == CANCELLATION_PREFIX and number[1:].isdigit()


def line_key(code: str, quantity: int, unit_price: Decimal, occurrence: int) -> str:
    """Tells apart the lines of one order over repeated imports, where the source has no line ids.

    Equal lines of one order are numbered 1, 2, ... in file order, so exact duplicates are all kept and a
    second import of the same lines finds the same keys. `imports/merging.py` builds the same text in SQL.
    """
    return f"{code}|{quantity}|{plain(unit_price)}|{occurrence}"


def plain(number: Decimal) -> str:
    """A decimal without exponent and trailing zeros: "6.95", "30", "0"."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
