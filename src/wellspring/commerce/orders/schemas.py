"""What the API takes and says about orders."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from wellspring.commerce.rules import LARGEST_PRICE, LARGEST_QUANTITY, Kind

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00]*$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00]*$")]
Price = Annotated[Decimal, Field(max_digits=18, decimal_places=6, ge=-LARGEST_PRICE, le=LARGEST_PRICE)]
MOST_IN_A_BATCH = 1_000
MOST_LINES = 500

BuyerKind = Literal["buyer_id", "mobile", "unionid", "external_userid", "member_number", "openid"]


class BuyerIn(BaseModel):
    """`source` only for kinds that mean a person at one source (buyer_id, member_number, openid); left out: the
    source of the batch."""

    kind: BuyerKind
    source: Text | None = None
    value: Name


class LineIn(BaseModel):
    """`unit_price` in major units with its decimals; `amount` of the whole line where it isn't quantity x price.
    `id`: the source's own id of the line. `kind`: left out, it follows from the code. Negative prices are for
    adjustments (a discount)."""

    id: Name | None = None
    code: Name
    description: Text = ""
    quantity: int = Field(ge=1, le=LARGEST_QUANTITY)
    unit_price: Price
    amount: Price | None = None
    kind: Kind | None = None


class OrderIn(BaseModel):
    """`store`: a store's code."""

    number: Name
    placed_at: AwareDatetime
    buyer: BuyerIn | None = None
    store: Text | None = None
    lines: list[LineIn] = Field(min_length=1, max_length=MOST_LINES)


class RefundIn(BaseModel):
    """`order_number`: the order it undoes, at the same source; left out, it is looked for among the buyer's
    orders. Quantities and prices are positive."""

    number: Name
    refunded_at: AwareDatetime
    order_number: Name | None = None
    buyer: BuyerIn | None = None
    lines: list[LineIn] = Field(min_length=1, max_length=MOST_LINES)


class BatchIn(BaseModel):
    """Up to 1,000 orders and refunds of one source. Orders are taken first."""

    source: Name
    orders: list[OrderIn] = Field(default_factory=list, max_length=MOST_IN_A_BATCH)
    refunds: list[RefundIn] = Field(default_factory=list, max_length=MOST_IN_A_BATCH)


Outcome = Literal["created", "updated", "unchanged", "refused"]


class ItemResult(BaseModel):
    """`reason`, `message`: why an item was refused; the others of the batch are taken all the same."""

    type: Literal["order", "refund"]
    number: str
    outcome: Outcome
    id: int | None = None
    reason: str | None = None
    message: str | None = None


class BatchOut(BaseModel):
    results: list[ItemResult]


class CustomerRef(BaseModel):
    id: int
    name: str


class OrderRow(BaseModel):
    """Amounts in fen. `refunded_fen`: given back of this order so far."""

    id: int
    source: str
    number: str
    placed_at: datetime
    customer: CustomerRef | None
    store_id: int | None
    store_name: str | None
    lines: int
    goods_fen: int
    postage_fen: int
    adjustment_fen: int
    total_fen: int
    refunded_fen: int


class LineOut(BaseModel):
    id: int
    product_id: int
    code: str
    description: str
    kind: Kind
    quantity: int
    unit_price: str
    amount_fen: int
    refunded_quantity: int
    refunded_fen: int


class RefundLineOut(BaseModel):
    """`order_line_id`: the line it undoes, where it was found."""

    id: int
    order_line_id: int | None
    code: str
    description: str
    kind: Kind
    quantity: int
    amount_fen: int


class RefundOut(BaseModel):
    """A refund that gives back something of this order; its lines that belong to other orders are left out."""

    id: int
    number: str
    refunded_at: datetime
    total_fen: int
    lines: list[RefundLineOut]


class OrderView(OrderRow):
    recorded_at: datetime
    order_lines: list[LineOut]
    refunds: list[RefundOut]


class CustomerOrders(BaseModel):
    """Totals over everything this customer bought; net = total - refunds."""

    orders: int
    total_fen: int
    refunded_fen: int
    net_fen: int
    first_at: datetime | None
    last_at: datetime | None


class CategoryRow(BaseModel):
    category: str
    products: int


class ProductRow(BaseModel):
    id: int
    code: str
    name: str
    category: str
    kind: Kind
