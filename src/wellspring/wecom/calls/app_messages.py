"""Messages of the app to members: sending, taking back, changing a card, counting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from wellspring.wecom.calls.app_content import check_app_message, check_card
from wellspring.wecom.calls.base import (
    Call,
    Caller,
    Effect,
    Reply,
    Wire,
    at_most_items,
    count_between,
    one_of,
    required,
    without_none,
)
from wellspring.wecom.errors import BadArgument

USERS = 1000
DEPARTMENTS = 100
TAGS = 100
EVERYBODY = "@all"
TODAY, YESTERDAY = 0, 1


class AppMessageSent(Reply):
    """Who was left out, joined by `|`; who has got too many messages of late is left out silently. `response_code`:
    of a card that can be answered, good for one change."""

    msgid: str = ""
    invaliduser: str = ""
    invalidparty: str = ""
    invalidtag: str = ""
    unlicenseduser: str = ""
    response_code: str = ""

    @property
    def invalid_users(self) -> list[str]:
        return [one for one in self.invaliduser.split("|") if one]


class CardUpdated(Reply):
    """`invaliduser`: who never got the message."""

    invaliduser: list[str] = Field(default_factory=list)


class AppCount(Wire):
    """Person-times."""

    agentid: int
    app_name: str = ""
    count: int = 0


class AppStatistics(Reply):
    statistics: list[AppCount] = Field(default_factory=list)


SEND = Call("POST", "message/send", AppMessageSent, Effect.ONCE)
RECALL = Call("POST", "message/recall", Reply, Effect.REPEATABLE)
# The response_code works once: whoever lost the answer can't try again.
UPDATE_CARD = Call("POST", "message/update_template_card", CardUpdated, Effect.ONCE)
UPDATE_TASK = Call("POST", "message/update_taskcard", CardUpdated, Effect.REPEATABLE)
STATISTICS = Call("POST", "message/get_statistics", AppStatistics)


class AppMessages:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def send(
        self,
        agent_id: int,
        message: dict[str, Any],
        *,
        users: Sequence[str] = (),
        departments: Sequence[int] = (),
        tags: Sequence[int] = (),
        safe: int | None = None,
        enable_id_trans: bool | None = None,
        duplicate_check_interval: int | None = None,
    ) -> AppMessageSent:
        """`message`: `{"msgtype": T, T: {...}}`, see app_content; `users` may be `["@all"]`.

        `duplicate_check_interval`: seconds in which the same message is not delivered to the same member again, which
        is the way to repeat a send whose answer was lost. `safe`: 1 can't be shared, 2 (mpnews) only within the
        company. Raises GiveUp(all_receivers_invalid | app_does_not_fit).
        """
        check_app_message(message)
        if not users and not departments and not tags:
            raise BadArgument("touser", "no receivers are given")
        at_most_items("touser", users, USERS)
        at_most_items("toparty", departments, DEPARTMENTS)
        at_most_items("totag", tags, TAGS)
        one_of("safe", safe, (None, 0, 1, 2) if message["msgtype"] == "mpnews" else (None, 0, 1))
        if message["msgtype"] == "miniprogram_notice" and EVERYBODY in users:
            raise BadArgument("touser", "a mini-program notice can't go to everybody")
        if duplicate_check_interval is not None and duplicate_check_interval <= 0:
            raise BadArgument("duplicate_check_interval", f"{duplicate_check_interval}, must be positive")
        kind = message["msgtype"]
        body = without_none(
            touser="|".join(users) or None,
            toparty="|".join(map(str, departments)) or None,
            totag="|".join(map(str, tags)) or None,
            msgtype=kind,
            agentid=agent_id,
            safe=safe,
            enable_id_trans=None if enable_id_trans is None else int(enable_id_trans),
            enable_duplicate_check=None if duplicate_check_interval is None else 1,
            duplicate_check_interval=duplicate_check_interval,
        )
        return self._caller.call(SEND, body={**body, kind: message[kind]})

    def recall(self, msgid: str) -> None:
        """Within 24 h, else GiveUp(recall_window_over); what was read in WeChat's plugin stays there."""
        required("msgid", msgid)
        self._caller.call(RECALL, body={"msgid": msgid})

    def update_card(
        self,
        agent_id: int,
        response_code: str,
        *,
        users: Sequence[str] = (),
        departments: Sequence[int] = (),
        tags: Sequence[int] = (),
        everybody: bool = False,
        button_name: str | None = None,
        card: dict[str, Any] | None = None,
    ) -> list[str]:
        """Grey the card's buttons out under `button_name`, or show another `card`; answers who never got the message.
        Raises GiveUp(card_answered_or_expired) for a code that is used or too old."""
        required("response_code", response_code)
        if (button_name is None) == (card is None):
            raise BadArgument("button", "either button_name or card must be given")
        if not (users or departments or tags or everybody):
            raise BadArgument("userids", "no receivers are given")
        at_most_items("userids", users, USERS)
        at_most_items("partyids", departments, DEPARTMENTS)
        at_most_items("tagids", tags, TAGS)
        if card is not None:
            check_card("template_card", card)
        else:
            required("button.replace_name", button_name)
        body = without_none(
            userids=list(users) or None,
            partyids=list(departments) or None,
            tagids=list(tags) or None,
            atall=1 if everybody else None,
            agentid=agent_id,
            response_code=response_code,
            button=None if card is not None else {"replace_name": button_name},
            template_card=card,
        )
        return self._caller.call(UPDATE_CARD, body=body).invaliduser

    def update_task(self, agent_id: int, task_id: str, *, users: Sequence[str], replace_name: str) -> list[str]:
        """Of the older task cards: close the buttons of these members; each once, later they count as invalid."""
        required("task_id", task_id)
        required("replace_name", replace_name)
        count_between("userids", users, 1, USERS)
        body = {"userids": list(users), "agentid": agent_id, "task_id": task_id, "replace_name": replace_name}
        return self._caller.call(UPDATE_TASK, body=body).invaliduser

    def statistics(self, time_type: int = TODAY) -> list[AppCount]:
        """Per app, of today (0) or yesterday (1)."""
        one_of("time_type", time_type, (TODAY, YESTERDAY))
        return self._caller.call(STATISTICS, body={"time_type": time_type}).statistics
