"""Merging: the absorbed row stays and points at the survivor; everything that was its is moved, and noted, row by
row, so that the undo can move back exactly that.

Locks: all rows concerned are locked in the order of their ids, before anything is looked at. Who writes rows
against a customer holds it with `for key share` (see identities), and so is either seen here or waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Index, Table, UniqueConstraint, text
from sqlalchemy.orm import Session

from wellspring.people import rules
from wellspring.people.identities import refresh_customers, touch_customers
from wellspring.people.merging.references import CustomerReference, customer_references
from wellspring.people.timeline import EventFact, record_events
from wellspring.platform.db import Base
from wellspring.platform.runtime import Platform


@dataclass(frozen=True)
class Merged:
    """`survivor_of`: absorbed -> survivor, for the rows merged now. `refused`: pairs (as surviving rows) that an
    operator declared two people."""

    survivor_of: dict[int, int] = field(default_factory=dict)
    refused: list[tuple[int, int]] = field(default_factory=list)
    merge_ids: list[int] = field(default_factory=list)


_LOCK = text("select id, merged_into_id from customer where id = any(:ids) order by id for update")
_MEMBERS = text(
    "select coalesce(merged_into_id, id) as root, id from customer where id = any(:r) or merged_into_id = any(:r)"
)
_SPLITS = text("select low_id, high_id from customer_split where low_id = any(:ids) and high_id = any(:ids)")
_KNOWN_SINCE = text(
    "select c.id, (select min(added_at) from relationship r where r.customer_id = c.id)"
    " from customer c where c.id = any(:ids)"
)


def lock_customers(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """Lock rows and the rows they have been merged into; id -> surviving row as it is under the lock."""
    wanted = set(ids)
    while True:
        # Rows that turn out to be missing are locked with the others anew, so that the order of ids holds.
        attempt = session.begin_nested()
        locked = {row.id: row.merged_into_id for row in session.execute(_LOCK, {"ids": sorted(wanted)})}
        missing = {merged for merged in locked.values() if merged is not None} - locked.keys()
        if not missing:
            attempt.commit()
            return {row_id: merged or row_id for row_id, merged in locked.items()}
        attempt.rollback()
        wanted |= missing


def merge_pairs(
    session: Session,
    platform: Platform,
    pairs: Sequence[tuple[int, int]],
    *,
    reason: str,
    actor_name: str,
    now: datetime,
    ignore_splits: bool = False,
) -> Merged:
    """Make one person of each pair, all in one go. Who survives: see rules.survivor_of. Pairs that an operator
    declared two people are left alone and answered as refused, unless `ignore_splits` (the operator asks)."""
    if not pairs:
        return Merged()
    root_of = lock_customers(session, {row_id for pair in pairs for row_id in pair})
    roots = sorted(set(root_of.values()))
    members: dict[int, list[int]] = {}
    for root, row_id in session.execute(_MEMBERS, {"r": roots}):
        members.setdefault(root, []).append(row_id)
    everyone = [row_id for rows in members.values() for row_id in rows]
    splits = [] if ignore_splits else [(low, high) for low, high in session.execute(_SPLITS, {"ids": everyone})]
    rooted = [(root_of[a], root_of[b]) for a, b in pairs if a in root_of and b in root_of]
    groups, refused = rules.merge_groups(rooted, splits, members)
    if not groups:
        return Merged(refused=refused)
    people = {
        row_id: rules.Person(row_id, known_since)
        for row_id, known_since in session.execute(_KNOWN_SINCE, {"ids": sorted({r for g in groups for r in g})})
    }
    survivor_of: dict[int, int] = {}
    for group in groups:
        survivor = rules.survivor_of([people[row_id] for row_id in group]).id
        survivor_of |= {row_id: survivor for row_id in sorted(group) if row_id != survivor}
    merge_ids: list[int] = []
    for part in _one_each(survivor_of):
        merge_ids += _absorb(session, part, reason, actor_name, now)
    return Merged(survivor_of, refused, merge_ids)


def _one_each(survivor_of: dict[int, int]) -> list[dict[int, int]]:
    """Parts in which no survivor absorbs two rows at once: two that have like rows must come one after the other,
    or their rows would collide at the survivor."""
    parts: list[dict[int, int]] = []
    seen: dict[int, int] = {}
    for absorbed, survivor in survivor_of.items():
        turn = seen.get(survivor, 0)
        seen[survivor] = turn + 1
        if turn == len(parts):
            parts.append({})
        parts[turn][absorbed] = survivor
    return parts


_NOTE = text(
    """
    insert into customer_merge (survivor_id, absorbed_id, reason, at, actor_name)
    select f.survivor, f.absorbed, :reason, :at, :actor
    from unnest(cast(:absorbed as bigint[]), cast(:survivors as bigint[])) as f (absorbed, survivor)
    order by f.absorbed returning id, absorbed_id
    """
)
_POINT = text(
    """
    update customer c set merged_into_id = f.survivor
    from unnest(cast(:absorbed as bigint[]), cast(:survivors as bigint[])) as f (absorbed, survivor)
    where c.id = f.absorbed or c.merged_into_id = f.absorbed
    """
)
_NOTE_ITEMS = text(
    """
    insert into customer_merge_item (merge_id, table_name, row_ids)
    select f.merge_id, :table, f.rows::jsonb
    from unnest(cast(:merges as bigint[]), cast(:rows as text[])) as f (merge_id, rows)
    """
)


def _absorb(session: Session, survivor_of: dict[int, int], reason: str, actor_name: str, now: datetime) -> list[int]:
    absorbed, survivors = list(survivor_of), list(survivor_of.values())
    mapping = {"absorbed": absorbed, "survivors": survivors}
    rows = session.execute(_NOTE, {**mapping, "reason": reason, "at": now, "actor": actor_name}).all()
    merge_of = {absorbed_id: merge_id for merge_id, absorbed_id in rows}
    for reference in customer_references():
        moved: dict[int, list[int]] = {}
        for row_id, was in session.execute(text(move_sql(reference)), mapping):
            moved.setdefault(was, []).append(row_id)
        if moved:
            session.execute(
                _NOTE_ITEMS,
                {
                    "table": f"{reference.table}.{reference.column}",
                    "merges": [merge_of[was] for was in moved],
                    "rows": [str(sorted(ids)) for ids in moved.values()],
                },
            )
    session.execute(_POINT, mapping)
    everyone = sorted({*absorbed, *survivors})
    refresh_customers(session, everyone)
    touch_customers(session, survivors)
    record_events(
        session,
        [
            EventFact(
                survivor_of[absorbed_id],
                "merged",
                now,
                "people",
                f"merged:{merge_id}",
                data={"merge_id": merge_id, "absorbed_id": absorbed_id, "reason": reason, "by": actor_name},
            )
            for absorbed_id, merge_id in merge_of.items()
        ],
    )
    session.expire_all()
    return sorted(merge_of.values())


def move_sql(reference: CustomerReference) -> str:
    """Move the rows of the absorbed to their survivors; answers id and from whom. A row that the survivor already
    has its like of, by a unique key of the table, stays where it is."""
    table, column = reference.table, reference.column
    likeness = [
        f'not exists (select 1 from "{table}" o where o."{column}" = f.survivor and {_same(others)})'  # noqa: S608
        for others in _unique_with(Base.metadata.tables[table], column)
    ]
    conditions = " and ".join([f't."{column}" = f.absorbed', *likeness])
    return (
        f'update "{table}" t set "{column}" = f.survivor'  # noqa: S608 - names come from our own tables
        " from unnest(cast(:absorbed as bigint[]), cast(:survivors as bigint[])) as f (absorbed, survivor)"
        f" where {conditions} returning t.id, f.absorbed"
    )


def _same(columns: list[str]) -> str:
    return " and ".join(f'o."{column}" = t."{column}"' for column in columns) or "true"


def _unique_with(table: Table, column: str) -> list[list[str]]:
    """For each unique key of `table` that holds `column`: its other columns."""
    keys = [
        [str(name) for name in constraint.columns.keys()]  # noqa: SIM118 - a column collection, not a dict
        for constraint in (*table.constraints, *table.indexes)
        if isinstance(constraint, UniqueConstraint) or (isinstance(constraint, Index) and constraint.unique)
    ]
    return [[name for name in key if name != column] for key in keys if column in key]
