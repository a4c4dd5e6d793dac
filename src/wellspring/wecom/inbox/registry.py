"""Who handles which callback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from wellspring.platform.runtime import Platform

Fields = dict[str, str]
"""The event's own fields by WeCom's names (UserID, ExternalUserID, State ...); nested ones as JSON text."""


@dataclass(frozen=True)
class EventContext:
    """What `apply` is handed. `sent_at`: WeCom's CreateTime. `read_at`: when `read` began, so that what was
    read is at least as new as that instant."""

    session: Session
    platform: Platform
    fields: Fields
    sent_at: datetime
    received_at: datetime
    read_at: datetime
    inbox_id: int


Read = Callable[[Platform, Fields], Any]
Apply = Callable[[EventContext, Any], None]


@dataclass(frozen=True)
class EventHandler:
    event: str
    change_type: str
    read: Read | None
    apply: Apply
    unread: Apply | None = None


_handlers: dict[tuple[str, str], list[EventHandler]] = {}


def on_event(
    event: str, change_type: str, *, read: Read | None = None, apply: Apply, unread: Apply | None = None
) -> None:
    """Handle callbacks of one Event and ChangeType ("" for events without one).

    `read` runs outside any transaction and asks WeCom for the object as it is now; `apply` gets what it answered
    (None without `read`) and runs inside the transaction that marks the callback done. Callbacks about one
    customer are handled one after the other, `read` included. Both must bear being run again: a callback may be
    repeated, and comes again when `apply` raises. Registering the same functions again changes nothing.

    `unread(context, None)` does what can't wait, from the callback alone, when WeCom can't be asked just now: for
    callbacks with a welcome code, which works for twenty seconds. The callback stays pending and is read later.
    """
    handler = EventHandler(event, change_type, read, apply, unread)
    handlers = _handlers.setdefault((event, change_type), [])
    if handler not in handlers:
        handlers.append(handler)


def handlers_of(event: str, change_type: str) -> list[EventHandler]:
    return list(_handlers.get((event, change_type), ()))
