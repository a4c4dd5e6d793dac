"""Finds the purchases that returned lines undo, and writes them down. The rule itself is in matching.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.commerce.chunks import chunked
from wellspring.commerce.matching import MATCHED_KINDS, Purchase, Return, match

CUSTOMERS_AT_ONCE = 1_000


@dataclass
class Matched:
    """Lines of refunds that now undo a line of an order."""

    lines: int = 0
    fen: int = 0


_LOCK_ORDERS = text(
    "select id from customer_order where source = :source and customer_id = any(:customers) order by id for update"
)
_RETURNS = text(
    """
    select r.customer_id, l.product_id, l.id, r.refunded_at, l.quantity, l.amount_fen
    from refund_line l join refund r on r.id = l.refund_id
    where r.source = :source and r.customer_id = any(:customers) and l.order_line_id is null and l.kind = any(:kinds)
    order by r.customer_id, l.product_id
    """
)
# Materialised: right after an import the planner knows nothing of the new rows, and would rather walk every order.
_PURCHASES = text(
    """
    with bought as materialized (
      select customer_id, product_id, id, order_id, quantity, amount_fen from order_line
      where customer_id = any(:customers) and product_id = any(:products) and kind = any(:kinds)
    )
    select b.customer_id, b.product_id, b.id, b.order_id, o.placed_at, b.quantity, b.amount_fen
    from bought b join customer_order o on o.id = b.order_id
    where o.source = :source
    order by b.customer_id, b.product_id
    """
)
_GIVEN_BACK = text(
    """
    select l.order_line_id, sum(l.quantity)::bigint, sum(l.amount_fen)::bigint
    from refund_line l join refund r on r.id = l.refund_id
    where r.customer_id = any(:customers) and l.order_line_id is not null group by 1
    """
)
_WRITE_LINES = text(
    "update refund_line l set order_line_id = f.order_line_id"
    " from unnest(cast(:lines as bigint[]), cast(:order_lines as bigint[])) as f (id, order_line_id)"
    " where l.id = f.id returning l.refund_id"
)
_WRITE_REFUNDS = text(
    """
    update refund r set order_id = found.order_id
    from (
      select l.refund_id, case when count(distinct o.order_id) = 1 then min(o.order_id) end as order_id
      from refund_line l join order_line o on o.id = l.order_line_id
      where l.refund_id = any(:refunds) group by 1
    ) found
    where r.id = found.refund_id and r.order_id is distinct from found.order_id
    """
)


def match_returns(session: Session, source: str, customer_ids: Sequence[int]) -> Matched:
    """Match what these customers gave back and what is not matched yet. The orders are locked in id order before
    their remains are read, so two writers can't give the same thing back twice."""
    matched = Matched()
    for customers in chunked(sorted(set(customer_ids)), CUSTOMERS_AT_ONCE):
        wanted: dict[str, Any] = {"source": source, "customers": customers, "kinds": list(MATCHED_KINDS)}
        returns = session.execute(_RETURNS, wanted).all()
        if not returns:
            continue
        wanted["customers"] = sorted({row.customer_id for row in returns})
        session.execute(_LOCK_ORDERS, wanted)
        given = {line: (quantity, fen) for line, quantity, fen in session.execute(_GIVEN_BACK, wanted)}
        wanted["products"] = list({row.product_id for row in returns})
        purchases = session.execute(_PURCHASES, wanted).all()
        _write(session, list(_pair(purchases, returns, given)), matched)
    return matched


def _pair(
    purchases: Sequence[Any], returns: Sequence[Any], given: dict[int, tuple[int, int]]
) -> Iterator[tuple[int, Purchase, int]]:
    """(refund line, purchase, fen) for every return that found its purchase."""
    returned = {key: [Return(*row[2:]) for row in rows] for key, rows in groupby(returns, itemgetter(0, 1))}
    for key, rows in groupby(purchases, itemgetter(0, 1)):
        if key not in returned:
            continue
        bought = [_left(Purchase(*row[2:]), given) for row in rows]
        found = match(bought, returned[key])
        for one in returned[key]:
            if one.refund_line_id in found:
                yield one.refund_line_id, found[one.refund_line_id], one.amount_fen


def _left(purchase: Purchase, given: dict[int, tuple[int, int]]) -> Purchase:
    quantity, fen = given.get(purchase.order_line_id, (0, 0))
    purchase.left_quantity -= quantity
    purchase.left_fen -= fen
    return purchase


def _write(session: Session, pairs: list[tuple[int, Purchase, int]], matched: Matched) -> None:
    if not pairs:
        return
    refunds = session.scalars(
        _WRITE_LINES,
        {"lines": [line for line, _, _ in pairs], "order_lines": [p.order_line_id for _, p, _ in pairs]},
    ).all()
    session.execute(_WRITE_REFUNDS, {"refunds": sorted(set(refunds))})
    matched.lines += len(pairs)
    matched.fen += sum(fen for _, _, fen in pairs)
