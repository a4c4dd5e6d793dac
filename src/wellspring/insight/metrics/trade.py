"""Orders and sales."""

from __future__ import annotations

from typing import Any

from wellspring.insight.metrics.base import Ask, Daily, Figure, Metric, daily


class Orders(Metric):
    """Orders placed, also those that belong to no known customer."""

    name = "orders"

    def read(self, ask: Ask) -> Figure:
        return _orders(ask, "toInt64(1)").figure(self.name, "orders")


class Sales(Metric):
    """Goods of the orders placed minus goods of the refunds made; a refund counts on its own day. A refund whose
    order is not known is in no store: it counts with scope all only."""

    name = "sales"

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
