"""Recency, frequency, money: scores by quintiles of the buyers, and named groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from wellspring.insight.features.base import Feature, Value, Words
from wellspring.insight.features.buying import spent
from wellspring.insight.features.context import Context
from wellspring.insight.features.history import History
from wellspring.insight.features.sql import day

SOURCE = "Quintile scoring after A. M. Hughes, Strategic Database Marketing (1994); ties by value and the groups are our own."
FIFTHS = (1, 2, 3, 4)


def cut_points(values: Iterable[int]) -> tuple[int, ...]:
    """For each fifth the largest value within the lowest so many fifths of the buyers; empty without buyers."""
    ordered = sorted(values)
    if not ordered:
        return ()
    return tuple(ordered[len(ordered) - 1 - (5 - fifth) * len(ordered) // 5] for fifth in FIFTHS)


def score(value: int, cuts: Sequence[int]) -> int:
    return 1 + sum(value > cut for cut in cuts)


@dataclass(frozen=True)
class Rule:
    """Scores from - to, both included."""

    group: str
    r: tuple[int, int]
    f: tuple[int, int]
    m: tuple[int, int]

    def covers(self, r: int, f: int, m: int) -> bool:
        return self.r[0] <= r <= self.r[1] and self.f[0] <= f <= self.f[1] and self.m[0] <= m <= self.m[1]


ANY = (1, 5)
RULES = (
    Rule("champions", (5, 5), (4, 5), (4, 5)),
    Rule("loyal", (5, 5), (4, 5), (1, 3)),
    Rule("loyal", (3, 4), (4, 5), ANY),
    Rule("potential", (4, 5), (2, 3), ANY),
    Rule("new", (4, 5), (1, 1), ANY),
    Rule("needs_attention", (3, 3), (1, 3), ANY),
    Rule("cant_lose", (1, 2), (4, 5), (4, 5)),
    Rule("at_risk", (1, 2), (4, 5), (1, 3)),
    Rule("at_risk", (1, 2), (3, 3), ANY),
    Rule("hibernating", (2, 2), (1, 2), ANY),
    Rule("lost", (1, 1), (1, 2), ANY),
)
"""Together they cover each of the 125 cells exactly once."""

GROUPS = {
    "champions": Words("核心客户", "Champions"),
    "loyal": Words("忠实客户", "Loyal"),
    "potential": Words("潜力客户", "Potential"),
    "new": Words("新客户", "New"),
    "needs_attention": Words("需要关注", "Needs attention"),
    "cant_lose": Words("不能失去", "Can't lose"),
    "at_risk": Words("有流失风险", "At risk"),
    "hibernating": Words("沉睡客户", "Hibernating"),
    "lost": Words("已流失", "Lost"),
    "none": Words("未下单", "Never ordered"),
}


def group(r: int, f: int, m: int) -> str:
    return next(rule.group for rule in RULES if rule.covers(r, f, m))


def _scored(value: str, parameter: str) -> str:
    return f"if(bought.orders > 0, 1 + arrayCount(cut -> {value} > cut, {{{parameter}:Array(Int64)}}), 0)"


def _group_expression() -> str:
    def within(name: str, bounds: tuple[int, int]) -> str:
        return f"{name} between {bounds[0]} and {bounds[1]}"

    cells = (
        f"{within('rfm_r', rule.r)} and {within('rfm_f', rule.f)} and {within('rfm_m', rule.m)}, '{rule.group}'"
        for rule in RULES
    )
    return f"multiIf({', '.join(cells)}, 'none')"


class _Score(Feature):
    kind = "score"
    type = "UInt8"
    source = SOURCE
    known = "orders_ever > 0"


class RecencyScore(_Score):
    name = "rfm_r"
    title = Words("R 分", "R score")
    definition = Words(
        "最近一单的日期在全部买家中排第几个五分位，越近越高。",
        "In which fifth of all buyers the day of the newest order lies; the more recent the higher.",
    )
    formula = "1 + number of cut points below day(last_order_at)"
    expression = _scored(day("bought.last_at"), "rfm_days")

    def value(self, history: History, context: Context) -> Value:
        days = context.purchase_days(history)
        return score((days[-1] - date(1970, 1, 1)).days, context.population.rfm_days) if days else None


class FrequencyScore(_Score):
    name = "rfm_f"
    title = Words("F 分", "F score")
    definition = Words(
        "累计订单数在全部买家中排第几个五分位；数值相同分数相同。",
        "In which fifth of all buyers the number of orders lies; equal numbers get equal scores.",
    )
    formula = "1 + number of cut points below orders_ever"
    expression = _scored("toInt64(bought.orders)", "rfm_orders")

    def value(self, history: History, context: Context) -> Value:
        orders = context.orders(history)
        return score(len(orders), context.population.rfm_orders) if orders else None


class MoneyScore(_Score):
    name = "rfm_m"
    title = Words("M 分", "M score")
    definition = Words(
        "累计净消费在全部买家中排第几个五分位；数值相同分数相同。",
        "In which fifth of all buyers the net spend lies; equal amounts get equal scores.",
    )
    formula = "1 + number of cut points below spent_ever"
    expression = _scored("bought.total - given_back.total", "rfm_spent")

    def value(self, history: History, context: Context) -> Value:
        return score(spent(history, context), context.population.rfm_spent) if context.orders(history) else None


class RfmGroup(Feature):
    name = "rfm_group"
    kind = "choice"
    title = Words("RFM 分组", "RFM group")
    definition = Words("按 R、F、M 三个分数归入的命名分组。", "The named group of the three scores R, F and M.")
    formula = "the one rule of the table whose ranges hold rfm_r, rfm_f, rfm_m"
    source = SOURCE
    type = "LowCardinality(String)"
    expression = _group_expression()
    choices: ClassVar = GROUPS

    def value(self, history: History, context: Context) -> Value:
        scores = [one.value(history, context) for one in (RecencyScore(), FrequencyScore(), MoneyScore())]
        if any(not isinstance(found, int) for found in scores):
            return "none"
        r, f, m = (int(found) for found in scores if isinstance(found, int))
        return group(r, f, m)


RFM: tuple[Feature, ...] = (RecencyScore(), FrequencyScore(), MoneyScore(), RfmGroup())
