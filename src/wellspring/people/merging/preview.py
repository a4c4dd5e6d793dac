"""What a merge by hand would do, before it is done; and the doing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from wellspring.people import rules
from wellspring.people.customers.page import customer_for, identity_views
from wellspring.people.customers.schemas import MergePreview, MergeSide
from wellspring.people.errors import MergeRefused, SamePerson
from wellspring.people.merging.merge import merge_pairs
from wellspring.people.merging.references import customer_references
from wellspring.people.models import Customer, Relationship
from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.runtime import Platform


def preview_merge(session: Session, platform: Platform, actor: Actor, one: int, other: int) -> MergePreview:
    """Raises NotFound for somebody outside the actor's scope, SamePerson when they are one already."""
    pair = [customer_for(session, actor, one), customer_for(session, actor, other)]
    if pair[0].id == pair[1].id:
        raise SamePerson()
    survivor_id = rules.survivor_of([rules.Person(c.id, _known_since(session, c.id)) for c in pair]).id
    survivor, absorbed = sorted(pair, key=lambda customer: customer.id != survivor_id)
    sides = [_side(session, platform, actor, customer) for customer in (survivor, absorbed)]
    return MergePreview(
        survivor=sides[0],
        absorbed=sides[1],
        declared_split=_declared_split(session, survivor.id, absorbed.id),
        both_have_unionids=all(any(i.kind == "unionid" for i in side.identities) for side in sides),
    )


def _known_since(session: Session, customer_id: int) -> datetime | None:
    return session.scalar(select(func.min(Relationship.added_at)).where(Relationship.customer_id == customer_id))


_CLUSTER_SPLIT = text(
    """
    with a as (select id from customer where id = :a or merged_into_id = :a),
         b as (select id from customer where id = :b or merged_into_id = :b)
    select exists (select 1 from customer_split s, a, b
      where s.low_id = least(a.id, b.id) and s.high_id = greatest(a.id, b.id))
    """
)


def _declared_split(session: Session, a: int, b: int) -> bool:
    return bool(session.scalar(_CLUSTER_SPLIT, {"a": a, "b": b}))


def _side(session: Session, platform: Platform, actor: Actor, customer: Customer) -> MergeSide:
    rows = {
        reference.table: session.scalar(
            text(f'select count(*) from "{reference.table}" where "{reference.column}" = :id'),  # noqa: S608
            {"id": customer.id},
        )
        or 0
        for reference in customer_references()
    }
    friends = select(func.count()).where(Relationship.customer_id == customer.id, Relationship.status == "friend")
    return MergeSide(
        id=customer.id,
        name=customer.name,
        avatar_url=customer.avatar_url,
        first_added_at=customer.first_added_at,
        friends=session.scalar(friends) or 0,
        identities=identity_views(session, platform, actor, customer.id),
        rows={table: number for table, number in rows.items() if number},
    )


def merge_by_hand(session: Session, platform: Platform, actor: Actor, one: int, other: int) -> int:
    """Make one person of two, whatever was declared before; answers the survivor. Raises as preview_merge."""
    pair = [customer_for(session, actor, one), customer_for(session, actor, other)]
    if pair[0].id == pair[1].id:
        raise SamePerson()
    merged = merge_pairs(
        session,
        platform,
        [(pair[0].id, pair[1].id)],
        reason="manual",
        actor_name=actor.name,
        now=platform.clock.now(),
        ignore_splits=True,
    )
    if not merged.merge_ids:
        raise MergeRefused()
    ((absorbed, survivor),) = merged.survivor_of.items()
    session.execute(
        text("delete from customer_split where low_id = :low and high_id = :high"),
        {"low": min(absorbed, survivor), "high": max(absorbed, survivor)},
    )
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="people.customer.merge",
        object_type="customer",
        object_id=survivor,
        absorbed_id=absorbed,
        merge_id=merged.merge_ids[0],
    )
    return survivor
