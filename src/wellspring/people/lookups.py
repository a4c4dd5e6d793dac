"""Names and places of people, for other domains and for lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from wellspring.people.customers.filters import CustomerFilter, conditions
from wellspring.people.models import Customer, Department, GroupChat, StaffMember, Store, Tag
from wellspring.platform.auth.actor import Scope
from wellspring.platform.secrets import SecretBox


@dataclass(frozen=True, slots=True)
class StaffInfo:
    """A member of staff. `store_id` and `store_name` are None outside any store."""

    id: int
    userid: str
    name: str
    status: str
    may_contact: bool
    store_id: int | None
    store_name: str | None


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """A store; `id` is its department's."""

    id: int
    name: str
    code: str
    city: str
    path: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Who can reach a customer: a friend among the staff."""

    staff_id: int
    userid: str
    external_userid: str
    relationship_id: int


def customer_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """id -> WeChat name; empty for those known by an order only."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    rows = session.execute(select(Customer.id, Customer.name).where(Customer.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def staff_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    return {staff_id: info.name for staff_id, info in staff(session, ids).items()}


def staff(session: Session, ids: Iterable[int]) -> dict[int, StaffInfo]:
    wanted = list(set(ids))
    if not wanted:
        return {}
    rows = session.execute(
        select(StaffMember, Department.name)
        .outerjoin(Department, Department.id == StaffMember.store_id)
        .where(StaffMember.id.in_(wanted))
    )
    return {
        member.id: StaffInfo(
            member.id, member.userid, member.name, member.status, member.may_contact, member.store_id, store_name
        )
        for member, store_name in rows
    }


def stores(session: Session) -> list[StoreInfo]:
    """Every open store, in the order of the organisation."""
    rows = session.execute(
        select(Department.id, Department.name, Store.code, Store.city, Department.path)
        .join(Store, Store.department_id == Department.id)
        .where(Department.kind == "store", Department.deleted_at.is_(None))
        .order_by(Department.position.desc(), Department.id)
    )
    return [StoreInfo(*row) for row in rows]


def tag_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Deleted tags keep their names."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    return {row.id: row.name for row in session.execute(select(Tag.id, Tag.name).where(Tag.id.in_(wanted)))}


def group_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Dismissed groups keep their names; an unnamed one is shown by what it is."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    rows = session.execute(select(GroupChat.id, GroupChat.name).where(GroupChat.id.in_(wanted)))
    return {row.id: row.name or f"#{row.id}" for row in rows}


_SENDERS = text(
    """
    select distinct on (r.customer_id) r.customer_id, s.id, s.userid, r.external_userid, r.id
    from relationship r join staff_member s on s.id = r.staff_id
    where r.customer_id = any(:ids) and r.status = 'friend' and s.status = 'active' and s.may_contact
    order by r.customer_id, r.added_at desc, r.id desc
    """
)


def senders_for(session: Session, customer_ids: Iterable[int]) -> dict[int, Sender]:
    """customer -> the friend among active staff who was added last. Customers without one are not in the answer."""
    wanted = list(set(customer_ids))
    if not wanted:
        return {}
    return {
        customer_id: Sender(staff_id, userid, external_userid, relationship_id)
        for customer_id, staff_id, userid, external_userid, relationship_id in session.execute(
            _SENDERS, {"ids": wanted}
        )
    }


@dataclass(frozen=True, slots=True)
class Friendship:
    """A friendship with a member of staff who works here. `carries`: it has the tag that was asked about."""

    relationship_id: int
    customer_id: int
    carries: bool


_FRIENDSHIPS = text(
    """
    select r.id, r.customer_id, t.tag_id is not null
    from relationship r join staff_member s on s.id = r.staff_id
    left join relationship_tag t on t.relationship_id = r.id and t.tag_id = :tag
    where r.customer_id = any(:ids) and r.status = 'friend' and s.status = 'active'
    order by r.customer_id, r.id
    """
)


def friendships_for_tag(session: Session, customer_ids: Iterable[int], tag_id: int) -> list[Friendship]:
    """Where a tag for these customers belongs: WeCom keeps tags apart for each member of staff."""
    wanted = list(customer_ids)
    return [Friendship(*row) for row in session.execute(_FRIENDSHIPS, {"ids": wanted, "tag": tag_id})] if wanted else []


def customers_matching(q: str, scope: Scope, secrets: SecretBox) -> Select[int]:
    """Ids of the customers in scope that the search box of customers finds; not by mobile, which needs a right of its own."""
    found = conditions(CustomerFilter(q=q), scope, secrets, may_search_mobile=False)
    return select(Customer.id).where(*found)
