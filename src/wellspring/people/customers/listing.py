"""One page of customers: a fixed number of queries, whatever the page size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from wellspring.people import rules
from wellspring.people.customers.filters import BEST_FIRST, CustomerFilter, conditions
from wellspring.people.customers.schemas import CustomerRow, RelationshipBrief, Status, TagMark
from wellspring.people.models import Customer, Department, Identity, Relationship, RelationshipTag, StaffMember, Tag
from wellspring.people.scope import staff_in_scope
from wellspring.platform.auth.actor import Actor, Scope
from wellspring.platform.errors import Invalid
from wellspring.platform.http import Page, Paging
from wellspring.platform.runtime import Platform

MOBILE_PERMISSION = "people.customer.mobile"
SHOWN_RELATIONSHIPS = 5
SHOWN_TAGS = 8


def list_customers(
    session: Session, platform: Platform, actor: Actor, wanted: CustomerFilter, paging: Paging
) -> Page[CustomerRow]:
    """Customers in the actor's scope. Sort: first_added_at, name, id; newest friends first by itself."""
    where = conditions(wanted, actor.scope, platform.secrets, may_search_mobile=actor.may(MOBILE_PERMISSION))
    total = session.scalar(select(func.count()).select_from(Customer).where(*where)) or 0
    page = heads(where).order_by(*order_of(paging.sort)).limit(paging.page_size).offset(paging.offset)
    items = customer_rows(session, platform, actor.scope, session.execute(page).all())
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


def order_of(sort: str | None) -> list[Any]:
    descending = (sort or "-first_added_at").startswith("-")
    name = (sort or "-first_added_at").lstrip("-")
    if name == "first_added_at":
        column = Customer.first_added_at
        # The same direction for both, so that the index over (first_added_at desc, id desc) serves either way.
        return (
            [column.desc().nulls_last(), Customer.id.desc()]
            if descending
            else [column.asc().nulls_first(), Customer.id.asc()]
        )
    if name == "name":
        return [Customer.name.desc() if descending else Customer.name.asc(), Customer.id]
    if name == "id":
        return [Customer.id.desc() if descending else Customer.id.asc()]
    raise Invalid(field="sort", zh="不能按这一列排序。", en="This column can't be sorted by.")


def heads(where: list[ColumnElement[bool]]) -> Select[Any]:
    """What a row of the list begins with: the customer's own columns and one mobile, sealed."""
    mobile = (
        select(Identity.value_sealed)
        .where(Identity.customer_id == Customer.id, Identity.kind == "mobile")
        .order_by(Identity.id)
        .limit(1)
        .scalar_subquery()
    )
    return select(
        Customer.id,
        Customer.name,
        Customer.avatar_url,
        Customer.gender,
        Customer.kind,
        Customer.company_name,
        Customer.first_added_at,
        mobile.label("mobile_sealed"),
    ).where(*where)


def staff_ids_in_scope(session: Session, scope: Scope) -> list[int] | None:
    """None: everybody."""
    staff = staff_in_scope(scope)
    return None if staff is None else list(session.scalars(staff))


def customer_rows(session: Session, platform: Platform, scope: Scope, found: Sequence[Any]) -> list[CustomerRow]:
    """Rows for what `heads` found, in its order, in two more queries."""
    if not found:
        return []
    ids = [head.id for head in found]
    relationships = _relationships(session, scope, ids)
    tags = _tags(session, scope, ids)
    return [
        CustomerRow(
            id=head.id,
            name=head.name,
            avatar_url=head.avatar_url,
            gender=head.gender,
            kind=head.kind,
            company_name=head.company_name,
            first_added_at=head.first_added_at,
            status=best_status([r.status for r in relationships.get(head.id, [])]),
            relationships=relationships.get(head.id, [])[:SHOWN_RELATIONSHIPS],
            tags=tags.get(head.id, [])[:SHOWN_TAGS],
            mobile_masked=rules.mask_mobile(platform.secrets.open(head.mobile_sealed)) if head.mobile_sealed else None,
        )
        for head in found
    ]


def _relationships(session: Session, scope: Scope, ids: list[int]) -> dict[int, list[RelationshipBrief]]:
    query = (
        select(
            Relationship.id,
            Relationship.customer_id,
            Relationship.staff_id,
            StaffMember.name.label("staff_name"),
            Department.name.label("store_name"),
            Relationship.status,
            Relationship.remark,
            Relationship.added_at,
        )
        .join(StaffMember, StaffMember.id == Relationship.staff_id)
        .outerjoin(Department, Department.id == StaffMember.store_id)
        .where(Relationship.customer_id.in_(ids))
        .order_by(Relationship.added_at.desc(), Relationship.id.desc())
    )
    staff = staff_in_scope(scope)
    if staff is not None:
        query = query.where(Relationship.staff_id.in_(staff))
    found: dict[int, list[RelationshipBrief]] = {}
    for row in session.execute(query):
        found.setdefault(row.customer_id, []).append(
            RelationshipBrief(
                id=row.id,
                staff_id=row.staff_id,
                staff_name=row.staff_name,
                store_name=row.store_name,
                status=row.status,
                remark=row.remark,
                added_at=row.added_at,
            )
        )
    return found


def _tags(session: Session, scope: Scope, ids: list[int]) -> dict[int, list[TagMark]]:
    query = (
        select(RelationshipTag.customer_id, Tag.id, Tag.name, Tag.group_id)
        .join(Tag, Tag.id == RelationshipTag.tag_id)
        .join(Relationship, Relationship.id == RelationshipTag.relationship_id)
        .where(RelationshipTag.customer_id.in_(ids))
        .order_by(Tag.group_id, Tag.id)
        .distinct()
    )
    staff = staff_in_scope(scope)
    if staff is not None:
        query = query.where(Relationship.staff_id.in_(staff))
    found: dict[int, list[TagMark]] = {}
    for row in session.execute(query):
        found.setdefault(row.customer_id, []).append(TagMark(id=row.id, name=row.name))
    return found


def best_status(statuses: Sequence[str]) -> Status:
    return next((status for status in BEST_FIRST if status in statuses), "none")
