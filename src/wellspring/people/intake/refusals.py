"""A message that WeCom could not deliver tells what no call does: the customer has deleted the member.

WeCom goes on showing a pair that the customer ended, and the callback of it may have been lost, or have come before the
company was connected. The refusal "not a friend" is then the only sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.people.announcements import FriendEnded, announce_ended
from wellspring.people.intake.lives import Change, write_changes
from wellspring.people.timeline import EventFact, record_events
from wellspring.platform.runtime import Platform

_LOSE = text(
    "update relationship r set status = 'lost', ended_at = refused.at"
    " from unnest(cast(:userids as text[]), cast(:externals as text[]), cast(:ats as timestamptz[]))"
    "   as refused (userid, external_userid, at)"
    " join staff_member s on s.userid = refused.userid"
    " where r.staff_id = s.id and r.external_userid = refused.external_userid and r.status = 'friend'"
    "   and r.added_at < refused.at"
    " returning r.id, r.customer_id, r.staff_id, r.external_userid, r.state, s.userid, r.ended_at"
)


def friends_refused(session: Session, platform: Platform, refused: Sequence[tuple[str, str, datetime]]) -> int:
    """`refused`: (userid, external_userid, when). Ends the friendships that had begun before; how many. Safe to repeat."""
    if not refused:
        return 0
    userids, externals, ats = zip(*sorted(refused), strict=True)
    gone = session.execute(_LOSE, {"userids": list(userids), "externals": list(externals), "ats": list(ats)}).all()
    write_changes(session, [Change(row.id, row.ended_at, "friend", "lost", "message_refused") for row in gone])
    record_events(
        session,
        [
            EventFact(
                row.customer_id,
                "friend_lost",
                row.ended_at,
                "wecom",
                f"ended:{row.id}:lost:{int(row.ended_at.timestamp())}",
                row.staff_id,
                {"found_by": "message_refused"},
            )
            for row in gone
        ],
    )
    for row in gone:
        ended = FriendEnded(
            row.id, row.customer_id, row.staff_id, row.external_userid, row.userid, row.state, "lost", row.ended_at
        )
        announce_ended(session, platform, ended)
    return len(gone)
