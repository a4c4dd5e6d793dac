"""Customer service (微信客服): its accounts, who serves, and the links customers come by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import Field

from wellspring.wecom.calls.base import (
    Call,
    Caller,
    Effect,
    Reply,
    Wire,
    at_most_characters,
    at_most_items,
    required,
    without_none,
)
from wellspring.wecom.errors import BadArgument

NAME_CHARACTERS = 16
LIST_LIMIT = 100
USERS = 100
DEPARTMENTS_ADDED = 20
DEPARTMENTS_REMOVED = 100


class KfAccount(Wire):
    """`manage_privilege`: this app may change it."""

    open_kfid: str
    name: str = ""
    avatar: str = ""
    manage_privilege: bool = False


class KfAccountAdded(Reply):
    open_kfid: str


class KfAccountList(Reply):
    account_list: list[KfAccount] = Field(default_factory=list)


class KfLink(Reply):
    url: str


class ServicerChange(Wire):
    """Of a member or of a department. `errmsg`: success, or ignored for what is so already."""

    userid: str = ""
    department_id: int = 0
    errcode: int = 0
    errmsg: str = ""


class ServicerChanges(Reply):
    result_list: list[ServicerChange] = Field(default_factory=list)


class Servicer(Wire):
    """A member (`status`: 0 receiving, 1 not; `stop_type`: 0 stopped, 1 away for a while) or a department."""

    userid: str = ""
    department_id: int = 0
    status: int = 0
    stop_type: int = 0


class ServicerList(Reply):
    servicer_list: list[Servicer] = Field(default_factory=list)


ADD = Call("POST", "kf/account/add", KfAccountAdded, Effect.ONCE)
UPDATE = Call("POST", "kf/account/update", Reply, Effect.REPEATABLE)
DELETE = Call("POST", "kf/account/del", Reply, Effect.REPEATABLE)
LIST = Call("POST", "kf/account/list", KfAccountList)
# A link made again is another link to the same account; both work.
ADD_LINK = Call("POST", "kf/add_contact_way", KfLink, Effect.REPEATABLE)
ADD_SERVICERS = Call("POST", "kf/servicer/add", ServicerChanges, Effect.REPEATABLE)
REMOVE_SERVICERS = Call("POST", "kf/servicer/del", ServicerChanges, Effect.REPEATABLE)
SERVICERS = Call("GET", "kf/servicer/list", ServicerList)


class KfAccounts:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def add(self, name: str, media_id: str) -> str:
        """Answers the open_kfid. `media_id`: the picture. At most 5,000 per company, 10 of an unverified one
        (GiveUp too_many_kf_accounts)."""
        required("name", name)
        at_most_characters("name", name, NAME_CHARACTERS)
        required("media_id", media_id)
        return self._caller.call(ADD, body={"name": name, "media_id": media_id}).open_kfid

    def update(self, open_kfid: str, *, name: str | None = None, media_id: str | None = None) -> None:
        required("open_kfid", open_kfid)
        at_most_characters("name", name, NAME_CHARACTERS)
        self._caller.call(UPDATE, body=without_none(open_kfid=open_kfid, name=name, media_id=media_id))

    def delete(self, open_kfid: str) -> None:
        required("open_kfid", open_kfid)
        self._caller.call(DELETE, body={"open_kfid": open_kfid})

    def accounts(self) -> Iterator[KfAccount]:
        """Those that this app may use."""
        offset, more = 0, True
        while more:
            found = self._caller.call(LIST, body={"offset": offset, "limit": LIST_LIMIT}).account_list
            yield from found
            offset, more = offset + len(found), len(found) == LIST_LIMIT

    def link(self, open_kfid: str, scene: str | None = None) -> str:
        """Where customers enter; `scene` comes back in `enter_session`. `&scene_param=` may be appended, encoded."""
        required("open_kfid", open_kfid)
        return self._caller.call(ADD_LINK, body=without_none(open_kfid=open_kfid, scene=scene)).url

    def add_servicers(
        self, open_kfid: str, *, users: Sequence[str] = (), departments: Sequence[int] = ()
    ) -> list[ServicerChange]:
        """One answer each. At most 2,000 people and 20 departments per account."""
        return self._change(ADD_SERVICERS, open_kfid, users, departments, DEPARTMENTS_ADDED)

    def remove_servicers(
        self, open_kfid: str, *, users: Sequence[str] = (), departments: Sequence[int] = ()
    ) -> list[ServicerChange]:
        return self._change(REMOVE_SERVICERS, open_kfid, users, departments, DEPARTMENTS_REMOVED)

    def servicers(self, open_kfid: str) -> list[Servicer]:
        required("open_kfid", open_kfid)
        return self._caller.call(SERVICERS, query={"open_kfid": open_kfid}).servicer_list

    def _change(
        self,
        call: Call[ServicerChanges],
        open_kfid: str,
        users: Sequence[str],
        departments: Sequence[int],
        most_departments: int,
    ) -> list[ServicerChange]:
        required("open_kfid", open_kfid)
        if not users and not departments:
            raise BadArgument("userid_list", "neither members nor departments are given")
        at_most_items("userid_list", users, USERS)
        at_most_items("department_id_list", departments, most_departments)
        body = without_none(
            open_kfid=open_kfid, userid_list=list(users) or None, department_id_list=list(departments) or None
        )
        return self._caller.call(call, body=body).result_list
