"""Acquisition links: a customer who opens one adds a member of its range and uses up quota that the company bought.

Only a self-built app may call these; the system secret of customer contact is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from pydantic import Field

from wellspring.wecom.calls.base import (
    Call,
    Caller,
    Effect,
    Page,
    Reply,
    Wire,
    at_most_bytes,
    at_most_days,
    at_most_items,
    one_of,
    pages,
    required,
    without_none,
)
from wellspring.wecom.errors import BadArgument

MEMBERS = 500
CHANNEL_BYTES = 64
LIST_LIMIT = 100
CUSTOMER_LIMIT = 1000
ANYWHERE, AMONG_GIVEN = 1, 2


class AcquisitionLink(Wire):
    """`create_time`: seconds. `link_id` comes from create only."""

    link_id: str = ""
    link_name: str = ""
    url: str = ""
    create_time: int = 0
    skip_verify: bool = True
    mark_source: bool = True


class LinkRange(Wire):
    user_list: list[str] = Field(default_factory=list)
    department_list: list[int] = Field(default_factory=list)


class PriorityOption(Wire):
    """Who is preferred when they already are the customer's friend. `priority_type`: 1 anybody in the company, 2 one
    of `priority_userid_list`."""

    priority_type: int = 0
    priority_userid_list: list[str] = Field(default_factory=list)


class LinkDetail(Reply):
    link: AcquisitionLink
    range: LinkRange = LinkRange()
    priority_option: PriorityOption | None = None


class LinkAdded(Reply):
    link: AcquisitionLink


class LinkIds(Page):
    link_id_list: list[str] = Field(default_factory=list)


class LinkCustomer(Wire):
    """`chat_status`: 0 nothing written yet, 1 the customer wrote, 2 unknown. `state`: the link's customer_channel."""

    external_userid: str
    userid: str = ""
    chat_status: int = 2
    state: str = ""


class LinkCustomers(Page):
    customer_list: list[LinkCustomer] = Field(default_factory=list)


class QuotaBatch(Wire):
    """`expire_date`: seconds."""

    expire_date: int = 0
    balance: int = 0


class AcquisitionQuota(Reply):
    """`total`: all that was ever bought."""

    total: int = 0
    balance: int = 0
    quota_list: list[QuotaBatch] = Field(default_factory=list)


class LinkStatistic(Reply):
    click_link_customer_cnt: int = 0
    new_customer_cnt: int = 0


class ChatCounts(Wire):
    recv_msg_cnt: int = 0
    link_id: str = ""
    state: str = ""


class ChatInfo(Reply):
    userid: str = ""
    external_userid: str = ""
    chat_info: ChatCounts = ChatCounts()


BASE = "externalcontact/customer_acquisition"
LIST = Call("POST", f"{BASE}/list_link", LinkIds)
GET = Call("POST", f"{BASE}/get", LinkDetail)
CREATE = Call("POST", f"{BASE}/create_link", LinkAdded, Effect.ONCE)
UPDATE = Call("POST", f"{BASE}/update_link", Reply, Effect.REPEATABLE)
DELETE = Call("POST", f"{BASE}/delete_link", Reply, Effect.REPEATABLE)
CUSTOMERS = Call("POST", f"{BASE}/customer", LinkCustomers)
QUOTA = Call("GET", "externalcontact/customer_acquisition_quota", AcquisitionQuota)
STATISTIC = Call("POST", f"{BASE}/statistic", LinkStatistic)
CHAT_INFO = Call("POST", f"{BASE}/get_chat_info", ChatInfo)


def with_channel(url: str, channel: str) -> str:
    """The link with `channel` as the `state` of the customers who come by it; WeCom would cut at 64 bytes."""
    at_most_bytes("customer_channel", channel, CHANNEL_BYTES)
    return f"{url}{'&' if '?' in url else '?'}customer_channel={quote(channel, safe='')}"


def as_scheme(url: str) -> str:
    """The form that opens the page inside WeChat from a browser or an app."""
    return f"weixin://biz/ww/profile/{quote(url, safe='')}"


class AcquisitionLinks:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def ids(self) -> Iterator[str]:
        """Links that are valid and were made by this app."""
        for page in pages(self._caller, LIST, limit=LIST_LIMIT):
            yield from page.link_id_list

    def get(self, link_id: str) -> LinkDetail:
        required("link_id", link_id)
        return self._caller.call(GET, body={"link_id": link_id})

    def create(
        self,
        link_name: str,
        *,
        users: Sequence[str] = (),
        departments: Sequence[int] = (),
        skip_verify: bool | None = None,
        priority: PriorityOption | None = None,
        mark_source: bool | None = None,
    ) -> AcquisitionLink:
        """At most 500 people in all. Raises GiveUp(too_many_acquisition_links)."""
        required("link_name", link_name)
        body = without_none(
            link_name=link_name,
            range=_range(users, departments),
            skip_verify=skip_verify,
            priority_option=_priority(priority),
            mark_source=mark_source,
        )
        return self._caller.call(CREATE, body=body).link

    def update(
        self,
        link_id: str,
        *,
        link_name: str | None = None,
        users: Sequence[str] | None = None,
        departments: Sequence[int] | None = None,
        skip_verify: bool | None = None,
        priority: PriorityOption | None = None,
        mark_source: bool | None = None,
    ) -> None:
        """Members and departments are replaced together: giving one of them empties the other."""
        required("link_id", link_id)
        given = users is not None or departments is not None
        changes = without_none(
            link_name=link_name,
            range=_range(users or (), departments or ()) if given else None,
            skip_verify=skip_verify,
            priority_option=_priority(priority),
            mark_source=mark_source,
        )
        self._caller.call(UPDATE, body={"link_id": link_id, **changes})

    def delete(self, link_id: str) -> None:
        required("link_id", link_id)
        self._caller.call(DELETE, body={"link_id": link_id})

    def customers(self, link_id: str) -> Iterator[LinkCustomer]:
        """Everybody who came by it."""
        required("link_id", link_id)
        for page in pages(self._caller, CUSTOMERS, link_id=link_id, limit=CUSTOMER_LIMIT):
            yield from page.customer_list

    def quota(self) -> AcquisitionQuota:
        return self._caller.call(QUOTA)

    def statistic(self, link_id: str, *, start_time: int, end_time: int) -> LinkStatistic:
        """Over whole days, both included, at most 30 of the last 180 (seconds)."""
        required("link_id", link_id)
        at_most_days("end_time", start_time, end_time)
        return self._caller.call(STATISTIC, body={"link_id": link_id, "start_time": start_time, "end_time": end_time})

    def chat_info(self, chat_key: str) -> ChatInfo:
        """Of the ChatKey in a `message_from_customer` event, which lives 30 minutes."""
        required("chat_key", chat_key)
        return self._caller.call(CHAT_INFO, body={"chat_key": chat_key})


def _range(users: Sequence[str], departments: Sequence[int]) -> dict[str, Any]:
    if not users and not departments:
        raise BadArgument("range", "neither members nor departments are given")
    at_most_items("range.user_list", users, MEMBERS)
    return {"user_list": list(users), "department_list": list(departments)}


def _priority(option: PriorityOption | None) -> dict[str, Any] | None:
    if option is None:
        return None
    one_of("priority_option.priority_type", option.priority_type, (ANYWHERE, AMONG_GIVEN))
    if option.priority_type == AMONG_GIVEN:
        required("priority_option.priority_userid_list", option.priority_userid_list)
    return option.model_dump()
