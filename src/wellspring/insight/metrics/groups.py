"""How many people are in groups, and what they have in common."""

from __future__ import annotations

from wellspring.insight.features.base import Words
from wellspring.insight.metrics.registry import Metric, Rate


class Customers(Metric):
    name = "customers"
    title = Words("客户", "Customers")
    unit = "count"
    definition = Words(
        "在你的数据范围里、又在所选人群里的客户；合并过的只算一位。",
        "Customers in your data scope and in the chosen segment; merged ones count once.",
    )
    formula = "count of customers"
    source = "warehouse: wide table"


class CustomerShare(Rate):
    name = "customer_share"
    title = Words("占比", "Share")
    definition = Words("这一组的客户除以表里所有客户。", "Customers of the group / all customers of the table.")
    formula = "customers of the group / customers of all groups"
    source = "warehouse: wide table"


class SpendShare(Rate):
    name = "spend_share"
    title = Words("消费占比", "Share of spend")
    definition = Words("这一组的净消费除以所有买家的净消费。", "Net spend of the group / net spend of all buyers.")
    formula = "net_spend of the group / net_spend of all groups"
    source = "wide table: spent_ever"


class OrdersAYear(Metric):
    name = "orders_a_year"
    title = Words("年订单数", "Orders a year")
    unit = "count"
    definition = Words("近 365 天（含今天到现在）下的订单数。", "Orders placed in the last 365 days and today so far.")
    formula = "orders_365d"
    source = "wide table: orders_365d"


class CustomersMoved(Metric):
    name = "customers_moved"
    title = Words("走到这一阶段的客户", "Customers who moved")
    unit = "count"
    definition = Words(
        "第一个月末在起点阶段、第二个月末在终点阶段的客户。两个月末的阶段都用今天的口径、按当时已有的订单重新算，所以改了口径，过去也跟着改。还没被添加、也没下过单的人算「还没来」。",
        "Customers in the one stage at the end of the first month and in the other at the end of the second. Both are computed with today's limits from the orders placed until then, so a change of the limits changes the past too. Who had neither been added nor ordered by then is not here yet.",
    )
    formula = "count of customers by (stage at the first instant, stage at the second)"
    source = "warehouse: orders, customers; limits: settings of the features"


class MoveRate(Rate):
    name = "move_rate"
    title = Words("占起点阶段", "Of the stage they left")
    definition = Words(
        "从起点阶段走到终点阶段的客户，除以第一个月末在起点阶段的客户。",
        "Customers who went from the one stage to the other / customers in the one at the first instant.",
    )
    formula = "customers_moved / customers in the stage at the first instant"
    source = "warehouse: orders, customers"


class WithValue(Metric):
    name = "with_value"
    title = Words("有值的客户", "With a value")
    unit = "count"
    definition = Words(
        "量得出这个特征的客户；量不出的（比如没下过单的人的客单价）不算 0，另外数。",
        "Customers of whom the feature can be measured; who has no value (the average order of somebody without orders) is not 0, and is counted apart.",
    )
    formula = "customers for whom the feature is known"
    source = "wide table"


class Quantile(Metric):
    name = "quantile"
    title = Words("分位数", "Quantile")
    unit = "count"
    definition = Words(
        "有值的客户按大小排好，排在这个比例的那一位的值；50% 就是中位数。",
        "The value of the customer at that share of all with a value, in order; 50 % is the median.",
    )
    formula = "element ceil(share * n) in ascending order"
    source = "wide table"


GROUPS: tuple[Metric, ...] = (
    Customers(), CustomerShare(), SpendShare(), OrdersAYear(), CustomersMoved(), MoveRate(), WithValue(), Quantile(),
)  # fmt: skip
