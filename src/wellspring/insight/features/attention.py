"""How much of a customer's attention our messages have used."""

from __future__ import annotations

from typing import ClassVar

from wellspring.insight.features.base import EPOCH, Feature, Value, Words
from wellspring.insight.features.context import Context
from wellspring.insight.features.history import History
from wellspring.insight.features.sql import TODAY, day

STATES = {
    "fresh": Words("未被打扰", "Fresh"),
    "open": Words("有余地", "Open"),
    "tired": Words("已疲劳", "Tired"),
    "ignoring": Words("不再理会", "Ignoring"),
}


def _since(days: str, more: str = "1") -> str:
    return f"arrayCount(one -> {TODAY} - {day('one')} <= {{{days}:Int64}} and {more}, touched.at)"


class AttentionState(Feature):
    name = "attention_state"
    kind = "choice"
    title = Words("打扰状态", "Attention")
    definition = Words(
        "按送达的消息看：自上次主动行为后连续不理是不再理会，近期送达太多是已疲劳，少量是有余地，没有是未被打扰。",
        "By delivered messages: several since the customer's last own act are ignored, too many of late tire, a few leave room, none is fresh.",
    )
    formula = (
        "ignoring: >= ignoring_touches delivered within ignoring_days and after the newest order or own act;"
        " tired: >= tired_touches within tired_days; open: >= 1; fresh: none"
    )
    source = "The care policy: ignored touches lengthen the pause; the limits are settings of our own."
    type = "LowCardinality(String)"
    expression = (
        f"multiIf({_since('ignoring_days', 'one > greatest(bought.last_at, acts.last_at)')} >= {{ignoring_touches:Int64}},"
        f" 'ignoring', {_since('tired_days')} >= {{tired_touches:Int64}}, 'tired', {_since('tired_days')} > 0, 'open', 'fresh')"
    )
    absent = "fresh"
    choices: ClassVar = STATES

    def value(self, history: History, context: Context) -> Value:
        chosen = context.settings
        delivered = [one.at for one in history.touches if one.status == "delivered" and one.at <= context.now]
        acts = [order.placed_at for order in context.orders(history)]
        acts += [
            one.occurred_at for one in history.events if one.kind in context.own_acts and one.occurred_at <= context.now
        ]
        last = max(acts, default=EPOCH)
        unanswered = sum(at > last and context.days_ago(at) <= chosen.ignoring_days for at in delivered)
        if unanswered >= chosen.ignoring_touches:
            return "ignoring"
        recent = sum(context.days_ago(at) <= chosen.tired_days for at in delivered)
        if recent >= chosen.tired_touches:
            return "tired"
        return "open" if recent else "fresh"


ATTENTION: tuple[Feature, ...] = (AttentionState(),)
