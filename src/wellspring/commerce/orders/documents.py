"""Orders and refunds of a batch, checked and priced, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.commerce import rules
from wellspring.commerce.orders.refusals import Refused
from wellspring.commerce.orders.schemas import BuyerIn, LineIn
from wellspring.commerce.rules import Kind
from wellspring.people.facade import resolve_identities, stores
from wellspring.platform.runtime import Platform


@dataclass(frozen=True)
class PricedLine:
    """`key` tells the lines of one document apart, over repeats of the batch as over imports of files."""

    key: str
    code: str
    kind: Kind
    description: str
    quantity: int
    unit_price: Decimal
    amount_fen: int


@dataclass(frozen=True)
class Sums:
    goods_fen: int
    postage_fen: int
    adjustment_fen: int

    @property
    def total_fen(self) -> int:
        return self.goods_fen + self.postage_fen + self.adjustment_fen


def price_lines(lines: Sequence[LineIn]) -> list[PricedLine]:
    """Raises Refused. Equal lines without an id are numbered in their order, as files are (rules.line_key)."""
    priced: list[PricedLine] = []
    seen: Counter[tuple[str, int, Decimal]] = Counter()
    for line in lines:
        code = " ".join(line.code.split()).upper()
        kind = line.kind or rules.kind_of(code)
        if (line.unit_price < 0 or (line.amount or 0) < 0) and kind in ("goods", "postage"):
            raise Refused("price_negative")
        amount = line.amount
        fen = rules.to_fen(amount) if amount is not None else rules.line_amount_fen(line.quantity, line.unit_price)
        if abs(fen) > rules.LARGEST_FEN:
            raise Refused("amount_out_of_range")
        seen[code, line.quantity, line.unit_price] += 1
        occurrence = seen[code, line.quantity, line.unit_price]
        key = f"#{line.id}" if line.id else rules.line_key(code, line.quantity, line.unit_price, occurrence)
        description = " ".join(line.description.split())
        priced.append(PricedLine(key, code, kind, description, line.quantity, line.unit_price, fen))
    if len({line.key for line in priced}) < len(priced):
        raise Refused("line_id_repeated")
    return priced


def sum_up(lines: Iterable[PricedLine]) -> Sums:
    by_kind: Counter[str] = Counter()
    for line in lines:
        by_kind[line.kind] += line.amount_fen
    return Sums(by_kind["goods"], by_kind["postage"], by_kind["adjustment"] + by_kind["fee"])


class People:
    """The buyers and stores that a batch names, looked up once."""

    def __init__(
        self, session: Session, platform: Platform, source: str, buyers: Iterable[BuyerIn | None], now: datetime
    ) -> None:
        self._source = source
        groups: dict[tuple[str, str], set[str]] = {}
        for buyer in buyers:
            if buyer is not None:
                groups.setdefault((buyer.kind, buyer.source or source), set()).add(buyer.value)
        self._found = {
            key: resolve_identities(session, platform, *key, sorted(values), create=True, now=now)
            for key, values in sorted(groups.items())
        }
        self._stores: dict[str, int] | None = None
        self._session = session

    def customer(self, buyer: BuyerIn | None) -> int | None:
        """None for an order that belongs to nobody; raises Refused for an identity that can't be one."""
        if buyer is None:
            return None
        found = self._found[buyer.kind, buyer.source or self._source].get(buyer.value)
        if found is None:
            raise Refused("buyer_unreadable")
        return found

    def store(self, code: str | None) -> int | None:
        if not code:
            return None
        if self._stores is None:
            self._stores = {store.code: store.id for store in stores(self._session)}
        if code not in self._stores:
            raise Refused("store_unknown")
        return self._stores[code]


def product_ids(session: Session, lines: Iterable[PricedLine]) -> dict[str, int]:
    """code -> product, made where it is new; written in the order of the codes, so that writers don't lock each
    other out."""
    newest = {line.code: line for line in lines}
    codes = sorted(newest)
    if not codes:
        return {}
    session.execute(
        text(
            "insert into product (code, name, kind) select * from unnest(cast(:codes as text[]),"
            " cast(:names as text[]), cast(:kinds as text[])) order by 1 on conflict (code) do nothing"
        ),
        {
            "codes": codes,
            "names": [newest[code].description for code in codes],
            "kinds": [newest[code].kind for code in codes],
        },
    )
    rows = session.execute(text("select code, id from product where code = any(:codes)"), {"codes": codes})
    return {code: int(product_id) for code, product_id in rows}
