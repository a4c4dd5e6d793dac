"""The stage of life: own behaviour against own history."""

from __future__ import annotations

from typing import ClassVar

from wellspring.insight.features.base import Feature, Value, Words, lower_median
from wellspring.insight.features.context import Context
from wellspring.insight.features.history import History
from wellspring.insight.features.rhythm import own_gaps
from wellspring.insight.features.settings import FeatureSettings
from wellspring.insight.features.sql import TODAY, day

STAGES = {
    "introduction": Words("引入", "Introduction"),
    "growth": Words("成长", "Growth"),
    "maturity": Words("成熟", "Maturity"),
    "decline": Words("衰退", "Decline"),
    "lost": Words("流失", "Lost"),
}


def stage(purchase_days: list[int], today: int, rhythm: int, settings: FeatureSettings) -> str:
    """`purchase_days` ascending, in days since 1970; `rhythm`: own usual gap, 0 while it is not known."""
    if not purchase_days:
        return "introduction"
    newest = purchase_days[-1]
    silent = today - newest
    if silent > max(settings.lost_after_days, settings.lost_gaps * rhythm):
        return "lost"
    span = max(settings.established_days, settings.established_purchases * rhythm)
    if sum(one > newest - span for one in purchase_days) < settings.established_purchases:
        return "growth"
    return "decline" if silent >= max(settings.decline_from_days, settings.decline_gaps * rhythm) else "maturity"


_RHYTHM = "if(length(bought.days) > {rhythm_gaps:Int64}, usual_gap_days, 0)"


class LifecycleStage(Feature):
    name = "lifecycle_stage"
    kind = "choice"
    title = Words("生命周期", "Lifecycle")
    definition = Words(
        "用自己的行为和自己的历史比：没下单是引入，没养成习惯是成长，稳定复购是成熟，有习惯却安静下来是衰退，安静太久是流失。",
        "Own behaviour against own history: no order is introduction, no habit yet growth, steady repurchase maturity, a habit gone silent decline, silent too long lost.",
    )
    formula = (
        "the first that holds: introduction: no order; lost: silent > max(lost_after_days, lost_gaps * rhythm);"
        " growth: purchases in the max(established_days, established_purchases * rhythm) days up to the newest"
        " < established_purchases; decline: silent >= max(decline_from_days, decline_gaps * rhythm); else maturity."
        " silent = recency_days, rhythm = usual_gap_days from rhythm_gaps gaps on, else 0"
    )
    source = (
        "The practice: 4 orders in a year, newest 30 to 120 days ago, is decline; the stretch by own rhythm is our own."
    )
    type = "LowCardinality(String)"
    expression = (
        "multiIf(purchases = 0, 'introduction',"
        f" {TODAY} - {day('bought.last_at')} > greatest({{lost_after_days:Float64}}, {{lost_gaps:Float64}} * {_RHYTHM}), 'lost',"
        f" arrayCount(one -> one > {day('bought.last_at')}"
        f" - greatest({{established_days:Int64}}, {{established_purchases:Int64}} * {_RHYTHM}), bought.days)"
        " < {established_purchases:Int64}, 'growth',"
        f" {TODAY} - {day('bought.last_at')} >= greatest({{decline_from_days:Float64}}, {{decline_gaps:Float64}} * {_RHYTHM}),"
        " 'decline', 'maturity')"
    )
    absent = "introduction"
    choices: ClassVar = STAGES

    def value(self, history: History, context: Context) -> Value:
        gaps = own_gaps(history, context)
        rhythm = int(lower_median(gaps)) if len(gaps) >= context.settings.rhythm_gaps else 0
        days = [one.toordinal() for one in context.purchase_days(history)]
        return stage(days, context.today.toordinal(), rhythm, context.settings)


class InGoldenWeeks(Feature):
    name = "in_golden_weeks"
    kind = "flag"
    title = Words("黄金两周内", "In the golden weeks")
    definition = Words(
        "首单后的头 14 天内（天数可设）：最容易引来第二单。",
        "Less than 14 days (a setting) since the first order, when a second one comes most easily.",
    )
    formula = "day(now) - day(first_order_at) < golden_days"
    source = "The practice: the golden two weeks."
    type = "UInt8"
    expression = f"bought.orders > 0 and {TODAY} - {day('bought.first_at')} < {{golden_days:Int64}}"

    def value(self, history: History, context: Context) -> Value:
        days = context.purchase_days(history)
        return int(bool(days) and (context.today - days[0]).days < context.settings.golden_days)


LIFECYCLE: tuple[Feature, ...] = (LifecycleStage(), InGoldenWeeks())
