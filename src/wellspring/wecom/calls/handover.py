"""Handing customers and groups from one member to another, on the job or after the member has left."""

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
    at_most_characters,
    count_between,
    pages,
    required,
    without_none,
)

CUSTOMERS = 100
GROUPS = 100
MESSAGE_CHARACTERS = 200
UNASSIGNED_LIMIT = 1000
DONE, WAITING, REFUSED, FULL, NO_RECORD = 1, 2, 3, 4, 5


class TransferAsked(Wire):
    """`errcode` 0: begun, happens by itself after 24 h unless the customer declines. Else why not, for this one: 40096
    no customer, 40099 takeover is full, 40100 / 40129 already in a transfer, 40128 twice in 90 days, 40131 not a
    follower, 40143 banned."""

    external_userid: str
    errcode: int = 0


class TransfersAsked(Reply):
    customer: list[TransferAsked] = Field(default_factory=list)


class TransferResult(Wire):
    """`status`: 1 done, 2 waiting, 3 the customer declined, 4 takeover is full, 5 no record. `takeover_time`: seconds,
    in the future while it waits."""

    external_userid: str
    status: int = NO_RECORD
    takeover_time: int = 0


class TransferResults(Page):
    customer: list[TransferResult] = Field(default_factory=list)


class Unassigned(Wire):
    """A customer of a member who left. `dimission_time`: seconds."""

    handover_userid: str
    external_userid: str
    dimission_time: int = 0


class UnassignedPage(Page):
    info: list[Unassigned] = Field(default_factory=list)
    is_last: bool = False


class GroupTransferFailed(Wire):
    """90500 the owner has not left, 90501 no customer group, 90502 the owner has left, 90504 the owner already, 90507
    under way, 90508 done before, 40128 twice in 90 days, 45009 more than 300 of one owner a day."""

    chat_id: str
    errcode: int
    errmsg: str = ""


class GroupsTransferred(Reply):
    failed_chat_list: list[GroupTransferFailed] = Field(default_factory=list)


# A customer or group that was accepted is refused row by row when the call is made again: nothing happens twice.
ON_JOB = Call("POST", "externalcontact/transfer_customer", TransfersAsked, Effect.REPEATABLE)
ON_JOB_RESULT = Call("POST", "externalcontact/transfer_result", TransferResults)
RESIGNED = Call("POST", "externalcontact/resigned/transfer_customer", TransfersAsked, Effect.REPEATABLE)
RESIGNED_RESULT = Call("POST", "externalcontact/resigned/transfer_result", TransferResults)
UNASSIGNED = Call("POST", "externalcontact/get_unassigned_list", UnassignedPage)
GROUPS_ON_JOB = Call("POST", "externalcontact/groupchat/onjob_transfer", GroupsTransferred, Effect.REPEATABLE)
GROUPS_RESIGNED = Call("POST", "externalcontact/groupchat/transfer", GroupsTransferred, Effect.REPEATABLE)


class Handover:
    """The member who takes over is in scope, activated, verified by real name and has the customer-contact right."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def on_job(
        self,
        external_userids: Sequence[str],
        *,
        handover_userid: str,
        takeover_userid: str,
        transfer_success_msg: str | None = None,
    ) -> list[TransferAsked]:
        """One answer per customer. Made again after a lost answer, those already accepted come back as 40129.
        `transfer_success_msg`: what the customer is told (WeCom's own text when it isn't given)."""
        at_most_characters("transfer_success_msg", transfer_success_msg, MESSAGE_CHARACTERS)
        body = _pair(handover_userid, takeover_userid, external_userids)
        return self._caller.call(
            ON_JOB, body={**body, **without_none(transfer_success_msg=transfer_success_msg)}
        ).customer

    def on_job_results(self, *, handover_userid: str, takeover_userid: str) -> Iterator[TransferResult]:
        """The latest of every customer between the two."""
        yield from self._results(ON_JOB_RESULT, handover_userid, takeover_userid)

    def resigned(
        self, external_userids: Sequence[str], *, handover_userid: str, takeover_userid: str
    ) -> list[TransferAsked]:
        """Raises GiveUp(user_has_not_left) while the old member is still there."""
        return self._caller.call(RESIGNED, body=_pair(handover_userid, takeover_userid, external_userids)).customer

    def resigned_results(self, *, handover_userid: str, takeover_userid: str) -> Iterator[TransferResult]:
        yield from self._results(RESIGNED_RESULT, handover_userid, takeover_userid)

    def unassigned(self) -> Iterator[Unassigned]:
        """Every customer whose member left and whom nobody has taken over, following the cursor."""
        for page in pages(self._caller, UNASSIGNED, page_size=UNASSIGNED_LIMIT):
            yield from page.info

    def groups_on_job(self, chat_ids: Sequence[str], *, new_owner: str) -> list[GroupTransferFailed]:
        """At once; answers those that failed. Each group twice in 90 days, one owner's 300 a day."""
        return self._caller.call(GROUPS_ON_JOB, body=_groups(chat_ids, new_owner)).failed_chat_list

    def groups_resigned(self, chat_ids: Sequence[str], *, new_owner: str) -> list[GroupTransferFailed]:
        """Groups whose owner left the company less than a year ago."""
        return self._caller.call(GROUPS_RESIGNED, body=_groups(chat_ids, new_owner)).failed_chat_list

    def _results(self, call: Call[TransferResults], handover: str, takeover: str) -> Iterator[TransferResult]:
        required("handover_userid", handover)
        required("takeover_userid", takeover)
        for page in pages(self._caller, call, handover_userid=handover, takeover_userid=takeover):
            yield from page.customer


def _pair(handover: str, takeover: str, external_userids: Sequence[str]) -> dict[str, Any]:
    required("handover_userid", handover)
    required("takeover_userid", takeover)
    count_between("external_userid", external_userids, 1, CUSTOMERS)
    return {"handover_userid": handover, "takeover_userid": takeover, "external_userid": list(external_userids)}


def _groups(chat_ids: Sequence[str], new_owner: str) -> dict[str, Any]:
    count_between("chat_id_list", chat_ids, 1, GROUPS)
    required("new_owner", new_owner)
    return {"chat_id_list": list(chat_ids), "new_owner": new_owner}
