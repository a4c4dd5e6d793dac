"""Join ways: a QR code or button that brings a customer into one of up to five groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from wellspring.wecom.calls.base import (
    Call,
    Caller,
    Effect,
    Reply,
    Wire,
    at_most_characters,
    count_between,
    one_of,
    required,
    without_none,
)

CHATS = 5
REMARK_CHARACTERS = 30
STATE_CHARACTERS = 30
BASE_NAME_CHARACTERS = 40
BUTTON, QR_CODE = 1, 2


class JoinWay(Wire):
    """`scene`: 1 button in a mini-program, 2 QR code. A full group is followed by a new one when `auto_create_room`,
    named `room_base_name` and a number that runs from `room_base_id`."""

    config_id: str = ""
    scene: int = QR_CODE
    remark: str = ""
    auto_create_room: int = 1
    room_base_name: str = ""
    room_base_id: int = 1
    chat_id_list: list[str] = Field(default_factory=list)
    qr_code: str = ""
    state: str = ""
    mark_source: bool = True


class JoinWayAdded(Reply):
    config_id: str


class JoinWayReply(Reply):
    join_way: JoinWay


BASE = "externalcontact/groupchat"
ADD = Call("POST", f"{BASE}/add_join_way", JoinWayAdded, Effect.ONCE)
GET = Call("POST", f"{BASE}/get_join_way", JoinWayReply)
UPDATE = Call("POST", f"{BASE}/update_join_way", Reply, Effect.REPEATABLE)
DELETE = Call("POST", f"{BASE}/del_join_way", Reply, Effect.REPEATABLE)


class JoinWays:
    """An app manages only what it created; WeCom lists none of them, so the config_id must be kept."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def add(
        self,
        chat_ids: Sequence[str],
        *,
        scene: int = QR_CODE,
        remark: str | None = None,
        auto_create_room: bool | None = None,
        room_base_name: str | None = None,
        room_base_id: int | None = None,
        state: str | None = None,
        mark_source: bool | None = None,
    ) -> str:
        """Answers the config_id; the QR code comes with `get`. Raises GiveUp(no_such_group | too_many_contact_ways)."""
        body = _body(
            chat_ids,
            scene,
            remark=remark,
            auto_create_room=auto_create_room,
            room_base_name=room_base_name,
            room_base_id=room_base_id,
            state=state,
            mark_source=mark_source,
        )
        return self._caller.call(ADD, body=body).config_id

    def get(self, config_id: str) -> JoinWay:
        required("config_id", config_id)
        return self._caller.call(GET, body={"config_id": config_id}).join_way

    def update(
        self,
        config_id: str,
        chat_ids: Sequence[str],
        *,
        scene: int = QR_CODE,
        remark: str | None = None,
        auto_create_room: bool | None = None,
        room_base_name: str | None = None,
        room_base_id: int | None = None,
        state: str | None = None,
        mark_source: bool | None = None,
    ) -> None:
        """Replaces everything: what isn't given falls back to its default."""
        required("config_id", config_id)
        body = _body(
            chat_ids,
            scene,
            remark=remark,
            auto_create_room=auto_create_room,
            room_base_name=room_base_name,
            room_base_id=room_base_id,
            state=state,
            mark_source=mark_source,
        )
        self._caller.call(UPDATE, body={"config_id": config_id, **body})

    def delete(self, config_id: str) -> None:
        required("config_id", config_id)
        self._caller.call(DELETE, body={"config_id": config_id})


def _body(
    chat_ids: Sequence[str],
    scene: int,
    *,
    remark: str | None = None,
    auto_create_room: bool | None = None,
    room_base_name: str | None = None,
    room_base_id: int | None = None,
    state: str | None = None,
    mark_source: bool | None = None,
) -> dict[str, Any]:
    count_between("chat_id_list", chat_ids, 1, CHATS)
    one_of("scene", scene, (BUTTON, QR_CODE))
    at_most_characters("remark", remark, REMARK_CHARACTERS)
    at_most_characters("room_base_name", room_base_name, BASE_NAME_CHARACTERS)
    at_most_characters("state", state, STATE_CHARACTERS)
    return without_none(
        scene=scene,
        chat_id_list=list(chat_ids),
        remark=remark,
        auto_create_room=None if auto_create_room is None else int(auto_create_room),
        room_base_name=room_base_name,
        room_base_id=room_base_id,
        state=state,
        mark_source=mark_source,
    )
