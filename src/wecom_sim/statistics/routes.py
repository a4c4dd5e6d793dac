"""Wire: what members did with customers, in numbers."""

from datetime import date, datetime, timedelta
from typing import Any

from wecom_sim.clock import SHANGHAI
from wecom_sim.days import day_of
from wecom_sim.errors import WireError
from wecom_sim.statistics.state import active_members, behaviour
from wecom_sim.wire import Call, post


@post("/cgi-bin/user/get_active_stat", source="4.1 directory [SK]")
def get_active_stat(call: Call) -> dict[str, Any]:
    """How many members were active on a day. Raises 40063, 40058."""
    settings, kernel = call.sim.kernel.settings, call.sim.kernel
    try:
        day = date.fromisoformat(call.text("date", missing=40063))
    except ValueError:
        raise WireError(40058, "date must be YYYY-MM-DD") from None
    today = datetime.fromtimestamp(kernel.clock.now(), SHANGHAI).date()
    if not today - timedelta(days=settings.active_stat_days) <= day <= today:
        raise WireError(40058, f"date must be one of the last {settings.active_stat_days} days")
    return {"active_cnt": len(active_members(kernel.ledger, day) & call.sim.directory.visible_userids(call.app))}


@post("/cgi-bin/externalcontact/get_user_behavior_data", right="contact", source="11 statistics [PQ 92132]")
def get_user_behavior_data(call: Call) -> dict[str, Any]:
    settings, directory = call.sim.kernel.settings, call.sim.directory
    users, parties = call.texts("userid"), call.numbers("partyid")
    if not users and not parties:
        raise WireError(40063, "userid and partyid are both empty")
    if max(len(users), len(parties)) > settings.behaviour_users_max:
        raise WireError(40058, "too many userids or partyids")
    for userid in users:
        directory.member_for(call.app, userid)
    for party in parties:
        directory.department_for(call.app, party)
    start, end = call.number("start_time", missing=40063), call.number("end_time", missing=40063)
    first, last = day_of(start), day_of(end)
    today = datetime.fromtimestamp(call.sim.kernel.clock.now(), SHANGHAI).date()
    oldest = today - timedelta(days=settings.statistic_back_days)
    if last < first or (last - first).days >= settings.statistic_days_max or first < oldest or last > today:
        raise WireError(40058, "at most 30 days of the last 180")
    everyone = dict.fromkeys([*users, *(one.userid for one in directory.expand(parties))])
    return {"behavior_data": behaviour(call.sim.contacts, call.sim.chats, list(everyone), first, last)}
