"""Contact ways: a QR code or button that makes a customer the friend of one of several members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from wellspring.wecom.calls.base import (
    Call,
    Caller,
    Effect,
    Reply,
    Wire,
    at_most_characters,
    required,
    without_none,
)
from wellspring.wecom.errors import BadArgument

MEMBERS = 100
REMARK_CHARACTERS = 30
STATE_CHARACTERS = 30
LIST_LIMIT = 1000


class ContactWay(Wire):
    """`type`: 1 one member, 2 several. `scene`: 1 button in a mini-program, 2 QR code. `state` comes back with
    every friend made through it."""

    config_id: str = ""
    type: int = 2
    scene: int = 2
    style: int = 0
    remark: str = ""
    skip_verify: bool = True
    state: str = ""
    qr_code: str = ""
    user: list[str] = Field(default_factory=list)
    party: list[int] = Field(default_factory=list)
    is_temp: bool = False
    is_exclusive: bool = False


class WayAdded(Reply):
    config_id: str
    qr_code: str = ""


class WayReply(Reply):
    contact_way: ContactWay


class WayId(Wire):
    config_id: str


class WayList(Reply):
    contact_way: list[WayId] = Field(default_factory=list)
    next_cursor: str = ""


ADD = Call("POST", "externalcontact/add_contact_way", WayAdded, Effect.ONCE)
GET = Call("POST", "externalcontact/get_contact_way", WayReply)
LIST = Call("POST", "externalcontact/list_contact_way", WayList)
UPDATE = Call("POST", "externalcontact/update_contact_way", Reply, Effect.REPEATABLE)
DELETE = Call("POST", "externalcontact/del_contact_way", Reply, Effect.REPEATABLE)


class ContactWays:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def add(
        self,
        *,
        type: int,
        scene: int,
        user: list[str] | None = None,
        party: list[int] | None = None,
        remark: str | None = None,
        skip_verify: bool = True,
        state: str | None = None,
        style: int | None = None,
        is_exclusive: bool | None = None,
        mark_source: bool | None = None,
    ) -> WayAdded:
        if type not in (1, 2):
            raise BadArgument("type", f"{type}, must be 1 (one member) or 2 (several)")
        if scene not in (1, 2):
            raise BadArgument("scene", f"{scene}, must be 1 (mini-program) or 2 (QR code)")
        if type == 1 and (len(user or []) != 1 or party):
            raise BadArgument("user", "type 1 takes exactly one member and no department")
        if type == 2 and not user and not party:
            raise BadArgument("user", "neither user nor party is given")
        _check(user, remark, state)
        body = without_none(
            type=type,
            scene=scene,
            user=user,
            party=party,
            remark=remark,
            skip_verify=skip_verify,
            state=state,
            style=style,
            is_exclusive=is_exclusive,
            mark_source=mark_source,
        )
        return self._caller.call(ADD, body=body)

    def get(self, config_id: str) -> ContactWay:
        required("config_id", config_id)
        return self._caller.call(GET, body={"config_id": config_id}).contact_way

    def ids(self, *, start_time: int | None = None, end_time: int | None = None) -> Iterator[str]:
        """Of ways created in the window (seconds; default: the last 90 days), following the cursor. Temporary ones
        and those from before July 2021 are never listed."""
        cursor, more = "", True
        while more:
            body = without_none(start_time=start_time, end_time=end_time, cursor=cursor or None, limit=LIST_LIMIT)
            page = self._caller.call(LIST, body=body)
            yield from (way.config_id for way in page.contact_way)
            cursor, more = page.next_cursor, bool(page.next_cursor)

    def update(
        self,
        config_id: str,
        *,
        user: list[str] | None = None,
        party: list[int] | None = None,
        remark: str | None = None,
        skip_verify: bool | None = None,
        state: str | None = None,
        style: int | None = None,
    ) -> None:
        """`user` and `party` replace the lists there."""
        required("config_id", config_id)
        _check(user, remark, state)
        changes: dict[str, Any] = without_none(
            user=user, party=party, remark=remark, skip_verify=skip_verify, state=state, style=style
        )
        self._caller.call(UPDATE, body={"config_id": config_id, **changes})

    def delete(self, config_id: str) -> None:
        required("config_id", config_id)
        self._caller.call(DELETE, body={"config_id": config_id})


def _check(user: list[str] | None, remark: str | None, state: str | None) -> None:
    at_most_characters("remark", remark, REMARK_CHARACTERS)
    at_most_characters("state", state, STATE_CHARACTERS)
    if user is not None and len(user) > MEMBERS:
        raise BadArgument("user", f"{len(user)} members, at most {MEMBERS}")
