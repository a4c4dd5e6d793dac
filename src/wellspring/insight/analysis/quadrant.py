"""Value of an order against orders a year: how many customers lie where, and on which side of the cut lines.

Both scales are logarithmic, as money and frequency are spread; bins are of about equal length on them. Who spent nothing
net in the year (everything given back) has no place on such a scale: counted in their quadrant, not drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from wellspring.insight.analysis.study import Study
from wellspring.insight.analysis.table import Column, Table, words
from wellspring.insight.features.base import Words
from wellspring.insight.features.quadrant import QUADRANTS
from wellspring.insight.metrics.buying import AverageOrderValue, SpendPerCustomer
from wellspring.insight.metrics.groups import CustomerShare, SpendShare
from wellspring.platform.errors import Language
from wellspring.platform.warehouse.client import Row

_STEPS = (1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8)
"""Ten to a decade, the preferred numbers R10 of ISO 3."""
VALUE_EDGES = [0.0, *(step * 10**power for power in range(2, 9) for step in _STEPS)]
"""In fen, from one yuan to ten million."""
ORDER_EDGES = [1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 32, 40, 50, 63, 80, 100, 160, 250, 500]
IDLE = "none"


class QuadrantCell(BaseModel):
    """Customers from `value_fen` (below `value_to_fen`) and `orders` (below `orders_to`; null: no end)."""

    value_fen: float
    value_to_fen: float
    orders: int
    orders_to: int | None
    customers: int


class QuadrantGroup(BaseModel):
    """Money in fen over the last 365 days."""

    quadrant: str
    title: str
    customers: int
    customer_share: float | None
    net_spend: int
    spend_share: float | None
    spend_per_customer: int | None
    average_order_value: int | None


class QuadrantChart(BaseModel):
    """`cut_value_fen`, `cut_orders`: high is strictly above; `own_cuts`: set by an operator, else the buyers' medians.
    `not_drawn`: buyers with nothing spent net. `idle`: no order in the year."""

    buyers: int
    idle: int
    not_drawn: int
    cut_value_fen: float
    cut_orders: float
    own_cuts: bool
    cells: list[QuadrantCell]
    quadrants: list[QuadrantGroup]


def read_quadrant(study: Study, language: Language, *, cut_value: float, cut_orders: float, own: bool) -> QuadrantChart:
    rows = study.query(
        "select toString(quadrant) as part, spent_365d > 0 as drawn,"  # noqa: S608
        " roundDown(toFloat64(spent_365d) / greatest(orders_365d, 1), {values:Array(Float64)}) as value,"
        " roundDown(toInt64(orders_365d), {orders:Array(Int64)}) as often,"
        " count() as n, sum(spent_365d) as spent, sum(orders_365d) as made"
        f" from {study.readable('customer_wide')} where {study.chosen('id')} group by part, drawn, value, often",
        values=VALUE_EDGES,
        orders=ORDER_EDGES,
    )
    return build(rows, language, cut_value=cut_value, cut_orders=cut_orders, own=own)


def build(rows: Sequence[Row], language: Language, *, cut_value: float, cut_orders: float, own: bool) -> QuadrantChart:
    bought = [row for row in rows if row["part"] != IDLE]
    buyers, spent = sum(row["n"] for row in bought), sum(row["spent"] for row in bought)
    cells: dict[tuple[float, int], int] = {}
    for row in bought:
        if row["drawn"]:
            key = (float(row["value"]), int(row["often"]))
            cells[key] = cells.get(key, 0) + row["n"]
    return QuadrantChart(
        buyers=buyers,
        idle=sum(row["n"] for row in rows if row["part"] == IDLE),
        not_drawn=sum(row["n"] for row in bought if not row["drawn"]),
        cut_value_fen=cut_value,
        cut_orders=cut_orders,
        own_cuts=own,
        cells=[_cell(value, orders, n) for (value, orders), n in sorted(cells.items())],
        quadrants=[
            _group(name, getattr(title, language), [row for row in bought if row["part"] == name], buyers, spent)
            for name, title in QUADRANTS.items()
            if name != IDLE
        ],
    )


def _cell(value: float, orders: int, customers: int) -> QuadrantCell:
    beyond = [edge for edge in VALUE_EDGES if edge > value]
    more = [edge for edge in ORDER_EDGES if edge > orders]
    return QuadrantCell(
        value_fen=value,
        value_to_fen=beyond[0] if beyond else value * 1.25,
        orders=orders,
        orders_to=more[0] if more else None,
        customers=customers,
    )


def _group(name: str, title: str, rows: Sequence[Row], buyers: int, spent: int) -> QuadrantGroup:
    customers, money = sum(row["n"] for row in rows), sum(row["spent"] for row in rows)
    return QuadrantGroup(
        quadrant=name,
        title=title,
        customers=customers,
        customer_share=CustomerShare().value(customers, buyers),
        net_spend=money,
        spend_share=SpendShare().value(money, spent),
        spend_per_customer=SpendPerCustomer().value(money, customers),
        average_order_value=AverageOrderValue().value(money, sum(row["made"] for row in rows)),
    )


def table(found: QuadrantChart) -> Table:
    cuts = f"{found.cut_value_fen / 100:.2f}", f"{found.cut_orders:g}"
    return Table(
        Words("象限", "quadrant"),
        Words(
            f"近 365 天下过单的 {found.buyers} 位客户；分界：客单价 {cuts[0]}，年订单数 {cuts[1]}，严格高于才算高；另有 {found.idle} 位近一年没下单。",
            f"{found.buyers} customers with an order in the last 365 days; cut lines: order value {cuts[0]}, orders a year {cuts[1]}, high is strictly above; {found.idle} more have no order in the year.",
        ),
        [
            words("象限", "Quadrant"),
            Column("customers"),
            Column("customer_share"),
            Column("net_spend"),
            Column("spend_share"),
            Column("spend_per_customer"),
            Column("average_order_value"),
        ],
        [
            [
                one.title, one.customers, one.customer_share, one.net_spend, one.spend_share, one.spend_per_customer,
                one.average_order_value,
            ]
            for one in found.quadrants
        ],
    )  # fmt: skip
