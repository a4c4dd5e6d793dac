"""Orders and sales."""

from __future__ import annotations

from typing import Any

from wellspring.insight.features.base import Words
from wellspring.insight.metrics.base import Ask, Daily, Figure, HomeMetric, daily


class Orders(HomeMetric):
    """Orders placed, also those that belong to no known customer."""

    name = "orders"
    title = Words("订单", "Orders")
    unit = "count"
    definition = Words(
        "今天零点到现在下的订单，不知道是哪位客户的也算。",
        "Orders placed between midnight and now, also those of nobody known.",
    )
    formula = "count of orders by placed_at"
    source = "warehouse: orders"

    def read(self, ask: Ask) -> Figure:
        return _orders(ask, "toInt64(1)").figure(self.name, "orders")


class Sales(HomeMetric):
    """Goods of the orders placed minus goods of the refunds made; a refund counts on its own day. A refund whose
    order is not known is in no store: it counts with scope all only."""

    name = "sales"
    title = Words("成交", "Sales")
    unit = "fen"
    definition = Words(
        "今天零点到现在订单的货款，减去同期退款的货款；邮费和调整不算。",
        "Goods of the orders placed between midnight and now minus goods of the refunds made in it; postage and adjustments are not sales.",
    )
    formula = "sum of orders' goods_fen - sum of refunds' goods_fen, each by its own instant"
    source = "warehouse: orders, refunds"

    def read(self, ask: Ask) -> Figure:
        sold, returned = _orders(ask, "goods_fen"), self._refunds(ask)
        return Daily(
            [a - b for a, b in zip(sold.whole, returned.whole, strict=True)],
            [a - b for a, b in zip(sold.by_now, returned.by_now, strict=True)],
        ).figure(self.name, "fen")

    def _refunds(self, ask: Ask) -> Daily:
        parameters: dict[str, Any] = {}
        condition = ask.order_condition(parameters)
        inside = "1" if condition == "1" else f"order_id in (select id from orders where {condition})"  # noqa: S608
        return daily(ask, table="refunds", column="refunded_at", value="goods_fen", where=inside, parameters=parameters)


def _orders(ask: Ask, value: str) -> Daily:
    parameters: dict[str, Any] = {}
    where = ask.order_condition(parameters)
    return daily(ask, table="orders", column="placed_at", value=value, where=where, parameters=parameters)
