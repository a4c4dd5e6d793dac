"""Customer service (微信客服): sessions, what customers write, and answering.

A session's state: 0 new, 1 with the API, 2 in the queue, 3 with a member, 4 ended or not begun. A callback
`kf_msg_or_event` only nudges; what happened is pulled with `sync`.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from wellspring.wecom.calls.base import (
    Call,
    Caller,
    Effect,
    Page,
    Reply,
    Wire,
    at_most_bytes,
    between,
    one_of,
    required,
    without_none,
)
from wellspring.wecom.calls.kf_content import ON_EVENT, check_kf_message

NEW, API, QUEUE, MEMBER, ENDED = 0, 1, 2, 3, 4
SYNC_LIMIT = 1000
CURSOR_BYTES = 64
MSGID_BYTES = 32


class KfState(Reply):
    """`servicer_userid` in state 3."""

    service_state: int = ENDED
    servicer_userid: str = ""


class KfMoved(Reply):
    """`msg_code`: lets the app say one thing about the move, see `send_on_event`; not with every move."""

    msg_code: str = ""


class KfItem(Wire):
    """One thing that happened. `origin`: 3 the customer, 4 the system (msgtype event), 5 a servicer in the client.
    The body stands in `body`, under the msgtype on the wire. `send_time`: seconds."""

    msgid: str
    open_kfid: str = ""
    external_userid: str = ""
    send_time: int = 0
    origin: int = 0
    servicer_userid: str = ""
    msgtype: str = ""
    body: dict[str, Any] = Field(default_factory=dict)


class KfPage(Page):
    """`has_more` counts, not the length of the list. The cursor is kept per account for the next pull."""

    has_more: int = 0
    msg_list: list[dict[str, Any]] = Field(default_factory=list)

    @property
    def items(self) -> list[KfItem]:
        return [KfItem.model_validate({**one, "body": one.get(str(one.get("msgtype")))}) for one in self.msg_list]


class KfSent(Reply):
    msgid: str = ""


STATE = Call("POST", "kf/service_state/get", KfState)
# A move made again is refused, and the msg_code came with the first answer only.
MOVE = Call("POST", "kf/service_state/trans", KfMoved, Effect.ONCE)
SYNC = Call("POST", "kf/sync_msg", KfPage)
SEND = Call("POST", "kf/send_msg", KfSent, Effect.ONCE)
SEND_ON_EVENT = Call("POST", "kf/send_msg_on_event", KfSent, Effect.ONCE)


class KfMessages:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def state(self, open_kfid: str, external_userid: str) -> KfState:
        _check_pair(open_kfid, external_userid)
        return self._caller.call(STATE, body={"open_kfid": open_kfid, "external_userid": external_userid})

    def move(
        self, open_kfid: str, external_userid: str, service_state: int, *, servicer_userid: str | None = None
    ) -> KfMoved:
        """To state 1 to 4; 3 needs a servicer who is receiving. Raises GiveUp(kf_session_ended | not_a_kf_servicer |
        kf_state_move_refused | kf_servicer_stopped)."""
        _check_pair(open_kfid, external_userid)
        one_of("service_state", service_state, (API, QUEUE, MEMBER, ENDED))
        if service_state == MEMBER:
            required("servicer_userid", servicer_userid)
        body = without_none(
            open_kfid=open_kfid,
            external_userid=external_userid,
            service_state=service_state,
            servicer_userid=servicer_userid,
        )
        return self._caller.call(MOVE, body=body)

    def sync(
        self,
        open_kfid: str,
        *,
        cursor: str = "",
        token: str | None = None,
        limit: int = SYNC_LIMIT,
        voice_format: int | None = None,
    ) -> KfPage:
        """What happened since `cursor`, of the last three days; without one from the oldest. `token`: the callback's,
        good for ten minutes; without it few pulls a minute are allowed. `voice_format`: 0 amr, 1 silk. What this app
        sent itself is not in it. Pull on while `has_more`, even when the list is empty."""
        required("open_kfid", open_kfid)
        at_most_bytes("cursor", cursor, CURSOR_BYTES)
        between("limit", limit, 1, SYNC_LIMIT)
        one_of("voice_format", voice_format, (None, 0, 1))
        body = without_none(
            open_kfid=open_kfid, cursor=cursor or None, token=token, limit=limit, voice_format=voice_format
        )
        return self._caller.call(SYNC, body=body)

    def send(self, open_kfid: str, external_userid: str, message: dict[str, Any], *, msgid: str | None = None) -> str:
        """In states 0 and 1, at most five after each line of the customer and within 48 h of it. Raises
        GiveUp(kf_five_messages_used | kf_48_hours_over | kf_state_refuses_sending | kf_no_enquiry).

        `msgid`: an own one (at most 32 bytes, unique per account), so that a send repeated after a lost answer is
        refused and not delivered twice. Answers the msgid."""
        _check_pair(open_kfid, external_userid, "touser")
        check_kf_message(message)
        at_most_bytes("msgid", msgid, MSGID_BYTES)
        body = without_none(touser=external_userid, open_kfid=open_kfid, msgid=msgid)
        return self._caller.call(SEND, body={**body, **message}).msgid

    def send_on_event(self, code: str, message: dict[str, Any], *, msgid: str | None = None) -> str:
        """Once per code: a welcome_code within 20 s of entering, a msg_code within 48 h. Text or menu only."""
        required("code", code)
        check_kf_message(message, ON_EVENT)
        at_most_bytes("msgid", msgid, MSGID_BYTES)
        return self._caller.call(SEND_ON_EVENT, body={**without_none(code=code, msgid=msgid), **message}).msgid


def _check_pair(open_kfid: str, external_userid: str, name: str = "external_userid") -> None:
    required("open_kfid", open_kfid)
    required(name, external_userid)
