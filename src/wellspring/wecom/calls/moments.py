"""Moments (客户朋友圈): the company makes one, members publish it, customers see, like and comment.

Media ids come from `Uploads.attachment(..., attachment_type=1)`; those of an ordinary upload are refused (media_gone).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import Field

from wellspring.wecom.calls.base import (
    DAY,
    Call,
    Caller,
    Effect,
    Page,
    Reply,
    Wire,
    at_most_bytes,
    at_most_characters,
    at_most_items,
    at_most_seconds,
    one_of,
    pages,
    required,
    without_none,
)
from wellspring.wecom.errors import BadArgument

TEXT_CHARACTERS = 2000
IMAGES = 9
LINK_TITLE_BYTES = 64
SENDERS = 100_000
LIST_SECONDS = 30 * DAY
LIST_LIMIT = 20
TASK_LIMIT = 1000
SEEN_LIMIT = 5000
STARTED, RUNNING, FINISHED = 1, 2, 3


class MomentJob(Reply):
    """`jobid`: valid for 24 h."""

    jobid: str


class InvalidSenders(Wire):
    user_list: list[str] = Field(default_factory=list)
    department_list: list[int] = Field(default_factory=list)


class InvalidTags(Wire):
    tag_list: list[str] = Field(default_factory=list)


class MomentResult(Wire):
    """`errcode`: of the job itself, 0 when the moment was made."""

    errcode: int = 0
    errmsg: str = ""
    moment_id: str = ""
    invalid_sender_list: InvalidSenders = InvalidSenders()
    invalid_external_contact_list: InvalidTags = InvalidTags()


class MomentJobResult(Reply):
    """`status`: 1 started, 2 running, 3 finished; `result` is complete then only."""

    status: int = STARTED
    type: str = ""
    result: MomentResult = MomentResult()


class MomentText(Wire):
    content: str = ""


class Moment(Wire):
    """`create_time`: seconds. `create_type`: 0 the company's, 1 a member's own (`creator`). `visible_type`: 0 to some, 1
    to all."""

    moment_id: str
    creator: str = ""
    create_time: int = 0
    create_type: int = 0
    visible_type: int = 1
    text: MomentText = MomentText()
    image: list[dict[str, Any]] = Field(default_factory=list)
    video: dict[str, Any] | None = None
    link: dict[str, Any] | None = None
    location: dict[str, Any] | None = None


class MomentPage(Page):
    moment_list: list[Moment] = Field(default_factory=list)


class MomentTask(Wire):
    """`publish_status`: 0 not yet, 1 published."""

    userid: str
    publish_status: int = 0


class MomentTasks(Page):
    task_list: list[MomentTask] = Field(default_factory=list)


class MomentCustomer(Wire):
    external_userid: str
    userid: str = ""


class MomentCustomers(Page):
    customer_list: list[MomentCustomer] = Field(default_factory=list)


class MomentReaction(Wire):
    """By a customer (`external_userid`) or a member (`userid`). `create_time`: seconds."""

    external_userid: str = ""
    userid: str = ""
    create_time: int = 0


class MomentReactions(Reply):
    comment_list: list[MomentReaction] = Field(default_factory=list)
    like_list: list[MomentReaction] = Field(default_factory=list)


ADD = Call("POST", "externalcontact/add_moment_task", MomentJob, Effect.ONCE)
RESULT = Call("GET", "externalcontact/get_moment_task_result", MomentJobResult)
CANCEL = Call("POST", "externalcontact/cancel_moment_task", Reply, Effect.REPEATABLE)
LIST = Call("POST", "externalcontact/get_moment_list", MomentPage)
TASKS = Call("POST", "externalcontact/get_moment_task", MomentTasks)
CUSTOMERS = Call("POST", "externalcontact/get_moment_customer_list", MomentCustomers)
SEEN = Call("POST", "externalcontact/get_moment_send_result", MomentCustomers)
REACTIONS = Call("POST", "externalcontact/get_moment_comments", MomentReactions)


class Moments:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def add(
        self,
        *,
        text: str | None = None,
        attachments: list[dict[str, Any]] | None = None,
        users: Sequence[str] = (),
        departments: Sequence[int] = (),
        tags: Sequence[str] = (),
    ) -> str:
        """Begin to make a moment; answers the jobid for `result`. Nothing is shown until members publish it.

        `attachments`: up to nine image{media_id}, or one video{media_id}, or one link{url, media_id, title?}. Senders:
        `users` and `departments`, everybody in scope when none. `tags`: only customers with one of them see it, and
        without senders their members publish it. Ten a minute per company; RetryLater when too many are running.
        """
        at_most_characters("text.content", text, TEXT_CHARACTERS)
        _check_attachments(attachments or [])
        if not text and not attachments:
            raise BadArgument("text", "text and attachments are both empty")
        at_most_items("visible_range.sender_list.user_list", users, SENDERS)
        senders = without_none(user_list=list(users) or None, department_list=list(departments) or None)
        visible = without_none(
            sender_list=senders or None, external_contact_list={"tag_list": list(tags)} if tags else None
        )
        body = without_none(
            text={"content": text} if text else None, attachments=attachments or None, visible_range=visible or None
        )
        return self._caller.call(ADD, body=body).jobid

    def result(self, jobid: str) -> MomentJobResult:
        """Of a job less than 24 h old."""
        required("jobid", jobid)
        return self._caller.call(RESULT, query={"jobid": jobid})

    def cancel(self, moment_id: str) -> None:
        """Who has not published it yet need not any more; what is published stays."""
        required("moment_id", moment_id)
        self._caller.call(CANCEL, body={"moment_id": moment_id})

    def moments(
        self, *, start_time: int, end_time: int, creator: str | None = None, filter_type: int | None = None
    ) -> Iterator[Moment]:
        """Made in the window (seconds, at most 30 days), without deleted ones. `filter_type`: 0 the company's, 1
        members' own, 2 all."""
        at_most_seconds("end_time", start_time, end_time, LIST_SECONDS)
        one_of("filter_type", filter_type, (None, 0, 1, 2))
        for page in pages(
            self._caller,
            LIST,
            start_time=start_time,
            end_time=end_time,
            creator=creator,
            filter_type=filter_type,
            limit=LIST_LIMIT,
        ):
            yield from page.moment_list

    def tasks(self, moment_id: str) -> Iterator[MomentTask]:
        """Who has to publish it and who has; of the company's moments only. RetryLater while being dispatched."""
        required("moment_id", moment_id)
        for page in pages(self._caller, TASKS, moment_id=moment_id, limit=TASK_LIMIT):
            yield from page.task_list

    def customers(self, moment_id: str, userid: str) -> Iterator[MomentCustomer]:
        """Whom `userid` chose when publishing. Raises GiveUp(moment_not_published_by_user | moment_not_by_this_user)."""
        _check_published(moment_id, userid)
        for page in pages(self._caller, CUSTOMERS, moment_id=moment_id, userid=userid, limit=TASK_LIMIT):
            yield from page.customer_list

    def seen_by(self, moment_id: str, userid: str) -> Iterator[MomentCustomer]:
        """Who can see it at last: caps on what a customer is shown are taken off."""
        _check_published(moment_id, userid)
        for page in pages(self._caller, SEEN, moment_id=moment_id, userid=userid, limit=SEEN_LIMIT):
            yield from page.customer_list

    def reactions(self, moment_id: str, userid: str) -> MomentReactions:
        """Likes and comments under what `userid` published; the text of a comment isn't given."""
        _check_published(moment_id, userid)
        return self._caller.call(REACTIONS, body={"moment_id": moment_id, "userid": userid})


def _check_published(moment_id: str, userid: str) -> None:
    required("moment_id", moment_id)
    required("userid", userid)


def _check_attachments(attachments: list[dict[str, Any]]) -> None:
    kinds = {one.get("msgtype") for one in attachments}
    if len(kinds) > 1:
        raise BadArgument("attachments", "images, a video and a link don't mix")
    at_most_items("attachments", attachments, IMAGES if kinds == {"image"} else 1)
    for index, one in enumerate(attachments):
        field, kind = f"attachments[{index}]", one.get("msgtype")
        one_of(f"{field}.msgtype", kind, ("image", "video", "link"))
        part = one.get(str(kind))
        if not isinstance(part, dict):
            raise BadArgument(f"{field}.{kind}", "is missing")
        required(f"{field}.{kind}.media_id", part.get("media_id"))
        if kind == "link":
            required(f"{field}.link.url", part.get("url"))
            at_most_bytes(f"{field}.link.title", part.get("title"), LINK_TITLE_BYTES)
