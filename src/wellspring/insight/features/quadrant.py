"""Which service a customer's way of buying pays for: value of an order against orders a year."""

from __future__ import annotations

from typing import ClassVar

from wellspring.insight.features.base import Feature, Value, Words
from wellspring.insight.features.buying import spent
from wellspring.insight.features.context import Context
from wellspring.insight.features.history import History

QUADRANTS = {
    "mixed": Words("高价高频：混合服务", "High value, high frequency: mixed"),
    "one_to_one": Words("高价低频：一对一", "High value, low frequency: one to one"),
    "one_to_many": Words("低价高频：一对多", "Low value, high frequency: one to many"),
    "light": Words("低价低频：轻投入", "Low value, low frequency: light touch"),
    "none": Words("近一年未下单", "No order in a year"),
}
YEAR = 365


class Quadrant(Feature):
    name = "quadrant"
    kind = "choice"
    title = Words("象限", "Quadrant")
    definition = Words(
        "近 365 天的客单价与订单数，各与分界线比较（默认是买家中位数），严格高于才算高。",
        "Average order value and number of orders of the last 365 days, each against its cut line (by default the buyers' median); high is strictly above.",
    )
    formula = "x = spent_365d / orders_365d, y = orders_365d"
    source = (
        "The practice's quadrant: low price and high frequency one to many, high price and low frequency one to one."
    )
    type = "LowCardinality(String)"
    expression = (
        "multiIf(bought.orders_365d = 0, 'none',"
        " (bought.total_365d - given_back.total_365d) / bought.orders_365d > {quadrant_value:Float64},"
        " if(bought.orders_365d > {quadrant_orders:Float64}, 'mixed', 'one_to_one'),"
        " bought.orders_365d > {quadrant_orders:Float64}, 'one_to_many', 'light')"
    )
    absent = "none"
    choices: ClassVar = QUADRANTS

    def value(self, history: History, context: Context) -> Value:
        orders = len(context.orders(history, YEAR))
        if not orders:
            return "none"
        dear = spent(history, context, YEAR) / orders > context.quadrant_value_fen
        often = orders > context.quadrant_orders
        if dear:
            return "mixed" if often else "one_to_one"
        return "one_to_many" if often else "light"


QUADRANT: tuple[Feature, ...] = (Quadrant(),)
