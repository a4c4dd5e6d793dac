"""Customers and the members who have them: reading, remark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import Field

from wellspring.wecom.calls.base import (
    Call,
    Caller,
    Effect,
    Page,
    Reply,
    Wire,
    at_most_characters,
    count_between,
    pages,
    required,
    without_none,
)
from wellspring.wecom.errors import BadArgument

BATCH_USERS = 100
BATCH_LIMIT = 100
SERVED_LIMIT = 1000
REMARK_CHARACTERS = 20
DESCRIPTION_CHARACTERS = 150


class ExternalContact(Wire):
    """`type`: 1 WeChat, 2 WeCom. `gender`: 0 unknown, 1 male, 2 female. `unionid` only for type 1 with a bound
    developer account."""

    external_userid: str
    name: str = ""
    avatar: str = ""
    type: int = 1
    gender: int = 0
    unionid: str = ""
    position: str = ""
    corp_name: str = ""
    corp_full_name: str = ""


class FollowTag(Wire):
    """`type`: 1 corp tag, 2 the member's own (no id), 3 strategy tag."""

    group_name: str = ""
    tag_name: str = ""
    tag_id: str = ""
    type: int = 1


class WecomChannels(Wire):
    nickname: str = ""
    source: int = 0


class FollowInfo(Wire):
    """What one member has noted about one customer. `createtime`: seconds, when they became friends. `tag_id`:
    ids of corp and strategy tags, whichever call the answer came from. `add_way`: how they met, see the API's table."""

    userid: str
    remark: str = ""
    description: str = ""
    createtime: int = 0
    tags: list[FollowTag] = Field(default_factory=list)
    tag_id: list[str] = Field(default_factory=list)
    remark_corp_name: str = ""
    remark_mobiles: list[str] = Field(default_factory=list)
    add_way: int = 0
    oper_userid: str = ""
    state: str = ""
    wechat_channels: WecomChannels | None = None

    @property
    def corp_tag_ids(self) -> list[str]:
        return list(self.tag_id) or [tag.tag_id for tag in self.tags if tag.tag_id]


class FollowUserList(Reply):
    follow_user: list[str] = Field(default_factory=list)


class ExternalUserIds(Reply):
    external_userid: list[str] = Field(default_factory=list)


class CustomerDetail(Reply):
    """One customer with the members (in the app's scope) who have them; more than 500 come in pages."""

    external_contact: ExternalContact
    follow_user: list[FollowInfo] = Field(default_factory=list)
    next_cursor: str = ""


class CustomerEntry(Wire):
    """One pair of customer and member."""

    external_contact: ExternalContact
    follow_info: FollowInfo


class CustomerBatch(Reply):
    external_contact_list: list[CustomerEntry] = Field(default_factory=list)
    next_cursor: str = ""


class ServedContact(Wire):
    """Somebody whom a member serves or meets in a group. `tmp_openid` identifies the person within the company for a
    while. For a customer `external_userid` is there; for somebody in a group who is none, a masked `name`, `chat_id`
    and `chat_name`. `add_time`: seconds."""

    is_customer: bool = False
    tmp_openid: str = ""
    external_userid: str = ""
    name: str = ""
    follow_userid: str = ""
    chat_id: str = ""
    chat_name: str = ""
    add_time: int = 0


class ServedPage(Page):
    info_list: list[ServedContact] = Field(default_factory=list)


class RemarkReply(Reply):
    pass


FOLLOW_USERS = Call("GET", "externalcontact/get_follow_user_list", FollowUserList)
LIST = Call("GET", "externalcontact/list", ExternalUserIds)
GET = Call("GET", "externalcontact/get", CustomerDetail)
BATCH = Call("POST", "externalcontact/batch/get_by_user", CustomerBatch)
SERVED = Call("POST", "externalcontact/contact_list", ServedPage)
REMARK = Call("POST", "externalcontact/remark", RemarkReply, Effect.REPEATABLE)


class Customers:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def follow_users(self) -> list[str]:
        """Members with the customer-contact right, in the app's scope."""
        return self._caller.call(FOLLOW_USERS).follow_user

    def ids_of(self, userid: str) -> list[str]:
        required("userid", userid)
        return self._caller.call(LIST, query={"userid": userid}).external_userid

    def get(self, external_userid: str) -> CustomerDetail:
        """With all pages of follow users. Raises GiveUp(not_a_friend | not_a_customer) when nobody in scope has them."""
        required("external_userid", external_userid)
        first = self._caller.call(GET, query={"external_userid": external_userid})
        followers, cursor = list(first.follow_user), first.next_cursor
        while cursor:
            page = self._caller.call(GET, query={"external_userid": external_userid, "cursor": cursor})
            followers += page.follow_user
            cursor = page.next_cursor
        return first.model_copy(update={"follow_user": followers, "next_cursor": ""})

    def batch(self, userids: Sequence[str], cursor: str = "", limit: int = BATCH_LIMIT) -> CustomerBatch:
        """One page of the customers of up to 100 members; `next_cursor` is empty on the last."""
        count_between("userid_list", userids, 1, BATCH_USERS)
        if not 1 <= limit <= BATCH_LIMIT:
            raise BadArgument("limit", f"{limit}, must be 1 to {BATCH_LIMIT}")
        body = without_none(userid_list=list(userids), cursor=cursor or None, limit=limit)
        return self._caller.call(BATCH, body=body)

    def of_users(self, userids: Sequence[str]) -> Iterator[CustomerEntry]:
        """Every customer of any number of members, following the cursors."""
        for start in range(0, len(userids), BATCH_USERS):
            cursor, more = "", True
            while more:
                page = self.batch(userids[start : start + BATCH_USERS], cursor)
                yield from page.external_contact_list
                cursor, more = page.next_cursor, bool(page.next_cursor)

    def served(self) -> Iterator[ServedContact]:
        """Every external contact that members in scope serve, friends or only met in groups."""
        for page in pages(self._caller, SERVED, limit=SERVED_LIMIT):
            yield from page.info_list

    def remark(
        self,
        *,
        userid: str,
        external_userid: str,
        remark: str | None = None,
        description: str | None = None,
        remark_company: str | None = None,
        remark_mobiles: list[str] | None = None,
        remark_pic_mediaid: str | None = None,
    ) -> None:
        """At least one of the five; `remark_mobiles` replaces the list and [] clears it."""
        required("userid", userid)
        required("external_userid", external_userid)
        at_most_characters("remark", remark, REMARK_CHARACTERS)
        at_most_characters("description", description, DESCRIPTION_CHARACTERS)
        at_most_characters("remark_company", remark_company, REMARK_CHARACTERS)
        if remark_mobiles == []:
            remark_mobiles = [""]
        changes = without_none(
            remark=remark,
            description=description,
            remark_company=remark_company,
            remark_mobiles=remark_mobiles,
            remark_pic_mediaid=remark_pic_mediaid,
        )
        required("remark", changes)
        self._caller.call(REMARK, body={"userid": userid, "external_userid": external_userid, **changes})
