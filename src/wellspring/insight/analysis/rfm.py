"""The map of recency and frequency, and the named groups on it, from the kept scores of the wide table."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from wellspring.insight.analysis.study import Study
from wellspring.insight.analysis.table import Column, Table, words
from wellspring.insight.features.base import Words
from wellspring.insight.features.rfm import GROUPS
from wellspring.insight.metrics.buying import AverageOrderValue, SpendPerCustomer
from wellspring.insight.metrics.groups import CustomerShare, SpendShare
from wellspring.platform.errors import Language
from wellspring.platform.warehouse.client import Row

NEVER = "none"


class RfmCell(BaseModel):
    """Customers with these scores of recency and frequency, whatever the third."""

    r: int
    f: int
    customers: int
    net_spend: int


class RfmGroup(BaseModel):
    """Money in fen."""

    group: str
    title: str
    customers: int
    customer_share: float | None
    net_spend: int
    spend_share: float | None
    spend_per_customer: int | None
    average_order_value: int | None


class RfmMap(BaseModel):
    """`groups`: in the order of the rules, those without anybody left out. `never`: who never ordered has no scores."""

    buyers: int
    never: int
    net_spend: int
    cells: list[RfmCell]
    groups: list[RfmGroup]


def read_rfm(study: Study, language: Language) -> RfmMap:
    rows = study.query(
        "select rfm_r, rfm_f, toString(rfm_group) as grp, count() as n, sum(spent_ever) as spent,"  # noqa: S608
        f" sum(orders_ever) as orders from {study.readable('customer_wide')} where {study.chosen('id')}"
        " group by rfm_r, rfm_f, grp"
    )
    return build(rows, language)


def build(rows: Sequence[Row], language: Language) -> RfmMap:
    bought = [row for row in rows if row["grp"] != NEVER]
    buyers, spent = sum(row["n"] for row in bought), sum(row["spent"] for row in bought)
    cells: dict[tuple[int, int], RfmCell] = {}
    for row in bought:
        key = (row["rfm_r"], row["rfm_f"])
        cell = cells.setdefault(key, RfmCell(r=key[0], f=key[1], customers=0, net_spend=0))
        cell.customers += row["n"]
        cell.net_spend += row["spent"]
    return RfmMap(
        buyers=buyers,
        never=sum(row["n"] for row in rows if row["grp"] == NEVER),
        net_spend=spent,
        cells=[cells[key] for key in sorted(cells)],
        groups=[
            _group(name, getattr(title, language), mine, buyers, spent)
            for name, title in GROUPS.items()
            if name != NEVER and (mine := [row for row in bought if row["grp"] == name])
        ],
    )


def _group(name: str, title: str, rows: Sequence[Row], buyers: int, spent: int) -> RfmGroup:
    customers, money = sum(row["n"] for row in rows), sum(row["spent"] for row in rows)
    return RfmGroup(
        group=name,
        title=title,
        customers=customers,
        customer_share=CustomerShare().value(customers, buyers),
        net_spend=money,
        spend_share=SpendShare().value(money, spent),
        spend_per_customer=SpendPerCustomer().value(money, customers),
        average_order_value=AverageOrderValue().value(money, sum(row["orders"] for row in rows)),
    )


def table(found: RfmMap) -> Table:
    return Table(
        Words("RFM", "rfm"),
        Words(
            f"{found.buyers} 位下过单的客户；另有 {found.never} 位没下过单，没有分数。",
            f"{found.buyers} customers who ordered; {found.never} more never did and have no scores.",
        ),
        [
            words("分组", "Group"),
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
            for one in found.groups
        ],
    )  # fmt: skip
