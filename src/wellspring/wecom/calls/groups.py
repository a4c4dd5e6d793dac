"""Customer groups: reading them, and their daily figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import Field

from wellspring.wecom.calls.base import (
    Call,
    Caller,
    Page,
    Reply,
    Wire,
    at_most_days,
    at_most_items,
    count_between,
    one_of,
    pages,
    required,
    without_none,
)

OWNERS = 100
LIST_LIMIT = 1000
STATISTIC_LIMIT = 1000
ORDERS = (1, 2, 3, 4)


class GroupStatus(Wire):
    """`status`: 0 normal, 1 the owner left the company, 2 being handed over, 3 handed over."""

    chat_id: str
    status: int = 0


class GroupPage(Page):
    group_chat_list: list[GroupStatus] = Field(default_factory=list)


class Userid(Wire):
    userid: str


class WecomGroupMember(Wire):
    """`type`: 1 member, 2 external (`userid` is the external_userid then). `join_scene`: 1 invited, 2 by an invitation
    link, 3 by QR code. `name` only when asked for; `state`: the join way's."""

    userid: str
    type: int = 1
    unionid: str = ""
    join_time: int = 0
    join_scene: int = 0
    invitor: Userid | None = None
    group_nickname: str = ""
    name: str = ""
    state: str = ""


class WecomGroup(Wire):
    """`create_time`: seconds. `member_version` changes with the members."""

    chat_id: str
    name: str = ""
    owner: str = ""
    create_time: int = 0
    notice: str = ""
    member_list: list[WecomGroupMember] = Field(default_factory=list)
    admin_list: list[Userid] = Field(default_factory=list)
    member_version: str = ""


class GroupReply(Reply):
    group_chat: WecomGroup


class ChatIdReply(Reply):
    chat_id: str


class GroupFigures(Wire):
    new_chat_cnt: int = 0
    chat_total: int = 0
    chat_has_msg: int = 0
    new_member_cnt: int = 0
    member_total: int = 0
    member_has_msg: int = 0
    msg_total: int = 0
    migrate_trainee_chat_cnt: int = 0


class OwnerFigures(Wire):
    owner: str
    data: GroupFigures = GroupFigures()


class OwnerStatistic(Reply):
    total: int = 0
    next_offset: int = 0
    items: list[OwnerFigures] = Field(default_factory=list)


class DayFigures(Wire):
    """`stat_time`: midnight in Shanghai, seconds."""

    stat_time: int
    data: GroupFigures = GroupFigures()


class DayStatistic(Reply):
    items: list[DayFigures] = Field(default_factory=list)


BASE = "externalcontact/groupchat"
LIST = Call("POST", f"{BASE}/list", GroupPage)
GET = Call("POST", f"{BASE}/get", GroupReply)
TO_CHAT_ID = Call("POST", "externalcontact/opengid_to_chatid", ChatIdReply)
BY_OWNER = Call("POST", f"{BASE}/statistic", OwnerStatistic)
BY_DAY = Call("POST", f"{BASE}/statistic_group_by_day", DayStatistic)


class Groups:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def statuses(self, *, owners: Sequence[str] = (), status_filter: int = 0) -> Iterator[GroupStatus]:
        """Every group of up to 100 owners, or of all in scope (refused with 81017 when those are more than 1,000).
        `status_filter`: 0 all, 1 the owner left, 2 being handed over, 3 handed over."""
        one_of("status_filter", status_filter, (0, 1, 2, 3))
        at_most_items("owner_filter.userid_list", owners, OWNERS)
        chosen = {"userid_list": list(owners)} if owners else None
        for page in pages(self._caller, LIST, status_filter=status_filter, owner_filter=chosen, limit=LIST_LIMIT):
            yield from page.group_chat_list

    def page(self, owners: Sequence[str] = (), cursor: str = "") -> GroupPage:
        """One page of the groups of up to 100 owners, or of all in scope; `next_cursor` is empty on the last."""
        at_most_items("owner_filter.userid_list", owners, OWNERS)
        chosen = {"userid_list": list(owners)} if owners else None
        body = without_none(owner_filter=chosen, cursor=cursor or None, limit=LIST_LIMIT)
        return self._caller.call(LIST, body=body)

    def get(self, chat_id: str, *, need_name: bool = True) -> WecomGroup:
        """About two seconds behind a change. Raises GiveUp(no_such_group) for one that was dismissed."""
        required("chat_id", chat_id)
        return self._caller.call(GET, body={"chat_id": chat_id, "need_name": int(need_name)}).group_chat

    def chat_id_of(self, opengid: str) -> str:
        """The group of an opengid, which a mini-program opened in it learns. Raises GiveUp(no_such_group)."""
        required("opengid", opengid)
        return self._caller.call(TO_CHAT_ID, body={"opengid": opengid}).chat_id

    def statistic_by_owner(
        self,
        owners: Sequence[str],
        *,
        day_begin_time: int,
        day_end_time: int,
        order_by: int = 1,
        ascending: bool = False,
    ) -> Iterator[OwnerFigures]:
        """Over whole days, both included: at most 30 of the last 180, from yesterday back. `order_by`: 1 new groups,
        2 groups, 3 new members, 4 members."""
        one_of("order_by", order_by, ORDERS)
        body = self._window(owners, day_begin_time, day_end_time)
        body |= {"order_by": order_by, "order_asc": int(ascending), "limit": STATISTIC_LIMIT}
        offset, more = 0, True
        while more:
            answer = self._caller.call(BY_OWNER, body={**body, "offset": offset})
            yield from answer.items
            more = offset < answer.next_offset < answer.total
            offset = answer.next_offset

    def statistic_by_day(self, owners: Sequence[str], *, day_begin_time: int, day_end_time: int) -> list[DayFigures]:
        """The same window, one row a day for all these owners together."""
        return self._caller.call(BY_DAY, body=self._window(owners, day_begin_time, day_end_time)).items

    @staticmethod
    def _window(owners: Sequence[str], begin: int, end: int) -> dict[str, Any]:
        count_between("owner_filter.userid_list", owners, 1, OWNERS)
        at_most_days("day_end_time", begin, end)
        return without_none(owner_filter={"userid_list": list(owners)}, day_begin_time=begin, day_end_time=end)
