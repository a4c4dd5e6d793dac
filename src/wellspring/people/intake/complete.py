"""The end of a sync of customers: friendships that WeCom no longer shows have ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.people.announcements import FriendEnded, announce_ended
from wellspring.people.intake.lives import end_unseen
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom


def customers_complete(session: Session, platform: Platform, complete: wecom.Complete) -> dict[str, int]:
    """Everything of the members `complete.userids` was read since `complete.since`. Answers what was corrected."""
    gone = end_unseen(session, complete.userids, complete.since)
    announce_gone(session, platform, gone, complete.since)
    return {"friend_removed": len(gone)}


def announce_gone(session: Session, platform: Platform, gone: Sequence[Any], at: datetime) -> None:
    """`gone`: rows as end_unseen answers them."""
    staff_ids = sorted({row.staff_id for row in gone})
    staff = session.execute(text("select id, userid from staff_member where id = any(:ids)"), {"ids": staff_ids})
    userid_of = {row.id: row.userid for row in staff}
    for row in gone:
        if row.was == "friend":
            ended = FriendEnded(
                row.id,
                row.customer_id,
                row.staff_id,
                row.external_userid,
                userid_of[row.staff_id],
                row.state,
                "removed",
                at,
            )
            announce_ended(session, platform, ended)
