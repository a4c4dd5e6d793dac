"""What WeCom lets us see of ourselves while a connection is being set up: our address, when it refuses it, and whether
it could verify the callback address. Kept on the company's row for the guide.

Each is written in a short transaction of its own that gives way (`skip locked`): a call may be made while another
transaction holds the row, and the calls matter more than the note.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import text

from wellspring.platform.runtime import Platform
from wellspring.wecom.calls.base import Call, Reply
from wellspring.wecom.client import Connection
from wellspring.wecom.errors import GiveUp

R = TypeVar("R", bound=Reply)
UNTRUSTED = "ip_not_trusted"
REFUSAL_SECONDS = 2
"""Refused verifications are written down at most so often: anybody may call that address."""

_UNTRUSTED = text(
    """
    update wecom_company set refused_ip = :address, refused_ip_at = :now
    where id in (select id from wecom_company for update skip locked)
    """
)
_VERIFIED = text(
    """
    update wecom_company set callback_verified_at = :now, callback_refused_at = null, callback_refused_why = ''
    where id in (select id from wecom_company for update skip locked)
    """
)
_REFUSED = text(
    """
    update wecom_company set callback_refused_at = :now, callback_refused_why = :why
    where id in (select id from wecom_company
                 where callback_refused_at is null or callback_refused_at < :now - make_interval(secs => :seconds)
                 for update skip locked)
    """
)


class WatchedConnection(Connection):
    """A connection that tells when WeCom refuses this server's address, whatever the call was for."""

    def __init__(self, *, on_untrusted: Callable[[str], None], **settings: Any) -> None:
        super().__init__(**settings)
        self._on_untrusted = on_untrusted

    def send(self, call: Call[R], **wire: Any) -> R:
        try:
            return super().send(call, **wire)
        except GiveUp as error:
            if error.reason == UNTRUSTED:
                self._on_untrusted(error.caller_ip)
            raise


def note_untrusted(platform: Platform, address: str) -> None:
    """`address`: as WeCom's error text named it; empty when it did not."""
    with platform.database.unit_of_work() as session:
        session.execute(_UNTRUSTED, {"address": address, "now": platform.clock.now()})


def note_verified(platform: Platform) -> None:
    with platform.database.unit_of_work() as session:
        session.execute(_VERIFIED, {"now": platform.clock.now()})


def note_not_verified(platform: Platform, why: str) -> None:
    """`why`: the outcome of CallbackRefused (bad_signature, wrong_receiver, stale, …)."""
    with platform.database.unit_of_work() as session:
        session.execute(_REFUSED, {"now": platform.clock.now(), "why": why, "seconds": REFUSAL_SECONDS})
