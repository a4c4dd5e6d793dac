"""Which purchase a returned line undoes. Pure.

A returned line undoes the latest earlier purchase of the same product by the same customer that still has
enough left, in quantity and in money: no line is ever given back beyond what was bought. Only goods and
postage are matched; a manual adjustment or a discount is no thing that could be returned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

MATCHED_KINDS = ("goods", "postage")


@dataclass
class Purchase:
    """An order line of one customer and one product; `left_*`: not given back yet."""

    order_line_id: int
    order_id: int
    placed_at: datetime
    left_quantity: int
    left_fen: int


@dataclass(frozen=True)
class Return:
    """A refund line of the same customer and product; figures positive."""

    refund_line_id: int
    refunded_at: datetime
    quantity: int
    amount_fen: int


def match(purchases: Iterable[Purchase], returns: Iterable[Return]) -> dict[int, Purchase]:
    """refund line id -> the purchase it undoes; the purchases' `left_*` are lowered. Earlier returns choose
    first, and what finds nothing is absent from the answer. One customer, one product at a time."""
    latest_first = sorted(purchases, key=lambda p: (p.placed_at, p.order_line_id), reverse=True)
    found: dict[int, Purchase] = {}
    for given_back in sorted(returns, key=lambda r: (r.refunded_at, r.refund_line_id)):
        for purchase in latest_first:
            if (
                purchase.placed_at <= given_back.refunded_at
                and purchase.left_quantity >= given_back.quantity
                and purchase.left_fen >= given_back.amount_fen
            ):
                purchase.left_quantity -= given_back.quantity
                purchase.left_fen -= given_back.amount_fen
                found[given_back.refund_line_id] = purchase
                break
    return found
