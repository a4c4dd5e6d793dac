"""The sync's stage of customer groups: the list page by page, then each group of the page by itself.

The place in the stage is a small piece of JSON that is written in the transaction that takes a piece's items, so a run
that was killed reads no group again that it had handed over. A group that can't be read is passed over with a word: one
owner outside the app's sight must not keep all others from being known.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import structlog

from wellspring.platform.clock import Clock
from wellspring.wecom.calls.groups import OWNERS
from wellspring.wecom.client import WecomClient
from wellspring.wecom.errors import GiveUp, OurMistake
from wellspring.wecom.sync.registry import GroupItem

log = structlog.get_logger(__name__)

READERS = 4
"""Groups that are read at a time; the budget for bulk work holds them back where WeCom's limits are near."""
GROUPS_PER_STEP = 20
BAD_CURSOR, OWNERS_NEEDED = 50100, 81017

Place = dict[str, Any]
"""`lots`: owners whose groups are still to be listed, up to 100 together; an empty lot is everybody in sight. `cursor`: in
the list of the first lot. `chats`: [chat_id, status] that were listed and not yet read. `everybody`: the list of all was
read to its end; `asked`: the owners whose lists were."""


def first_place() -> Place:
    return {"lots": [[]], "cursor": "", "chats": [], "everybody": False, "asked": []}


@dataclass
class Piece:
    """What one step read. `done`: nothing is left behind `place`."""

    place: Place
    items: list[GroupItem] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def done(self) -> bool:
        return not self.place["lots"] and not self.place["chats"]


class GroupsReader:
    """`owners`: who may own a group, for a company that is too large for one list of all."""

    def __init__(self, client: WecomClient, clock: Clock, owners: list[str]) -> None:
        self._client = client
        self._clock = clock
        self._owners = owners

    def next(self, place: Place) -> Piece:
        """Raises WecomError when WeCom can't go on."""
        if place["chats"]:
            return self._read(place)
        return self._list(place) if place["lots"] else Piece(place)

    def _read(self, place: Place) -> Piece:
        chats = place["chats"][:GROUPS_PER_STEP]
        piece = Piece({**place, "chats": place["chats"][GROUPS_PER_STEP:]})
        with ThreadPoolExecutor(READERS, thread_name_prefix="wecom-sync-groups") as readers:
            for item, word in readers.map(lambda chat: self._one(*chat), chats):
                if item is not None:
                    piece.items.append(item)
                if word:
                    piece.skipped[word] += 1
        return piece

    def _one(self, chat_id: str, status: int) -> tuple[GroupItem | None, str]:
        """Nothing at all for a group that was dismissed since it was listed."""
        read_at = self._clock.now()
        try:
            return GroupItem(chat_id, status, self._client.groups.get(chat_id), read_at), ""
        except (GiveUp, OurMistake) as error:
            word = _word(error)
            if word == "no_such_group":
                return None, ""
            log.warning("wecom_group_not_read", chat_id=chat_id, error=str(error)[:300])
            return GroupItem(chat_id, status, None, read_at), word

    def _list(self, place: Place) -> Piece:
        lot, rest = place["lots"][0], place["lots"][1:]
        try:
            page = self._client.groups.page(lot, place["cursor"])
        except (GiveUp, OurMistake) as error:
            return self._not_listed(place, error)
        chats = [[chat.chat_id, chat.status] for chat in page.group_chat_list]
        if page.next_cursor:
            return Piece({**place, "chats": chats, "cursor": page.next_cursor})
        listed = {"everybody": not lot, "asked": [*place["asked"], *lot]}
        return Piece({**place, **listed, "chats": chats, "cursor": "", "lots": rest})

    def _not_listed(self, place: Place, error: GiveUp | OurMistake) -> Piece:
        lot, rest = place["lots"][0], place["lots"][1:]
        if error.errcode == BAD_CURSOR and place["cursor"]:
            return Piece({**place, "cursor": ""})  # the cursor died: this lot from its beginning
        if error.errcode == OWNERS_NEEDED and not lot:
            lots = [self._owners[n : n + OWNERS] for n in range(0, len(self._owners), OWNERS)]
            return Piece({**place, "lots": lots, "cursor": ""})
        if len(lot) > 1:  # one unknown owner refuses the whole lot: each by themselves
            return Piece({**place, "lots": [*([owner] for owner in lot), *rest], "cursor": ""})
        log.warning("wecom_groups_not_listed", owners=lot, error=str(error)[:300])
        return Piece({**place, "lots": rest, "cursor": ""}, skipped=Counter([_word(error)]))


def _word(error: GiveUp | OurMistake) -> str:
    return error.reason if isinstance(error, GiveUp) else f"errcode_{error.errcode}"
