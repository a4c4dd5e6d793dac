"""How many mass messages a customer may receive (reference, 9.1; the rule changed over the years)."""

import calendar
from datetime import datetime, timedelta

from wecom_sim.clock import SHANGHAI
from wecom_sim.settings import MassCap


def _start_and_limit(cap: MassCap, now: datetime) -> tuple[datetime, int]:
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if cap == "day1":
        return day, 1
    if cap == "week7":
        return day - timedelta(days=day.weekday()), 7
    month = day.replace(day=1)
    return month, 4 if cap == "month4" else calendar.monthrange(now.year, now.month)[1]


def cap_reached(cap: MassCap, received: list[float], now: datetime) -> bool:
    """Whether one more would be too many. `received`: Unix seconds of those delivered; `now` in Asia/Shanghai.

    month: as many a calendar month as it has days; week7: 7 a calendar week; day1: 1 a day; month4: 4 a month.
    """
    if cap == "off":
        return False
    start, limit = _start_and_limit(cap, now.astimezone(SHANGHAI))
    return sum(1 for at in received if at >= start.timestamp()) >= limit
