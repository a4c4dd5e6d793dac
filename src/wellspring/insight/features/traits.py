"""The four traits of a true private-domain user, from what can be seen of each."""

from __future__ import annotations

from wellspring.insight.features.base import Feature, Value, Words
from wellspring.insight.features.buying import spent
from wellspring.insight.features.context import Context
from wellspring.insight.features.history import History
from wellspring.insight.features.sql import TODAY, day

SOURCE = "The practice's four traits; what each is read from is our own and its limits are settings."


class _Trait(Feature):
    kind = "flag"
    type = "UInt8"
    source = SOURCE


class Reachable(_Trait):
    name = "reachable"
    title = Words("可触达", "Reachable")
    definition = Words(
        "是某位在职且可联系客户的员工的好友。", "A friend of a member who works here now and may contact customers."
    )
    formula = "at least one relationship with status friend to such a member"
    expression = "friendships.reachable > 0"

    def value(self, history: History, context: Context) -> Value:
        return int(
            any(
                one.status == "friend" and one.staff_id in context.contact_staff and one.added_at <= context.now
                for one in history.friendships
            )
        )


class Sticky(_Trait):
    name = "sticky"
    title = Words("有粘性", "Sticky")
    definition = Words(
        "近 90 天里至少有 2 天主动做过什么（下单、点击等；天数可设）。",
        "Did something of their own accord (an order, a click, ...) on at least 2 of the last 90 days; both are settings.",
    )
    formula = "different days with an order or an own act, within sticky_days, >= sticky_acts"
    expression = (
        "length(arrayDistinct(arrayConcat("
        f"arrayFilter(one -> {TODAY} - one <= {{sticky_days:Int64}}, bought.days),"
        f" arrayFilter(one -> {TODAY} - one <= {{sticky_days:Int64}}, acts.days)))) >= {{sticky_acts:Int64}}"
    )

    def value(self, history: History, context: Context) -> Value:
        instants = [order.placed_at for order in context.orders(history)]
        instants += [
            one.occurred_at for one in history.events if one.kind in context.own_acts and one.occurred_at <= context.now
        ]
        within = {context.day_of(one) for one in instants if context.days_ago(one) <= context.settings.sticky_days}
        return int(len(within) >= context.settings.sticky_acts)


class Trusting(_Trait):
    name = "trusting"
    title = Words("有信任", "Trusting")
    definition = Words(
        "留过手机号或购买过至少 2 次，且近 180 天没有删除过我们的员工。",
        "Left a mobile or made at least 2 purchases, and deleted nobody of our staff in the last 180 days.",
    )
    formula = "(has_mobile or purchases >= trusting_purchases) and no friendship ended by the customer within trusting_unhurt_days"
    expression = (
        "(c.has_mobile = 1 or length(bought.days) >= {trusting_purchases:Int64})"
        f" and {TODAY} - {day('friendships.hurt_at')} > {{trusting_unhurt_days:Int64}}"
    )

    def value(self, history: History, context: Context) -> Value:
        hurt = any(
            one.status == "lost"
            and one.added_at <= context.now
            and one.ended_at is not None
            and one.ended_at <= context.now
            and context.days_ago(one.ended_at) <= context.settings.trusting_unhurt_days
            for one in history.friendships
        )
        given = history.has_mobile or len(context.purchase_days(history)) >= context.settings.trusting_purchases
        return int(given and not hurt)


class Convertible(_Trait):
    name = "convertible"
    title = Words("可转化", "Convertible")
    definition = Words(
        "近 365 天下过单，且累计净消费为正。", "Ordered in the last 365 days, and spent more than was given back."
    )
    formula = "recency_days <= convertible_days and spent_ever > 0"
    expression = (
        f"bought.orders > 0 and {TODAY} - {day('bought.last_at')} <= {{convertible_days:Int64}}"
        " and bought.total - given_back.total > 0"
    )

    def value(self, history: History, context: Context) -> Value:
        days = context.purchase_days(history)
        recent = bool(days) and (context.today - days[-1]).days <= context.settings.convertible_days
        return int(recent and spent(history, context) > 0)


class Traits(Feature):
    name = "traits"
    kind = "count"
    title = Words("四特点满足数", "Traits that hold")
    definition = Words(
        "可触达、有粘性、有信任、可转化中满足几个；满 4 个是真正的私域用户。",
        "How many of the four traits hold; all four make a true private-domain user.",
    )
    formula = "reachable + sticky + trusting + convertible"
    source = SOURCE
    type = "UInt8"
    expression = "reachable + sticky + trusting + convertible"

    def value(self, history: History, context: Context) -> Value:
        return sum(bool(one.value(history, context)) for one in (Reachable(), Sticky(), Trusting(), Convertible()))


TRAITS: tuple[Feature, ...] = (Reachable(), Sticky(), Trusting(), Convertible(), Traits())
