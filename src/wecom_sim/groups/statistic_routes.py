"""Wire: daily figures of groups."""

from dataclasses import asdict
from typing import Any

from wecom_sim.clock import midnight
from wecom_sim.errors import WireError
from wecom_sim.groups.history import Figures
from wecom_sim.groups.routes import owner_filter
from wecom_sim.wire import Call, post

BASE = "/cgi-bin/externalcontact/groupchat/"
SOURCE = "7.1 groups, statistic [PQ 92133; GW]"
DAY = 86400
ORDERS = {1: "new_chat_cnt", 2: "chat_total", 3: "new_member_cnt", 4: "member_total"}


def _window(call: Call) -> tuple[int, int]:
    """First and last day, floored. Raises 40063; 600018 for days that can't be had (CODE)."""
    settings = call.sim.kernel.settings
    begin = midnight(call.number("day_begin_time", missing=40063))
    end = midnight(call.number("day_end_time", begin))
    today = midnight(call.sim.kernel.clock.now())
    if end < begin or end - begin >= settings.statistic_days_max * DAY:
        raise WireError(600018, f"the window must be 1 to {settings.statistic_days_max} days")
    if end >= today or begin < today - settings.statistic_back_days * DAY:
        raise WireError(600018, f"only yesterday and the {settings.statistic_back_days} days before can be had")
    return begin, end


@post(BASE + "statistic", right="contact", source=SOURCE)
def statistic(call: Call) -> dict[str, Any]:
    settings = call.sim.kernel.settings
    begin, end = _window(call)
    owners = owner_filter(call, required=True)
    order_by, ascending = call.number("order_by", 1), call.number("order_asc")
    offset, limit = call.number("offset"), call.number("limit", settings.group_statistic_default)
    if order_by not in ORDERS or ascending not in (0, 1) or offset < 0:
        raise WireError(40058, "order_by must be 1 to 4, order_asc 0 or 1, offset not negative")
    if not 1 <= limit <= settings.group_statistic_max:
        raise WireError(40058, f"limit must be 1 to {settings.group_statistic_max}")
    figures = call.sim.groups.history.figures(begin, end + DAY)
    found = sorted(owner for owner in owners if owner in figures)
    found.sort(key=lambda owner: getattr(figures[owner], ORDERS[order_by]), reverse=not ascending)
    page = found[offset : offset + limit]
    return {
        "total": len(found),
        "next_offset": min(offset + len(page), len(found)),
        "items": [{"owner": owner, "data": asdict(figures[owner])} for owner in page],
    }


@post(BASE + "statistic_group_by_day", right="contact", source=SOURCE)
def statistic_group_by_day(call: Call) -> dict[str, Any]:
    begin, end = _window(call)
    owners = owner_filter(call, required=True)
    items: list[dict[str, Any]] = []
    for day in range(begin, end + 1, DAY):
        figures = call.sim.groups.history.figures(day, day + DAY)
        total = Figures()
        for owner in owners:
            total.add(figures.get(owner, Figures()))
        items.append({"stat_time": day, "data": asdict(total)})
    return {"items": items}
