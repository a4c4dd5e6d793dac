"""The people of a broadcast as they are now: still friends? who speaks to them?"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from wellspring.outreach.rules import Person, Sender
from wellspring.people.facade import Customer, Relationship, StaffMember, staff_in_scope
from wellspring.platform.auth.actor import Scope


def look_at(session: Session, scope: Scope, assigned_ids: Sequence[int], *, taken: set[int]) -> list[Person]:
    """One Person per id, in the order given. `taken`: people of this broadcast seen so far; it grows.

    Of several friends among the staff, an active one speaks, and of those the one added last. The scope's
    staff alone count: outside it nobody is a friend.
    """
    people_of = survivors(session, assigned_ids)
    friends = _friends(session, scope, list(set(people_of.values())))
    people = []
    for assigned_id in assigned_ids:
        customer_id = people_of.get(assigned_id, assigned_id)
        again = customer_id in taken
        taken.add(customer_id)
        sender, is_friend = friends.get(customer_id, (None, False))
        people.append(Person(assigned_id, customer_id, again, is_friend, sender))
    return people


def survivors(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """id -> the person behind it: itself, or whom it was merged into."""
    rows = session.execute(
        select(Customer.id, func.coalesce(Customer.merged_into_id, Customer.id)).where(
            Customer.id == func.any(list(ids))
        )
    )
    return dict(rows.all())


def _friends(session: Session, scope: Scope, ids: Sequence[int]) -> dict[int, tuple[Sender | None, bool]]:
    active = (StaffMember.status == "active") & StaffMember.may_contact
    query = (
        select(Relationship.customer_id, StaffMember.id, Relationship.external_userid, active.label("active"))
        .ext(distinct_on(Relationship.customer_id))
        .join(StaffMember, StaffMember.id == Relationship.staff_id)
        .where(Relationship.customer_id == func.any(list(ids)), Relationship.status == "friend")
        .order_by(Relationship.customer_id, active.desc(), Relationship.added_at.desc(), Relationship.id.desc())
    )
    if (staff := staff_in_scope(scope)) is not None:
        query = query.where(Relationship.staff_id.in_(staff))
    return {
        customer_id: (Sender(staff_id, external_userid) if is_active else None, True)
        for customer_id, staff_id, external_userid, is_active in session.execute(query)
    }
