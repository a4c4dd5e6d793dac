"""Undoing a merge: exactly the rows it moved go back, wherever later merges took them on to.

Merges form a tree: each absorbed row points by its merge at the survivor of that time. Undoing one in the middle
cuts its branch off: the rows it moved leave the present survivor, and are struck from the notes of the merges
further up, so that undoing those later doesn't move them again. Rows that came after the merge stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from wellspring.people.errors import MergeUndone
from wellspring.people.identities import refresh_customers, touch_customers
from wellspring.people.merging.merge import lock_customers
from wellspring.people.models import CustomerMerge
from wellspring.people.timeline import EventFact, record_events
from wellspring.platform.errors import NotFound

_ABOVE = text(
    """
    with recursive above as (
      select m.id, m.survivor_id from customer_merge m where m.absorbed_id = :start and m.undone_at is null
      union all
      select m.id, m.survivor_id from customer_merge m join above a on m.absorbed_id = a.survivor_id
      where m.undone_at is null
    )
    select id, survivor_id from above
    """
)
_BELOW = text(
    """
    with recursive below as (
      select cast(:top as bigint) as id
      union all
      select m.absorbed_id from customer_merge m join below b on m.survivor_id = b.id where m.undone_at is null
    )
    select id from below
    """
)
_ITEMS = text("select table_name, row_ids from customer_merge_item where merge_id = :merge order by table_name")
_STRIKE = text(
    """
    update customer_merge_item set row_ids = coalesce((
      select jsonb_agg(v order by v) from jsonb_array_elements(row_ids) as v
      where not (v::text::bigint = any(:ids))), '[]')
    where merge_id = any(:merges) and table_name = :table
    """
)


def undo_merge(session: Session, merge_id: int, *, actor_name: str, now: datetime) -> CustomerMerge:
    """Make two persons again; both rows are declared split. Raises NotFound, MergeUndone."""
    merge = session.get(CustomerMerge, merge_id)
    if merge is None:
        raise NotFound(what="合并记录 merge")
    above, root = _lock_branch(session, merge)
    session.refresh(merge, with_for_update=True)
    if merge.undone_at is not None:
        raise MergeUndone()
    for reference, row_ids in session.execute(_ITEMS, {"merge": merge_id}).all():
        table, column = reference.split(".")
        back = session.scalars(
            text(
                f'update "{table}" set "{column}" = :absorbed'  # noqa: S608 - names noted by the merge itself
                f' where id = any(:ids) and "{column}" = :root returning id'
            ),
            {"absorbed": merge.absorbed_id, "root": root, "ids": row_ids},
        ).all()
        if above:
            session.execute(_STRIKE, {"ids": list(back), "merges": above, "table": reference})
    merge.undone_at, merge.undone_by = now, actor_name
    session.flush()
    _part(session, merge.absorbed_id, session.scalars(_BELOW, {"top": merge.absorbed_id}).all())
    declare_split(session, merge.absorbed_id, {merge.survivor_id, root}, now)
    refresh_customers(session, sorted({merge.absorbed_id, root}))
    touch_customers(session, sorted({merge.absorbed_id, root}))
    record_events(session, [_event(merge, customer, now, actor_name) for customer in (merge.absorbed_id, root)])
    session.expire_all()
    return merge


def _lock_branch(session: Session, merge: CustomerMerge) -> tuple[list[int], int]:
    """Lock the rows concerned in one go; answers the merges above and the present survivor, as under the lock."""
    while True:
        rows = session.execute(_ABOVE, {"start": merge.survivor_id}).all()
        root = rows[-1].survivor_id if rows else merge.survivor_id
        lock_customers(session, [merge.absorbed_id, merge.survivor_id, root])
        if session.execute(_ABOVE, {"start": merge.survivor_id}).all() == rows:
            return [row.id for row in rows], root


def _part(session: Session, absorbed: int, branch: Sequence[int]) -> None:
    """The absorbed row survives again, and what it had absorbed points at it."""
    session.execute(
        text("update customer set merged_into_id = case when id = :top then null else :top end where id = any(:ids)"),
        {"top": absorbed, "ids": list(branch)},
    )


def declare_split(session: Session, one: int, others: set[int], now: datetime) -> None:
    """No merge by itself joins `one` with any of `others` again."""
    pairs = sorted((min(one, other), max(one, other)) for other in others if other != one)
    session.execute(
        text(
            "insert into customer_split (low_id, high_id, at)"
            " select l, h, :now from unnest(cast(:low as bigint[]), cast(:high as bigint[])) as f (l, h)"
            " on conflict do nothing"
        ),
        {"low": [low for low, _ in pairs], "high": [high for _, high in pairs], "now": now},
    )


def _event(merge: CustomerMerge, customer_id: int, now: datetime, by: str) -> EventFact:
    return EventFact(
        customer_id,
        "merge_undone",
        now,
        "people",
        f"merge_undone:{merge.id}:{customer_id}",
        data={"merge_id": merge.id, "absorbed_id": merge.absorbed_id, "reason": merge.reason, "by": by},
    )


def merges_of(session: Session, customer_id: int) -> list[CustomerMerge]:
    """The merges that made this person, newest first: those still standing, all the way down."""
    below = session.scalars(_BELOW, {"top": customer_id}).all()
    return list(
        session.scalars(
            select(CustomerMerge)
            .where(CustomerMerge.absorbed_id.in_(below), CustomerMerge.undone_at.is_(None))
            .where(CustomerMerge.absorbed_id != customer_id)
            .order_by(CustomerMerge.at.desc(), CustomerMerge.id.desc())
        )
    )
