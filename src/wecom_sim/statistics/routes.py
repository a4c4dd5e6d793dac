"""Wire: what members did with customers, in numbers."""

from datetime import datetime, timedelta
from typing import Any

from wecom_sim.clock import SHANGHAI
from wecom_sim.days import day_of
from wecom_sim.errors import WireError
from wecom_sim.statistics.state import behaviour
from wecom_sim.wire import Call, post


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
