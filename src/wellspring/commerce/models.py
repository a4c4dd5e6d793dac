"""Products, orders with lines, refunds; import runs with what they did not take."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wellspring.platform.db import Base, HasCreatedAt, HasId
from wellspring.platform.warehouse.feeds import TracksChanges

EMPTY = text("'{}'::jsonb")
ZERO = text("0")


class Product(HasId, Base):
    """kind: goods, postage, adjustment, fee. Only goods count as sales."""

    __tablename__ = "product"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(server_default="")
    category: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str] = mapped_column(server_default="goods")


class Order(HasId, TracksChanges, Base):
    """One purchase at one source. Amounts are integers in fen; total = goods + postage + adjustment.
    `customer_id` is null for an order that belongs to nobody (counted, never in a segment)."""

    __tablename__ = "customer_order"
    __table_args__ = (
        UniqueConstraint("source", "number"),
        Index(None, "changed_xid"),
        Index(None, "placed_at"),
        Index("ix_customer_order_customer", "customer_id", text("placed_at desc")),
    )

    source: Mapped[str]
    number: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    placed_at: Mapped[datetime]
    store_id: Mapped[int | None]
    staff_id: Mapped[int | None]
    goods_fen: Mapped[int] = mapped_column(server_default=ZERO)
    postage_fen: Mapped[int] = mapped_column(server_default=ZERO)
    adjustment_fen: Mapped[int] = mapped_column(server_default=ZERO)
    total_fen: Mapped[int] = mapped_column(server_default=ZERO)
    recorded_at: Mapped[datetime]


class OrderLine(HasId, TracksChanges, Base):
    """`unit_price` keeps the source's decimals (major unit); `amount_fen` is quantity x price, rounded half to
    even. `line_key` tells apart the lines of one order over repeated imports.

    No foreign keys to order and product on purpose: they cost more than all the rest of writing a line, and lines
    are only ever written in the transaction of their order, whose row nobody deletes."""

    __tablename__ = "order_line"
    __table_args__ = (UniqueConstraint("order_id", "line_key"), Index(None, "changed_xid"))

    order_id: Mapped[int]
    customer_id: Mapped[int | None] = mapped_column(index=True)
    line_key: Mapped[str]
    product_id: Mapped[int]
    kind: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    quantity: Mapped[int]
    unit_price: Mapped[Decimal] = mapped_column(Numeric(18, 6))
    amount_fen: Mapped[int]


class Refund(HasId, TracksChanges, Base):
    """Money given back. `order_id` is null when the order it undoes could not be found. Amounts are positive."""

    __tablename__ = "refund"
    __table_args__ = (
        UniqueConstraint("source", "number"),
        Index(None, "changed_xid"),
        Index(None, "refunded_at"),
    )

    source: Mapped[str]
    number: Mapped[str]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("customer_order.id"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    refunded_at: Mapped[datetime]
    goods_fen: Mapped[int] = mapped_column(server_default=ZERO)
    postage_fen: Mapped[int] = mapped_column(server_default=ZERO)
    adjustment_fen: Mapped[int] = mapped_column(server_default=ZERO)
    total_fen: Mapped[int] = mapped_column(server_default=ZERO)
    recorded_at: Mapped[datetime]


class RefundLine(HasId, Base):
    """`order_line_id`: the line it undoes, where it can be found."""

    __tablename__ = "refund_line"
    __table_args__ = (UniqueConstraint("refund_id", "line_key"),)

    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id"))
    line_key: Mapped[str]
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    kind: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    quantity: Mapped[int]
    unit_price: Mapped[Decimal] = mapped_column(Numeric(18, 6))
    amount_fen: Mapped[int]


class ImportRun(HasId, HasCreatedAt, Base):
    """One file on its way in. status: uploaded, mapped, running, done, failed, cancelled.
    `counts`: lines_in, lines_taken, lines_rejected by reason, orders, refunds, customers, money."""

    __tablename__ = "import_run"

    filename: Mapped[str]
    format: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    source: Mapped[str] = mapped_column(server_default="")
    mapping: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    options: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    status: Mapped[str] = mapped_column(server_default="uploaded")
    lines_total: Mapped[int | None]
    lines_read: Mapped[int] = mapped_column(server_default=ZERO)
    counts: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    error: Mapped[str | None]
    created_by: Mapped[str] = mapped_column(server_default="")
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    cancel_requested: Mapped[bool] = mapped_column(server_default=text("false"))


class ImportRejection(HasId, Base):
    """A line that was not taken, with its reason code and what it held."""

    __tablename__ = "import_rejection"
    __table_args__ = (Index(None, "import_id", "line_number"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    line_number: Mapped[int]
    reason: Mapped[str]
    detail: Mapped[str] = mapped_column(server_default="")
    line: Mapped[dict[str, Any]]
