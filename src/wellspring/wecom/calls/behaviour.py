"""What members did with customers, in numbers."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from wellspring.wecom.calls.base import Call, Caller, Reply, Wire, at_most_days, at_most_items, without_none
from wellspring.wecom.errors import BadArgument

MEMBERS = 100
DEPARTMENTS = 100


class BehaviourDay(Wire):
    """`stat_time`: midnight in Shanghai, seconds. `reply_percentage` (0 to 100) and `avg_reply_time` (minutes) are None
    on days without a chat that a customer began."""

    stat_time: int
    new_apply_cnt: int = 0
    new_contact_cnt: int = 0
    chat_cnt: int = 0
    message_cnt: int = 0
    reply_percentage: float | None = None
    avg_reply_time: float | None = None
    negative_feedback_cnt: int = 0


class BehaviourReply(Reply):
    behavior_data: list[BehaviourDay] = Field(default_factory=list)


GET = Call("POST", "externalcontact/get_user_behavior_data", BehaviourReply)


class Behaviour:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def days(
        self, *, users: Sequence[str] = (), departments: Sequence[int] = (), start_time: int, end_time: int
    ) -> list[BehaviourDay]:
        """One row a day for all these members together; at most 30 days of the last 180, both ends included."""
        if not users and not departments:
            raise BadArgument("userid", "neither members nor departments are given")
        at_most_items("userid", users, MEMBERS)
        at_most_items("partyid", departments, DEPARTMENTS)
        at_most_days("end_time", start_time, end_time)
        body = without_none(
            userid=list(users) or None, partyid=list(departments) or None, start_time=start_time, end_time=end_time
        )
        return self._caller.call(GET, body=body).behavior_data
