"""Who keeps what the sync reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from wellspring.platform.runtime import Platform
from wellspring.wecom.calls.customers import ExternalContact, FollowInfo
from wellspring.wecom.calls.groups import WecomGroup

SyncKind = Literal["departments", "users", "follow_users", "tags", "customers", "groups"]
KINDS: tuple[SyncKind, ...] = ("departments", "users", "follow_users", "tags", "customers", "groups")


@dataclass(frozen=True, slots=True)
class CustomerItem:
    """One pair of customer and member as WeCom showed it; at least as new as `read_at`."""

    userid: str
    external_contact: ExternalContact
    follow_info: FollowInfo
    read_at: datetime


@dataclass(frozen=True, slots=True)
class GroupItem:
    """A customer group as WeCom showed it; at least as new as `read_at`. `status`: the list's 0 to 3, None where only
    the group itself was read. `group`: None for one that the list shows and that can't be read."""

    chat_id: str
    status: int | None
    group: WecomGroup | None
    read_at: datetime


@dataclass(frozen=True)
class Complete:
    """Everything of `kind` has been handed over, so whatever the sinks didn't see since `since` isn't at WeCom any
    more. For customers: everything of the members `userids` (once per group of up to 100). For groups: those owned by
    `userids`; all of them when that is empty."""

    kind: SyncKind
    since: datetime
    run_id: int | None = None
    userids: list[str] = field(default_factory=list)


Corrections = Mapping[str, int]
"""What a sink found to be other than was known, by a stable word: friend_added, friend_removed, remark_changed,
tag_added, tag_removed, staff_left, group_found, group_changed, group_dismissed, group_member_joined,
group_member_left."""

Sink = Callable[[Session, Platform, list[Any]], Corrections | None]
OnComplete = Callable[[Session, Platform, Complete], Corrections | None]
_sinks: dict[str, list[Sink]] = {}
_complete: dict[str, list[OnComplete]] = {}


def register_sync_sink(kind: SyncKind, sink: Sink) -> None:
    """`sink(session, platform, items)` gets batches, each in a transaction of its own; the same item may come again.

    Items: departments -> WecomDepartment (all in one batch), users -> WecomUser (per department; a member of two
    departments comes twice), follow_users -> str userid (all in one batch), tags -> WecomTagGroup (all groups in one
    batch), customers -> CustomerItem (up to 1,000), groups -> GroupItem (up to 20).
    """
    sinks = _sinks.setdefault(kind, [])
    if sink not in sinks:
        sinks.append(sink)


def on_sync_complete(kind: SyncKind, handler: OnComplete) -> None:
    """`handler(session, platform, complete)` runs after the last batch of a kind, to end what WeCom no longer shows."""
    handlers = _complete.setdefault(kind, [])
    if handler not in handlers:
        handlers.append(handler)


def deliver(session: Session, platform: Platform, kind: SyncKind, items: list[Any]) -> Counter[str]:
    """Hand a batch to its sinks; answers what they corrected."""
    corrections: Counter[str] = Counter()
    for sink in _sinks.get(kind, ()):
        corrections.update(sink(session, platform, items) or {})
    return corrections


def announce_complete(session: Session, platform: Platform, complete: Complete) -> Counter[str]:
    corrections: Counter[str] = Counter()
    for handler in _complete.get(complete.kind, ()):
        corrections.update(handler(session, platform, complete) or {})
    return corrections
