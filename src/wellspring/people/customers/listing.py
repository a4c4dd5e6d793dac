"""One page of customers: a fixed number of queries, whatever the page size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from wellspring.people import rules
from wellspring.people.customers.filters import BEST_FIRST, CustomerFilter, conditions
from wellspring.people.customers.schemas import CustomerRow, RelationshipBrief, Status, TagMark
from wellspring.people.models import Customer
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
    ids = session.scalars(
        select(Customer.id).where(*where).order_by(*order_of(paging.sort)).limit(paging.page_size).offset(paging.offset)
    ).all()
    items = customer_rows(session, platform, actor.scope, ids)
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


_HEADS = text(
    """
    select c.id, c.name, c.avatar_url, c.gender, c.kind, c.company_name, c.first_added_at, m.value_sealed
    from unnest(cast(:ids as bigint[])) with ordinality as f (id, n)
    join customer c on c.id = f.id
    left join lateral (select i.value_sealed from identity i where i.customer_id = c.id and i.kind = 'mobile'
                       order by i.id limit 1) m on true
    order by f.n
    """
)
_RELATIONSHIPS = text(
    """
    select r.id, r.customer_id, r.staff_id, s.name as staff_name, d.name as store_name, r.status, r.remark, r.added_at
    from relationship r join staff_member s on s.id = r.staff_id left join department d on d.id = s.store_id
    where r.customer_id = any(:ids) and (cast(:staff as bigint[]) is null or r.staff_id = any(:staff))
    order by r.added_at desc, r.id desc
    """
)
_TAGS = text(
    """
    select distinct x.customer_id, t.id, t.name, t.group_id
    from relationship_tag x join tag t on t.id = x.tag_id
    join relationship r on r.id = x.relationship_id
    where x.customer_id = any(:ids) and (cast(:staff as bigint[]) is null or r.staff_id = any(:staff))
    order by t.group_id, t.id
    """
)


def staff_ids_in_scope(session: Session, scope: Scope) -> list[int] | None:
    """None: everybody."""
    staff = staff_in_scope(scope)
    return None if staff is None else list(session.scalars(staff))


def customer_rows(session: Session, platform: Platform, scope: Scope, ids: Sequence[int]) -> list[CustomerRow]:
    """Rows in the order of `ids`, in three queries, one more under a scope."""
    if not ids:
        return []
    shown = {"ids": list(ids), "staff": staff_ids_in_scope(session, scope)}
    relationships: dict[int, list[RelationshipBrief]] = {}
    for row in session.execute(_RELATIONSHIPS, shown):
        relationships.setdefault(row.customer_id, []).append(
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
    tags: dict[int, list[TagMark]] = {}
    for row in session.execute(_TAGS, shown):
        tags.setdefault(row.customer_id, []).append(TagMark(id=row.id, name=row.name))
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
            mobile_masked=rules.mask_mobile(platform.secrets.open(head.value_sealed)) if head.value_sealed else None,
        )
        for head in session.execute(_HEADS, {"ids": list(ids)})
    ]


def best_status(statuses: Sequence[str]) -> Status:
    return next((status for status in BEST_FIRST if status in statuses), "none")
