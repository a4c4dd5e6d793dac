"""The metrics, by name. Those of the home page in the order in which they are shown."""

from wellspring.insight.metrics.base import Ask, Calendar, Figure, HomeMetric
from wellspring.insight.metrics.buying import BUYING
from wellspring.insight.metrics.friends import Losses, LossRate, NewFriends, TrueReach
from wellspring.insight.metrics.groups import GROUPS
from wellspring.insight.metrics.lifetime import LIFETIME
from wellspring.insight.metrics.registry import Average, Metric, Rate, Unit, metrics, register_metric
from wellspring.insight.metrics.staying import STAYING
from wellspring.insight.metrics.trade import Orders, Sales

__all__ = [
    "HOME",
    "Ask",
    "Average",
    "Calendar",
    "Figure",
    "HomeMetric",
    "Metric",
    "Rate",
    "Unit",
    "metrics",
    "register_metric",
]

HOME: tuple[HomeMetric, ...] = (TrueReach(), NewFriends(), Losses(), LossRate(), Orders(), Sales())

for _metric in (*HOME, *STAYING, *BUYING, *GROUPS, *LIFETIME):
    register_metric(_metric)
