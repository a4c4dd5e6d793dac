"""How often a customer buys, and when they may be expected next."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from wellspring.insight.features.base import EPOCH, NO_INSTANT, Feature, Value, Words, lower_median
from wellspring.insight.features.context import DAY_MS, Context
from wellspring.insight.features.history import History

OWN = "Own definition."


def own_gaps(history: History, context: Context) -> list[int]:
    """Days between neighbouring purchases."""
    days = context.purchase_days(history)
    return [(later - earlier).days for earlier, later in pairwise(days)]


class Purchases(Feature):
    name = "purchases"
    kind = "count"
    title = Words("购买次数", "Purchases")
    definition = Words(
        "有订单的日子数：同一天的几单算一次购买。",
        "Days with at least one order: several orders of one day are one purchase.",
    )
    formula = "number of different days of placed_at in the company's time zone"
    source = "The unit of BG/NBD here; splitting an order must not look like loyalty."
    type = "UInt32"
    expression = "length(bought.days)"

    def value(self, history: History, context: Context) -> Value:
        return len(context.purchase_days(history))


class UsualGapDays(Feature):
    name = "usual_gap_days"
    kind = "days"
    title = Words("通常间隔天数", "Usual gap in days")
    definition = Words(
        "自己相邻两次购买间隔天数的中位数（偶数个取较小的）。",
        "The lower median of the days between the customer's neighbouring purchases.",
    )
    formula = "lower median of differences of sorted purchase days"
    source = OWN
    type = "Int32"
    expression = "arraySort(arrayPopFront(arrayDifference(bought.days)))[intDiv(length(bought.days), 2)]"
    known = "purchases > 1"

    def value(self, history: History, context: Context) -> Value:
        gaps = own_gaps(history, context)
        return int(lower_median(gaps)) if gaps else None


class ExpectedNextOrderAt(Feature):
    name = "expected_next_order_at"
    kind = "instant"
    title = Words("预计下次下单", "Expected next order")
    definition = Words(
        "最近一单加上自己的通常间隔；间隔记录少时向全体买家的中位数靠拢。可能已经过去（逾期）。",
        "The newest order plus the customer's usual gap, drawn towards that of all buyers while few gaps are known; may lie in the past: overdue.",
    )
    formula = "last_order_at + floor((k * usual_gap_days + w * gap of all) / (k + w)) days; k = purchases - 1, w = setting gap_weight"
    source = "Own definition: shrinkage by w gaps of the average buyer."
    type = "DateTime64(3, 'UTC')"
    expression = (
        "if(purchases > 0 and purchases - 1 + {gap_weight:Int64} > 0,"
        " fromUnixTimestamp64Milli(toUnixTimestamp64Milli(bought.last_at)"
        " + intDiv((purchases - 1) * usual_gap_days + {gap_weight:Int64} * {gap_days:Int64},"
        f" greatest(purchases - 1 + {{gap_weight:Int64}}, 1)) * {DAY_MS}, 'UTC'), {NO_INSTANT})"
    )
    known = "expected_next_order_at > toDateTime64(0, 3, 'UTC')"
    absent = EPOCH

    def value(self, history: History, context: Context) -> Value:
        gaps, weight = own_gaps(history, context), context.gap_weight
        orders = context.orders(history)
        if not orders or not len(gaps) + weight:
            return None
        own = int(lower_median(gaps)) if gaps else 0
        days = (len(gaps) * own + weight * context.population.gap_days) // (len(gaps) + weight)
        return max(order.placed_at for order in orders) + timedelta(days=days)


RHYTHM: tuple[Feature, ...] = (Purchases(), UsualGapDays(), ExpectedNextOrderAt())
