"""Accounts follow the organisation: registered behind the sinks that write staff."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from wellspring.people.sign_in.accounts import settle_accounts
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom


def accounts_follow_users(session: Session, platform: Platform, items: Sequence[wecom.WecomUser]) -> None:
    settle_accounts(session, platform.clock.now(), [user.userid for user in items])


def accounts_follow_all(session: Session, platform: Platform, complete: wecom.Complete) -> None:
    """Whoever the directory doesn't show any more has been marked as left just before."""
    settle_accounts(session, platform.clock.now())
