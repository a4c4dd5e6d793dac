"""Values and refusals in words."""

from __future__ import annotations

from collections.abc import Mapping

from wellspring.insight.features.base import Feature, Value, Words
from wellspring.insight.features.lifetime_value.fitting import LEAST_CUSTOMERS, LEAST_REPEATS, LEAST_WEEKS
from wellspring.platform.errors import Language

FLAGS = (Words("否", "No"), Words("是", "Yes"))
REFUSALS = {
    "TOO_FEW_CUSTOMERS": Words(
        f"买家不到 {LEAST_CUSTOMERS} 位，拟合没有意义。",
        f"Fewer than {LEAST_CUSTOMERS} buyers: a fit would mean nothing.",
    ),
    "TOO_FEW_REPEATS": Words(
        f"回购过的买家不到 {LEAST_REPEATS} 位，看不出回购规律。",
        f"Fewer than {LEAST_REPEATS} buyers came back: there is no rhythm to learn from.",
    ),
    "TOO_SHORT": Words(
        f"订单历史不到 {LEAST_WEEKS} 周，太短。", f"The orders reach back less than {LEAST_WEEKS} weeks: too short."
    ),
    "NOT_CONVERGED": Words(
        "似然函数没有找到最高点，这些订单不适合这个模型。",
        "The likelihood has no top: these orders do not fit the model.",
    ),
}


def refusal(code: str, language: Language) -> str:
    words = REFUSALS.get(code, Words(code, code))
    return words.zh if language == "zh" else words.en


def label(feature: Feature, value: Value, language: Language, stores: Mapping[int, str]) -> str | None:
    if value is None:
        return None
    if feature.kind == "reference":
        return stores.get(int(value)) if isinstance(value, int) else None
    if feature.kind == "hour":
        return f"{value}:00"
    words = FLAGS[int(bool(value))] if feature.kind == "flag" else feature.choices.get(str(value))
    if words is None:
        return None
    return words.zh if language == "zh" else words.en
