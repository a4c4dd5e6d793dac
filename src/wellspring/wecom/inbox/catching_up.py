"""Many edits of one member's customers, read a hundred at a time.

Somebody tags thirty thousand customers in WeCom's console, and as many edits come in within minutes. Each stands for
one pair of customer and member as it is now, which is what the sync reads too: so when many are waiting for one member,
the member's customers are read in pages and handed to the sync's sinks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.platform.jobs import give_way_to_urgent
from wellspring.platform.runtime import Platform
from wellspring.wecom.calls.customers import CustomerBatch
from wellspring.wecom.company import get_client
from wellspring.wecom.locks import try_alone
from wellspring.wecom.sync.registry import CustomerItem, deliver

log = structlog.get_logger(__name__)

EVENT, CHANGE = "change_external_contact", "edit_external_contact"
WORTH_WHILE = 100
"""Waiting edits of one member from which on reading pages costs less than reading each customer."""
MOST_AT_ONCE = 20_000
PAGES_PER_STEP = 5

_BUSY_MEMBERS = text(
    """
    select f.userid from unnest(cast(:userids as text[])) as f (userid)
    where (select count(*) from (
      select 1 from wecom_inbox i where i.status = 'pending' and i.fields ->> 'UserID' = f.userid
        and i.event = :event and i.change_type = :change limit :worth) as waiting) >= :worth
    """
)
_WAITING = text(
    """
    select id, fields ->> 'ExternalUserID' as external_userid, repeats from wecom_inbox
    where status = 'pending' and fields ->> 'UserID' = :userid and event = :event and change_type = :change
    order by id limit :most
    """
)
_DONE = text(
    """
    update wecom_inbox i set status = 'done', error = null, attempts = i.attempts + 1, read_at = :read_at,
      handled_at = :now
    from unnest(cast(:ids as bigint[]), cast(:repeats as bigint[])) as f (id, repeats)
    where i.id = f.id and i.status = 'pending' and i.repeats = f.repeats
    """
)


@dataclass(frozen=True)
class _Edit:
    id: int
    external_userid: str
    repeats: int


def busy_members(session: Session, userids: set[str]) -> list[str]:
    """Those of the members for whom so many edits are waiting that they are read in pages."""
    if not userids:
        return []
    values = {"userids": sorted(userids), "event": EVENT, "change": CHANGE, "worth": WORTH_WHILE}
    return list(session.scalars(_BUSY_MEMBERS, values))


def catch_up(platform: Platform, userid: str) -> bool:
    """Handle the waiting edits of this member's customers, as far as WeCom shows the pairs; what it doesn't show stays
    waiting for its own job. False when somebody else is at it. Raises WecomError; what was handed over stays."""
    with try_alone(platform, f"wecom.catch_up:{userid}") as held:
        if not held:
            return False
        with platform.database.unit_of_work() as session:
            values = {"userid": userid, "event": EVENT, "change": CHANGE, "most": MOST_AT_ONCE}
            edits = [_Edit(*row) for row in session.execute(_WAITING, values)]
        waiting: dict[str, list[_Edit]] = {}
        for edit in edits:
            waiting.setdefault(edit.external_userid, []).append(edit)
        for read_at, items in _steps(platform, userid, waiting):
            give_way_to_urgent()
            shown = [edit for item in items for edit in waiting.pop(item.external_contact.external_userid, ())]
            with platform.database.unit_of_work() as session:
                deliver(session, platform, "customers", items)
                session.execute(
                    _DONE,
                    {
                        "ids": [edit.id for edit in shown],
                        "repeats": [edit.repeats for edit in shown],
                        "read_at": read_at,
                        "now": platform.clock.now(),
                    },
                )
        log.info("wecom_caught_up", userid=userid, edits=len(edits), not_shown=len(waiting))
    return True


def _steps(
    platform: Platform, userid: str, waiting: dict[str, list[_Edit]]
) -> Iterator[tuple[datetime, list[CustomerItem]]]:
    """What of the waiting pairs is shown, some pages at a time, with the moment before the first of them was read."""
    client = get_client(platform).for_bulk_work()
    cursor, more = "", True
    while more and waiting:
        began = platform.clock.now()
        items: list[CustomerItem] = []
        for _ in range(PAGES_PER_STEP):
            page: CustomerBatch = client.customers.batch([userid], cursor)
            items += [
                CustomerItem(userid, entry.external_contact, entry.follow_info, began)
                for entry in page.external_contact_list
                if entry.external_contact.external_userid in waiting
            ]
            cursor = page.next_cursor
            more = bool(cursor)
            if not more:
                break
        if items:
            yield began, items
