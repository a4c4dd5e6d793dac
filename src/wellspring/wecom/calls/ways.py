"""Contact ways: a QR code or button that makes a customer the friend of one of several members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from wellspring.wecom.calls.base import (
    DAY,
    Call,
    Caller,
    Effect,
    Reply,
    Wire,
    at_most_characters,
    between,
    required,
    without_none,
)
from wellspring.wecom.calls.content import content_body
from wellspring.wecom.errors import BadArgument

MEMBERS = 100
REMARK_CHARACTERS = 30
STATE_CHARACTERS = 30
LIST_LIMIT = 1000
TEMPORARY_SECONDS = 14 * DAY


class ContactWay(Wire):
    """`type`: 1 one member, 2 several. `scene`: 1 button in a mini-program, 2 QR code. `state` comes back with
    every friend made through it. The last four are a temporary way's: seconds that its code and its session live, the
    one customer it is for, and what is said when the session closes."""

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
    mark_source: bool = True
    expires_in: int = 0
    chat_expires_in: int = 0
    unionid: str = ""
    conclusions: dict[str, Any] | None = None


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
# Made again, there is no session any more to close, and nothing is said twice.
CLOSE_TEMPORARY = Call("POST", "externalcontact/close_temp_chat", Reply, Effect.REPEATABLE)


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

    def add_temporary(
        self,
        user: str,
        *,
        expires_in: int | None = None,
        chat_expires_in: int | None = None,
        unionid: str | None = None,
        text: str | None = None,
        attachment: dict[str, Any] | None = None,
        remark: str | None = None,
        state: str | None = None,
    ) -> WayAdded:
        """A code that dies once used, for a session that ends by itself: medical companies only, else
        GiveUp(no_right). Seconds, at most 14 days each: `expires_in` of the code (default 7 days), `chat_expires_in` of
        the session (default a day). `text` and `attachment` (image, link or miniprogram) are said at the end."""
        required("user", user)
        _check(None, remark, state)
        between("expires_in", expires_in, 1, TEMPORARY_SECONDS)
        between("chat_expires_in", chat_expires_in, 1, TEMPORARY_SECONDS)
        body = without_none(
            type=1,
            scene=2,
            is_temp=True,
            user=[user],
            expires_in=expires_in,
            chat_expires_in=chat_expires_in,
            unionid=unionid,
            remark=remark,
            state=state,
            conclusions=_conclusions(text, attachment) if text or attachment else None,
        )
        return self._caller.call(ADD, body=body)

    def close_temporary_chat(self, *, userid: str, external_userid: str) -> None:
        """End a temporary session now; its conclusions are sent first."""
        required("userid", userid)
        required("external_userid", external_userid)
        self._caller.call(CLOSE_TEMPORARY, body={"userid": userid, "external_userid": external_userid})

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
        mark_source: bool | None = None,
        expires_in: int | None = None,
        chat_expires_in: int | None = None,
        unionid: str | None = None,
        conclusion_text: str | None = None,
        conclusion_attachment: dict[str, Any] | None = None,
    ) -> None:
        """`user` and `party` replace the lists there. From `expires_in` on: only of a temporary way that has not
        expired; text and attachment of the conclusions are replaced together."""
        required("config_id", config_id)
        _check(user, remark, state)
        between("expires_in", expires_in, 1, TEMPORARY_SECONDS)
        between("chat_expires_in", chat_expires_in, 1, TEMPORARY_SECONDS)
        conclusions = None
        if conclusion_text or conclusion_attachment:
            conclusions = _conclusions(conclusion_text, conclusion_attachment)
        changes: dict[str, Any] = without_none(
            user=user,
            party=party,
            remark=remark,
            skip_verify=skip_verify,
            state=state,
            style=style,
            mark_source=mark_source,
            expires_in=expires_in,
            chat_expires_in=chat_expires_in,
            unionid=unionid,
            conclusions=conclusions,
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


def _conclusions(text: str | None, attachment: dict[str, Any] | None) -> dict[str, Any]:
    """A text, and one attachment beside it under its own name."""
    body = content_body(text, [attachment] if attachment else None)
    if attachment:
        kind = attachment["msgtype"]
        if kind not in ("image", "link", "miniprogram"):
            raise BadArgument("conclusions", f"{kind}, must be image, link or miniprogram")
        body[kind] = body.pop("attachments")[0][kind]
    return body
