"""Who wants to know of new and ended friendships; told inside the transaction that records them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from wellspring.platform.runtime import Platform


@dataclass(frozen=True)
class FriendAdded:
    """A friendship began at `at`. `half`: the customer added the member, who has not confirmed yet.
    `first`: this life of the relationship has not been announced before (a confirmation after a half add comes
    with first=False, and so does a half add that arrives late). `state` is the channel of the live code or link.
    `read`: WeCom has said who the customer is; told with False when a welcome can't wait for that, and again with True
    after."""

    relationship_id: int
    customer_id: int
    staff_id: int
    external_userid: str
    userid: str
    state: str
    welcome_code: str | None
    half: bool
    at: datetime
    first: bool
    read: bool = True


@dataclass(frozen=True)
class FriendEnded:
    """A friendship ended at `at`. `cause`: lost (by the customer), removed (by the member), transferred."""

    relationship_id: int
    customer_id: int
    staff_id: int
    external_userid: str
    userid: str
    state: str
    cause: Literal["lost", "removed", "transferred"]
    at: datetime


AddedHandler = Callable[[Session, Platform, FriendAdded], None]
EndedHandler = Callable[[Session, Platform, FriendEnded], None]
_added: list[AddedHandler] = []
_ended: list[EndedHandler] = []


def on_friend_added(handler: AddedHandler) -> None:
    """`handler(session, platform, added)`; must bear being called again for the same life."""
    if handler not in _added:
        _added.append(handler)


def on_friend_ended(handler: EndedHandler) -> None:
    """`handler(session, platform, ended)`."""
    if handler not in _ended:
        _ended.append(handler)


def announce_added(session: Session, platform: Platform, added: FriendAdded) -> None:
    for handler in _added:
        handler(session, platform, added)


def announce_ended(session: Session, platform: Platform, ended: FriendEnded) -> None:
    for handler in _ended:
        handler(session, platform, ended)
