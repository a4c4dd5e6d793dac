"""What of commerce goes to the warehouse. A row without a customer carries 0: nobody."""

from __future__ import annotations

from wellspring.platform.warehouse.feeds import Feed

ORDERS = Feed(
    table="orders",
    source_table="customer_order",
    columns=(
        "id",
        "customer_id",
        "placed_at",
        "store_id",
        "staff_id",
        "source",
        "goods_fen",
        "postage_fen",
        "adjustment_fen",
        "total_fen",
    ),
    select=(
        "select t.id, coalesce(t.customer_id, 0), t.placed_at, coalesce(t.store_id, 0), coalesce(t.staff_id, 0),"
        " t.source, t.goods_fen, t.postage_fen, t.adjustment_fen, t.total_fen from customer_order t"
    ),
)
LINES = Feed(
    table="order_lines",
    source_table="order_line",
    columns=(
        "id",
        "customer_id",
        "order_id",
        "product_id",
        "category",
        "store_id",
        "kind",
        "quantity",
        "amount_fen",
        "placed_at",
    ),
    select=(
        "select t.id, coalesce(t.customer_id, 0), t.order_id, t.product_id, p.category, coalesce(o.store_id, 0), t.kind,"
        " t.quantity, t.amount_fen, o.placed_at from order_line t join customer_order o on o.id = t.order_id"
        " join product p on p.id = t.product_id"
    ),
)
REFUNDS = Feed(
    table="refunds",
    source_table="refund",
    columns=("id", "customer_id", "order_id", "refunded_at", "goods_fen", "total_fen"),
    select=(
        "select t.id, coalesce(t.customer_id, 0), coalesce(t.order_id, 0), t.refunded_at, t.goods_fen, t.total_fen"
        " from refund t"
    ),
)
ALL = (ORDERS, LINES, REFUNDS)
