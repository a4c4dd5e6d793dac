"""What a customer bought, when, for how much."""

from __future__ import annotations

from typing import ClassVar

from wellspring.insight.features.base import EPOCH, NO_INSTANT, Feature, Value, Words
from wellspring.insight.features.context import Context
from wellspring.insight.features.history import History
from wellspring.insight.features.sql import TODAY, day
from wellspring.platform.warehouse.wide_columns import KEPT_DAYS

OWN = "Own definition, the same as the condition on orders in segments."


class OrdersIn(Feature):
    """One class per window: `days` None is ever."""

    days: ClassVar[int | None]
    kind = "count"
    type = "UInt32"
    source = OWN

    def value(self, history: History, context: Context) -> Value:
        return len(context.orders(history, self.days))


class SpentIn(Feature):
    days: ClassVar[int | None]
    kind = "money"
    type = "Int64"
    source = OWN

    def value(self, history: History, context: Context) -> Value:
        return spent(history, context, self.days)


def spent(history: History, context: Context, days: int | None = None) -> int:
    """Totals of orders placed in the window minus totals of refunds made in it, whatever order they undo."""
    back = sum(
        refund.total_fen
        for refund in history.refunds
        if refund.refunded_at <= context.now and (days is None or context.days_ago(refund.refunded_at) <= days)
    )
    return sum(order.total_fen for order in context.orders(history, days)) - back


def _orders_in(window: int | None) -> Feature:
    label = "ever" if window is None else f"{window}d"

    class Made(OrdersIn):
        name = f"orders_{label}"
        days = window
        title = _words(window, "订单数", "Orders")
        definition = Words(
            "下过的全部订单数。" if window is None else f"近 {window} 天（含今天到现在）下的订单数。",
            "How many orders were placed so far." if window is None else
            f"How many orders were placed in the last {window} days and today so far.",
        )  # fmt: skip
        formula = "count of orders with placed_at <= now" + (
            "" if window is None else f" and >= midnight {window} days ago"
        )
        expression = "bought.orders" if window is None else f"bought.orders_{label}"

    return Made()


def _spent_in(window: int | None) -> Feature:
    label = "ever" if window is None else f"{window}d"
    suffix = "" if window is None else f"_{label}"

    class Made(SpentIn):
        name = f"spent_{label}"
        days = window
        title = _words(window, "净消费", "Net spend")
        definition = Words(
            f"{'累计' if window is None else f'近 {window} 天'}订单总额减去同期退款总额，可为负。",
            f"Totals of orders {'so far' if window is None else f'in the last {window} days'} minus totals of refunds"
            " made in the same time; may be negative.",
        )
        formula = "sum of orders' total_fen - sum of refunds' total_fen, each in the window by its own instant"
        expression = f"bought.total{suffix} - given_back.total{suffix}"

    return Made()


def _words(window: int | None, zh: str, en: str) -> Words:
    if window is None:
        return Words(f"累计{zh}", f"{en}, ever")
    return Words(f"近 {window} 天{zh}", f"{en}, last {window} days")


class FirstOrderAt(Feature):
    name = "first_order_at"
    kind = "instant"
    title = Words("首单时间", "First order")
    definition = Words("第一笔订单的下单时间。", "When the first order was placed.")
    formula = "min(placed_at)"
    source = OWN
    type = "DateTime64(3, 'UTC')"
    expression = f"if(bought.orders > 0, bought.first_at, {NO_INSTANT})"
    known = "orders_ever > 0"
    absent = EPOCH

    def value(self, history: History, context: Context) -> Value:
        return min((order.placed_at for order in context.orders(history)), default=None)


class LastOrderAt(Feature):
    name = "last_order_at"
    kind = "instant"
    title = Words("最近一单时间", "Newest order")
    definition = Words("最近一笔订单的下单时间。", "When the newest order was placed.")
    formula = "max(placed_at)"
    source = OWN
    type = "DateTime64(3, 'UTC')"
    expression = f"if(bought.orders > 0, bought.last_at, {NO_INSTANT})"
    known = "orders_ever > 0"
    absent = EPOCH

    def value(self, history: History, context: Context) -> Value:
        return max((order.placed_at for order in context.orders(history)), default=None)


class RecencyDays(Feature):
    name = "recency_days"
    kind = "days"
    title = Words("距最近一单天数", "Days since the newest order")
    definition = Words(
        "最近一单至今过了几个零点；昨晚下单是 1 天。",
        "Midnights passed since the newest order: yesterday evening is 1.",
    )
    formula = "day(now) - day(last_order_at) in the company's time zone"
    source = OWN
    type = "Int32"
    expression = f"if(bought.orders > 0, {TODAY} - {day('bought.last_at')}, -1)"
    known = "orders_ever > 0"
    absent = -1

    def value(self, history: History, context: Context) -> Value:
        days = context.purchase_days(history)
        return (context.today - days[-1]).days if days else None


class AverageOrder(Feature):
    name = "average_order_fen"
    kind = "money"
    title = Words("客单价", "Average order value")
    definition = Words("累计净消费除以累计订单数。", "Net spend so far divided by the number of orders.")
    formula = "spent_ever / orders_ever"
    source = OWN
    type = "Float64"
    expression = "if(bought.orders > 0, (bought.total - given_back.total) / bought.orders, 0.)"
    known = "orders_ever > 0"
    absent = 0.0

    def value(self, history: History, context: Context) -> Value:
        orders = context.orders(history)
        return spent(history, context) / len(orders) if orders else None


BUYING: tuple[Feature, ...] = (
    *(_orders_in(days) for days in (*KEPT_DAYS, None)),
    *(_spent_in(days) for days in (*KEPT_DAYS, None)),
    FirstOrderAt(),
    LastOrderAt(),
    RecencyDays(),
    AverageOrder(),
)
