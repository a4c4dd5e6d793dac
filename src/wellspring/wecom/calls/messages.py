"""The welcome message, and mass messages with their tasks and results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import Field

from wellspring.wecom.calls.base import (
    Call,
    Caller,
    Effect,
    Page,
    Reply,
    Wire,
    at_most_seconds,
    count_between,
    one_of,
    pages,
    required,
    without_none,
)
from wellspring.wecom.calls.content import content_body
from wellspring.wecom.errors import BadArgument

RECIPIENTS = 10_000
GROUPS = 2_000
TAGS_PER_GROUP = 100
LIST_LIMIT = 100
PAGE_LIMIT = 1000
LIST_SECONDS = 31 * 86_400


class MassMessageAdded(Reply):
    """`fail_list`: customers who can't be sent to; the others are in the message."""

    msgid: str
    fail_list: list[str] = Field(default_factory=list)


class MassText(Wire):
    content: str = ""


class MassMessage(Wire):
    """`create_time`: seconds. `create_type`: 0 by the company, 1 by a member. `creator` is missing for the API's own."""

    msgid: str
    creator: str = ""
    create_time: int = 0
    create_type: int = 0
    text: MassText = MassText()
    attachments: list[dict[str, Any]] = Field(default_factory=list)


class MassMessageList(Page):
    group_msg_list: list[MassMessage] = Field(default_factory=list)


class MassTask(Wire):
    """One member's part of a mass message. `status`: 0 not confirmed, 2 sent. `send_time`: seconds."""

    userid: str
    status: int = 0
    send_time: int = 0


class MassTaskList(Page):
    task_list: list[MassTask] = Field(default_factory=list)


class MassResult(Wire):
    """What became of one customer's or group's message. `status`: 0 not sent, 1 sent, 2 not a friend any more, 3 has received
    too many already. `send_time`: seconds."""

    external_userid: str = ""
    chat_id: str = ""
    userid: str = ""
    status: int = 0
    send_time: int = 0


class MassResultList(Page):
    send_list: list[MassResult] = Field(default_factory=list)


WELCOME = Call("POST", "externalcontact/send_welcome_msg", Reply, Effect.ONCE)
ADD = Call("POST", "externalcontact/add_msg_template", MassMessageAdded, Effect.ONCE)
REMIND = Call("POST", "externalcontact/remind_groupmsg_send", Reply, Effect.ONCE)
CANCEL = Call("POST", "externalcontact/cancel_groupmsg_send", Reply, Effect.REPEATABLE)
LIST = Call("POST", "externalcontact/get_groupmsg_list_v2", MassMessageList)
TASKS = Call("POST", "externalcontact/get_groupmsg_task", MassTaskList)
RESULTS = Call("POST", "externalcontact/get_groupmsg_send_result", MassResultList)


class Messages:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def welcome(
        self, welcome_code: str, *, text: str | None = None, attachments: list[dict[str, Any]] | None = None
    ) -> None:
        """Within 20 s of the friendship, once. Raises GiveUp(welcome_code_expired | chat_already_started), and
        RetryLater while another app is sending its own."""
        required("welcome_code", welcome_code)
        self._caller.call(WELCOME, body={"welcome_code": welcome_code, **content_body(text, attachments)})

    def add(
        self,
        *,
        text: str | None = None,
        attachments: list[dict[str, Any]] | None = None,
        external_userids: list[str] | None = None,
        sender: str | None = None,
        chat_type: str = "single",
        chat_ids: list[str] | None = None,
        allow_select: bool | None = None,
        tag_groups: Sequence[Sequence[str]] | None = None,
    ) -> MassMessageAdded:
        """Make the task of a mass message; nothing is sent until the member confirms it. `single`: to customers, by
        `external_userids`, or all of `sender`'s, or those with one tag of each of `tag_groups`. `group`: to groups of
        `sender`, by `chat_ids`, or as the sender chooses."""
        if chat_type not in ("single", "group"):
            raise BadArgument("chat_type", f"{chat_type!r}, must be single or group")
        if external_userids is not None and len(external_userids) > RECIPIENTS:
            raise BadArgument("external_userid", f"{len(external_userids)} customers, at most {RECIPIENTS}")
        if chat_ids is not None and len(chat_ids) > GROUPS:
            raise BadArgument("chat_id_list", f"{len(chat_ids)} groups, at most {GROUPS}")
        if chat_type == "single" and not external_userids and not sender and not tag_groups:
            raise BadArgument("external_userid", "neither customers nor a sender nor tags are given")
        if chat_type == "group":
            required("sender", sender)
            if external_userids or tag_groups:
                raise BadArgument("external_userid", "a message to groups takes neither customers nor tags")
        for index, tags in enumerate(tag_groups or ()):
            count_between(f"tag_filter.group_list[{index}].tag_list", tags, 1, TAGS_PER_GROUP)
        tag_filter = {"group_list": [{"tag_list": list(tags)} for tags in tag_groups]} if tag_groups else None
        body = without_none(
            chat_type=chat_type,
            external_userid=external_userids,
            chat_id_list=chat_ids,
            sender=sender,
            allow_select=allow_select,
            tag_filter=tag_filter,
            **content_body(text, attachments),
        )
        return self._caller.call(ADD, body=body)

    def remind(self, msgid: str) -> None:
        """At most three times in 24 h for one message."""
        required("msgid", msgid)
        self._caller.call(REMIND, body={"msgid": msgid})

    def cancel(self, msgid: str) -> None:
        """What members have confirmed already stays sent."""
        required("msgid", msgid)
        self._caller.call(CANCEL, body={"msgid": msgid})

    def messages(
        self,
        *,
        start_time: int,
        end_time: int,
        chat_type: str = "single",
        filter_type: int | None = None,
        creator: str | None = None,
    ) -> Iterator[MassMessage]:
        """Messages created in the window (seconds, at most a month). `filter_type`: 0 company's, 1 members', 2 all;
        `creator`: of this member only."""
        at_most_seconds("end_time", start_time, end_time, LIST_SECONDS)
        one_of("chat_type", chat_type, ("single", "group"))
        for page in pages(
            self._caller,
            LIST,
            chat_type=chat_type,
            start_time=start_time,
            end_time=end_time,
            filter_type=filter_type,
            creator=creator,
            limit=LIST_LIMIT,
        ):
            yield from page.group_msg_list

    def tasks(self, msgid: str) -> Iterator[MassTask]:
        """Raises RetryLater (41063) while the message is still being dispatched."""
        required("msgid", msgid)
        for page in pages(self._caller, TASKS, msgid=msgid, limit=PAGE_LIMIT):
            yield from page.task_list

    def results(self, msgid: str, userid: str) -> Iterator[MassResult]:
        """Per customer of one member's task."""
        required("msgid", msgid)
        required("userid", userid)
        for page in pages(self._caller, RESULTS, msgid=msgid, userid=userid, limit=PAGE_LIMIT):
            yield from page.send_list
