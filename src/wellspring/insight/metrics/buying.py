"""The way from being added to ordering again."""

from __future__ import annotations

from wellspring.insight.features.base import Words
from wellspring.insight.metrics.registry import Average, Metric, Rate


class Added(Metric):
    name = "added"
    title = Words("被添加", "Added")
    unit = "count"
    definition = Words(
        "第一次被添加落在窗口里、而且已经满了观察天数的客户。还不满的人不放进漏斗，另外说明有几位。",
        "Customers first added in the window whose days of observation are over. Who was added later is left out, and how many is said.",
    )
    formula = "customers with first friend_added in the window and at least the chosen days ago"
    source = "warehouse: events"


class StillFriends(Metric):
    name = "still_friends"
    title = Words("满几天还是好友", "Still friends after some days")
    unit = "count"
    definition = Words(
        "添加后满所选天数（默认 7 天）的那一刻，还至少有一段好友关系的客户。",
        "Of those added, customers with at least one friendship at the moment the chosen days (7 unless chosen otherwise) after the add were over.",
    )
    formula = "added and friendships begun - ended up to added_at + days > 0"
    source = "warehouse: events"


class FirstOrders(Metric):
    name = "first_orders"
    title = Words("加后第一单", "First order since the add")
    unit = "count"
    definition = Words(
        "留下来的人里，添加之后至少下过 1 单的客户；添加之前下的单不算。",
        "Of those who stayed, customers with at least 1 order since the add; orders before it do not count.",
    )
    formula = "still_friends and count(orders since the add) >= 1"
    source = "warehouse: events, orders"


class SecondOrders(Metric):
    name = "second_orders"
    title = Words("加后第二单", "Second order since the add")
    unit = "count"
    definition = Words("其中添加之后至少下过 2 单的客户。", "Of these, customers with at least 2 orders since the add.")
    formula = "first_orders and count(orders since the add) >= 2"
    source = "warehouse: events, orders"


class ThirdOrders(Metric):
    name = "third_orders"
    title = Words("加后第三单", "Third order since the add")
    unit = "count"
    definition = Words("其中添加之后至少下过 3 单的客户。", "Of these, customers with at least 3 orders since the add.")
    formula = "second_orders and count(orders since the add) >= 3"
    source = "warehouse: events, orders"


class StepRate(Rate):
    name = "step_rate"
    title = Words("占上一步", "Of the step before")
    definition = Words("这一步的客户除以上一步的客户。", "Customers of this step / customers of the step before.")
    formula = "step n / step n - 1"
    source = "the funnel's own counts"


class WayRate(Rate):
    name = "way_rate"
    title = Words("占第一步", "Of the first step")
    definition = Words("这一步的客户除以第一步的客户。", "Customers of this step / customers of the first step.")
    formula = "step n / step 1"
    source = "the funnel's own counts"


class NetSpend(Metric):
    name = "net_spend"
    title = Words("净消费", "Net spend")
    unit = "fen"
    definition = Words(
        "这些客户迄今的订单总额减去退款总额。",
        "Totals of these customers' orders so far minus totals of their refunds.",
    )
    formula = "sum of spent_ever"
    source = "wide table: spent_ever"


class SpendPerCustomer(Average):
    name = "spend_per_customer"
    title = Words("人均净消费", "Net spend per customer")
    definition = Words("净消费除以客户数。", "Net spend / customers.")
    formula = "net_spend / customers"
    source = "wide table: spent_ever"


class AverageOrderValue(Average):
    name = "average_order_value"
    title = Words("客单价", "Average order value")
    definition = Words(
        "这些客户的净消费除以订单数；象限图里两者都只看近 365 天。",
        "Net spend of these customers / their orders; in the quadrant both over the last 365 days.",
    )
    formula = "net_spend / orders"
    source = "wide table: spent_ever, orders_ever; spent_365d, orders_365d"


BUYING: tuple[Metric, ...] = (
    Added(), StillFriends(), FirstOrders(), SecondOrders(), ThirdOrders(), StepRate(), WayRate(), NetSpend(),
    SpendPerCustomer(), AverageOrderValue(),
)  # fmt: skip
