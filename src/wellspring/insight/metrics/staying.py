"""Who stays and who comes back."""

from __future__ import annotations

from wellspring.insight.features.base import Words
from wellspring.insight.metrics.registry import Metric, Rate


class CohortSize(Metric):
    name = "cohort_size"
    title = Words("同期客户", "Customers")
    unit = "count"
    definition = Words(
        "在同一个周期（自然月，或周一到周日）里第一次下单、或第一次被添加的客户。",
        "Customers whose first order, or first add, lies in the same period (a calendar month, or Monday to Sunday).",
    )
    formula = "customers by the period of min(placed_at), or of the first friend_added"
    source = "warehouse: orders, or events"


class OrderRetention(Rate):
    name = "order_retention"
    title = Words("再次下单的比例", "Ordering again")
    definition = Words(
        "同期客户里，在首单之后第 k 个周期里又下过单的比例。每个周期单独看：第 2 个月没买、第 3 个月买了，第 3 个月算留下。",
        "Of the customers of a cohort, the share with an order in the k-th period after that of the first one. Each period by itself: who skips the second and buys in the third is there in the third.",
    )
    formula = "customers of the cohort with an order in period p + k / cohort_size"
    source = "warehouse: orders"


class FriendRetention(Rate):
    name = "friend_retention"
    title = Words("还是好友的比例", "Still friends")
    definition = Words(
        "同期客户里，到第 k 个周期结束时还至少有一段好友关系的比例。删了又加回来的算还在。",
        "Of the customers of a cohort, the share that is at least one staff member's friend at the end of the k-th period. Who left and came back is there.",
    )
    formula = (
        "customers of the cohort with more friendships begun than ended up to the end of period p + k / cohort_size"
    )
    source = "warehouse: events friend_added, friend_lost, friend_removed"


class Buyers(Metric):
    name = "buyers"
    title = Words("下单客户", "Buyers")
    unit = "count"
    definition = Words("窗口里至少下过 1 单的客户。", "Customers with at least 1 order in the window.")
    formula = "customers with count(orders in the window) >= 1"
    source = "warehouse: orders"


class RepeatBuyers(Metric):
    name = "repeat_buyers"
    title = Words("复购客户", "Repeat buyers")
    unit = "count"
    definition = Words("窗口里至少下过 2 单的客户。", "Customers with at least 2 orders in the window.")
    formula = "customers with count(orders in the window) >= 2"
    source = "warehouse: orders"


class RepurchaseRate(Rate):
    name = "repurchase_rate"
    title = Words("复购率", "Repurchase rate")
    definition = Words(
        "窗口里至少下过 2 单的客户，除以窗口里至少下过 1 单的客户。换一个窗口就是另一个数，所以总和窗口一起说。",
        "Customers with at least 2 orders in the window / customers with at least 1. Another window gives another figure, so it always stands with its window.",
    )
    formula = "repeat_buyers / buyers"
    source = "warehouse: orders"


class FirstTimeBuyers(Metric):
    name = "first_time_buyers"
    title = Words("首次下单的客户", "First-time buyers")
    unit = "count"
    definition = Words("一生中的第一单落在窗口里的客户。", "Customers whose first order ever lies in the window.")
    formula = "customers with min(placed_at) in the window"
    source = "warehouse: orders"


class SecondOrderWithin(Rate):
    name = "second_order_within"
    title = Words("n 天内下第二单的比例", "Second order within n days")
    definition = Words(
        "首次下单的客户里，首单后 n 天内（隔 n 个零点以内）下了第二单的比例。首单还不满 n 天、又还没下第二单的人按 Kaplan–Meier 估计处理：只在看得到的天数里算他，不当作没有复购。带 95% 区间。",
        "Of first-time buyers, the share with a second order within n days (midnights passed) of the first. Who has been a buyer for less than n days without a second order counts only for the days that were seen (Kaplan-Meier), and not as somebody who never came back. With its 95 % interval.",
    )
    formula = (
        "1 - product over days d <= n of (1 - second orders on day d / customers still without one and seen on day d)"
    )
    source = "warehouse: orders; E. L. Kaplan, P. Meier (1958); interval: Greenwood's variance on the log(-log) scale"


class AtRisk(Metric):
    name = "at_risk"
    title = Words("还在观察的客户", "Still seen")
    unit = "count"
    definition = Words(
        "到这一天还没下第二单、而且首单已满这么多天的客户。少于 30 位时后面的曲线靠不住。",
        "Customers without a second order up to that day whose first order is at least that many days ago. Below 30 the curve behind it can't be relied on.",
    )
    formula = "first-time buyers with days until second order, or until the end of the window, >= n"
    source = "warehouse: orders"


STAYING: tuple[Metric, ...] = (
    CohortSize(), OrderRetention(), FriendRetention(), Buyers(), RepeatBuyers(), RepurchaseRate(), FirstTimeBuyers(),
    SecondOrderWithin(), AtRisk(),
)  # fmt: skip
