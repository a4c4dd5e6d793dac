"""The metrics of the home page, by name, in the order in which they are shown."""

from wellspring.insight.metrics.base import Ask, Calendar, Figure, Metric, metrics, register_metric
from wellspring.insight.metrics.friends import Losses, LossRate, NewFriends, TrueReach
from wellspring.insight.metrics.trade import Orders, Sales

__all__ = ["Ask", "Calendar", "Figure", "Metric", "metrics", "register_metric"]

for _metric in (TrueReach(), NewFriends(), Losses(), LossRate(), Orders(), Sales()):
    register_metric(_metric)
