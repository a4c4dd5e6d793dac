"""What the fitted model says of each customer, as features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wellspring.insight.features.base import Feature, Value, Words
from wellspring.insight.features.buying import spent
from wellspring.insight.features.context import Context
from wellspring.insight.features.history import History
from wellspring.insight.features.lifetime_value.model import MOST_REPEATS, to_weeks
from wellspring.insight.features.sql import TODAY

PURCHASES = "BG/NBD: Fader, Hardie & Lee, Marketing Science 24(2), 2005."
SPENDING = "Gamma-Gamma: Fader & Hardie, The Gamma-Gamma Model of Monetary Value, 2013."

_X = "toInt64(length(bought.days) - 1)"
_WEEKS = f"intDiv({TODAY} - bought.days[1] + 3, 7)"
_T_X = "intDiv(bought.days[-1] - bought.days[1] + 3, 7)"
_P_ALIVE = (
    f"1 / (1 + if({_X} > 0, {{lv_a:Float64}} / ({{lv_b:Float64}} + greatest({_X}, 1) - 1)"
    f" * pow(({{lv_alpha:Float64}} + {_WEEKS}) / ({{lv_alpha:Float64}} + {_T_X}), {{lv_r:Float64}} + {_X}), 0))"
)
_SCORED = "{lv_model:Int64} > 0 and purchases > 0"


def _purchases(days: int) -> str:
    # A customer without orders has no first day: the bounds keep the look-up's key within its type all the same.
    key = (
        f"{{lv_model:Int64}}, toUInt16(least(greatest({_X}, 0), {MOST_REPEATS})),"
        f" toUInt16(least(greatest({_WEEKS}, 0), {{lv_weeks:Int64}}))"
    )
    return (
        f"if({_SCORED}, {_P_ALIVE} * joinGet('lifetime_value_grid', 'purchases_{days}', {key})"
        f" * ({{lv_r:Float64}} + {_X}) / ({{lv_r:Float64}} + least({_X}, {MOST_REPEATS})), 0)"
    )


_MEAN_VALUE = (
    "{lv_p:Float64} * ({lv_gamma:Float64} + greatest(bought.total - given_back.total, 0))"
    " / ({lv_p:Float64} * greatest(purchases, 1) + {lv_q:Float64} - 1)"
)


@dataclass(frozen=True)
class Standing:
    """A customer as the model sees them: x, t_x and T in weeks."""

    x: int
    t_x: int
    weeks: int


def standing(history: History, context: Context) -> Standing | None:
    days = context.purchase_days(history)
    if not days:
        return None
    first, last = days[0], days[-1]
    return Standing(len(days) - 1, to_weeks((last - first).days), to_weeks((context.today - first).days))


class PAliveKnown(Feature):
    name = "p_alive_known"
    kind = "flag"
    title = Words("活跃概率可估", "P(alive) is known")
    definition = Words(
        "模型已拟合且购买过至少两次；只买过一次时模型恒为 1，不算结论。",
        "A model is fitted and there are at least two purchases; for one the model says 1 by construction, which is no finding.",
    )
    formula = "a fitted model and purchases > 1"
    source = PURCHASES
    type = "UInt8"
    expression = "{lv_model:Int64} > 0 and purchases > 1"

    def value(self, history: History, context: Context) -> Value:
        found = standing(history, context)
        return int(context.lifetime is not None and found is not None and found.x > 0)


class PAlive(Feature):
    name = "p_alive"
    kind = "probability"
    title = Words("活跃概率", "P(alive)")
    definition = Words(
        "按自己的购买节奏，现在仍会再来买的概率。",
        "The probability that the customer has not left for good, by their own rhythm of buying.",
    )
    formula = "1 / (1 + a / (b + x - 1) * ((alpha + T) / (alpha + t_x)) ^ (r + x))"
    source = PURCHASES
    type = "Float64"
    expression = f"if({{lv_model:Int64}} > 0 and purchases > 1, {_P_ALIVE}, 0)"
    known = "p_alive_known = 1"
    absent = 0.0

    def value(self, history: History, context: Context) -> Value:
        found, model = standing(history, context), context.lifetime
        return model.p_alive(found.x, found.t_x, found.weeks) if model and found and found.x > 0 else None


class _Ahead(Feature):
    days: ClassVar[int]
    known = "purchases > 0 and expected_purchases_365d > 0"
    absent = 0.0
    type = "Float64"

    def purchases(self, history: History, context: Context) -> float | None:
        found, model = standing(history, context), context.lifetime
        if model is None or found is None:
            return None
        return model.expected_purchases(found.x, found.t_x, found.weeks, self.days)


class _PurchasesAhead(_Ahead):
    kind = "amount"
    source = PURCHASES
    formula = "P(alive) * N(x, T, t); N from the grid"

    def value(self, history: History, context: Context) -> Value:
        return self.purchases(history, context)


class _ValueAhead(_Ahead):
    kind = "money"
    source = SPENDING
    formula = "expected purchases * p (gamma + n m) / (p n + q - 1); n purchases, m net spend of one, at least 0"

    def value(self, history: History, context: Context) -> Value:
        found, often, model = standing(history, context), self.purchases(history, context), context.lifetime
        if model is None or found is None or often is None:
            return None
        n = found.x + 1
        return often * model.expected_value(n, max(spent(history, context), 0) / n)


class Purchases90(_PurchasesAhead):
    days = 90
    name = "expected_purchases_90d"
    title = Words("预计 90 天购买次数", "Expected purchases, 90 days")
    definition = Words("模型预计今后 90 天购买几次。", "How often the model expects a purchase in the next 90 days.")
    expression = _purchases(90)


class Purchases365(_PurchasesAhead):
    days = 365
    name = "expected_purchases_365d"
    title = Words("预计 365 天购买次数", "Expected purchases, 365 days")
    definition = Words("模型预计今后 365 天购买几次。", "How often the model expects a purchase in the next 365 days.")
    expression = _purchases(365)


class Value90(_ValueAhead):
    days = 90
    name = "expected_value_90d"
    title = Words("预计 90 天消费", "Expected value, 90 days")
    definition = Words(
        "预计 90 天购买次数乘以自己的预计单次消费。",
        "Expected purchases in 90 days times the customer's expected value of one.",
    )
    expression = f"expected_purchases_90d * {_MEAN_VALUE}"


class Value365(_ValueAhead):
    days = 365
    name = "expected_value_365d"
    title = Words("预计 365 天消费", "Expected value, 365 days")
    definition = Words(
        "预计 365 天购买次数乘以自己的预计单次消费。",
        "Expected purchases in 365 days times the customer's expected value of one.",
    )
    expression = f"expected_purchases_365d * {_MEAN_VALUE}"


LIFETIME: tuple[Feature, ...] = (PAliveKnown(), PAlive(), Purchases90(), Purchases365(), Value90(), Value365())
