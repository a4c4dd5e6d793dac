"""Lists of groups and of their members: each a fixed number of queries, cut to the actor's scope by the groups' owners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from wellspring.people.groups.schemas import (
    CustomerGroup,
    GroupMemberRow,
    GroupPage,
    GroupRow,
    GroupStatus,
    MemberKind,
)
from wellspring.people.models import Customer, Department, GroupChat, GroupMember, Relationship, StaffMember
from wellspring.people.scope import customers_in_scope, departments_below, staff_in_scope
from wellspring.platform.auth.actor import Actor, Scope
from wellspring.platform.errors import Invalid, NotFound
from wellspring.platform.http import Page, Paging

LATELY = timedelta(days=30)
shown_status = case((GroupChat.dismissed_at.is_not(None), "dismissed"), else_=GroupChat.status)


@dataclass(frozen=True)
class GroupFilter:
    """`store_id`: a department with everything below it. `status`: None for every group that is not dismissed."""

    q: str | None = None
    status: GroupStatus | None = None
    owner_id: int | None = None
    store_id: int | None = None
    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class MemberFilter:
    """`left`: those who were in the group instead of those who are."""

    q: str | None = None
    kind: MemberKind | None = None
    left: bool = False


def in_scope(scope: Scope) -> list[ColumnElement[bool]]:
    """Groups of the staff in scope; one whose owner nobody knows is for those who see everything."""
    staff = staff_in_scope(scope)
    return [] if staff is None else [GroupChat.owner_id.in_(staff)]


def conditions(wanted: GroupFilter, scope: Scope) -> list[ColumnElement[bool]]:
    """Everything the rows must fulfil."""
    found = in_scope(scope)
    if wanted.ids:
        found.append(GroupChat.id.in_(wanted.ids))
    elif wanted.status is None:
        found.append(GroupChat.dismissed_at.is_(None))
    if wanted.status is not None:
        found.append(shown_status == wanted.status)
    if wanted.owner_id is not None:
        found.append(GroupChat.owner_id == wanted.owner_id)
    if wanted.store_id is not None:
        below = departments_below(wanted.store_id)
        members = select(StaffMember.id).where(
            or_(StaffMember.store_id.in_(below), StaffMember.department_id.in_(below))
        )
        found.append(GroupChat.owner_id.in_(members))
    if wanted.q and (q := wanted.q.strip()):
        found.append(or_(GroupChat.name.icontains(q, autoescape=True), GroupChat.chat_id == q))
    return found


def heads(where: list[ColumnElement[bool]]) -> Select[Any]:
    """The columns of a row, by the names of `GroupRow`."""
    return (
        select(
            GroupChat.id,
            GroupChat.chat_id,
            GroupChat.name,
            shown_status.label("status"),
            GroupChat.owner_id,
            StaffMember.name.label("owner_name"),
            StaffMember.store_id,
            Department.name.label("store_name"),
            GroupChat.member_count,
            GroupChat.customer_count,
            GroupChat.created_at,
            GroupChat.dismissed_at,
        )
        .outerjoin(StaffMember, StaffMember.id == GroupChat.owner_id)
        .outerjoin(Department, Department.id == StaffMember.store_id)
        .where(*where)
    )


SORTED = {
    "created_at": GroupChat.created_at,
    "name": GroupChat.name,
    "member_count": GroupChat.member_count,
    "customer_count": GroupChat.customer_count,
}


def _order_of(sort: str | None) -> list[Any]:
    column = SORTED.get((sort or "-created_at").lstrip("-"))
    if column is None:
        raise Invalid(field="sort", zh="不能按这一列排序。", en="This column can't be sorted by.")
    if (sort or "-").startswith("-"):
        return [column.desc().nulls_last(), GroupChat.id.desc()]
    return [column.asc().nulls_first(), GroupChat.id]


def list_groups(session: Session, actor: Actor, wanted: GroupFilter, paging: Paging) -> Page[GroupRow]:
    """Sort: created_at, name, member_count, customer_count; the newest first by itself."""
    where = conditions(wanted, actor.scope)
    total = session.scalar(select(func.count()).select_from(GroupChat).where(*where)) or 0
    page = heads(where).order_by(*_order_of(paging.sort)).limit(paging.page_size).offset(paging.offset)
    items = [GroupRow.model_validate(dict(row._mapping)) for row in session.execute(page)]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


def group_page(session: Session, actor: Actor, group_id: int, now: datetime) -> GroupPage:
    """Raises NotFound, also for a group outside the actor's scope."""
    row = session.execute(heads([GroupChat.id == group_id, *in_scope(actor.scope)])).first()
    if row is None:
        raise NotFound(what="客户群 group")
    of_group = [GroupMember.group_chat_id == group_id, GroupMember.kind == "customer"]
    since = now - LATELY
    figures = session.execute(
        select(
            func.count().filter(GroupMember.left_at.is_(None), _friend(GroupMember)).label("friends"),
            func.count().filter(GroupMember.joined_at >= since).label("joined_30_days"),
            func.count().filter(GroupMember.left_at >= since).label("left_30_days"),
        ).where(*of_group)
    ).one()
    group = session.get_one(GroupChat, group_id)
    return GroupPage.model_validate(
        {**row._mapping, **figures._mapping, "notice": group.notice, "synced_at": group.synced_at}
    )


def _friend(member: type[GroupMember]) -> ColumnElement[bool]:
    return exists().where(Relationship.customer_id == member.customer_id, Relationship.status == "friend")


def list_members(
    session: Session, actor: Actor, group_id: int, wanted: MemberFilter, paging: Paging
) -> Page[GroupMemberRow]:
    """Sort: joined_at, left_at; staff first, then customers, the newest first by itself. Raises NotFound."""
    if session.scalar(select(GroupChat.id).where(GroupChat.id == group_id, *in_scope(actor.scope))) is None:
        raise NotFound(what="客户群 group")
    where: list[ColumnElement[bool]] = [GroupMember.group_chat_id == group_id]
    where.append(GroupMember.left_at.is_not(None) if wanted.left else GroupMember.left_at.is_(None))
    if wanted.kind is not None:
        where.append(GroupMember.kind == wanted.kind)
    if wanted.q and (q := wanted.q.strip()):
        sought = (Customer.name, StaffMember.name, GroupMember.group_nickname)
        where.append(or_(*(column.icontains(q, autoescape=True) for column in sought), GroupMember.userid == q))
    reached = customers_in_scope(actor.scope)
    invitor = aliased(StaffMember)
    found = (
        select(
            GroupMember.id,
            GroupMember.kind,
            func.coalesce(Customer.name, StaffMember.name, "").label("name"),
            func.coalesce(Customer.avatar_url, StaffMember.avatar_url, "").label("avatar_url"),
            GroupMember.group_nickname,
            GroupMember.staff_id,
            case(
                (GroupMember.customer_id.in_(reached) if reached is not None else true(), GroupMember.customer_id)
            ).label("customer_id"),
            _friend(GroupMember).label("friend"),
            GroupMember.join_scene,
            func.coalesce(invitor.name, GroupMember.invitor).label("invitor_name"),
            GroupMember.state,
            GroupMember.joined_at,
            GroupMember.left_at,
        )
        .outerjoin(Customer, Customer.id == GroupMember.customer_id)
        .outerjoin(StaffMember, StaffMember.id == GroupMember.staff_id)
        .outerjoin(invitor, (invitor.userid == GroupMember.invitor) & (GroupMember.invitor != ""))
        .where(*where)
    )
    total = session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
    page = found.order_by(*_member_order(paging.sort)).limit(paging.page_size).offset(paging.offset)
    items = [GroupMemberRow.model_validate(dict(row._mapping)) for row in session.execute(page)]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


def _member_order(sort: str | None) -> list[Any]:
    match sort:
        case None:
            return [GroupMember.kind.desc(), GroupMember.joined_at.desc(), GroupMember.id]
        case "joined_at" | "left_at":
            return [getattr(GroupMember, sort), GroupMember.id]
        case "-joined_at" | "-left_at":
            return [getattr(GroupMember, sort[1:]).desc(), GroupMember.id]
    raise Invalid(field="sort", zh="不能按这一列排序。", en="This column can't be sorted by.")


def groups_of_customer(session: Session, scope: Scope, customer_id: int) -> list[CustomerGroup]:
    """Groups in scope that the customer is in, then those they were in; of two memberships of one group (a person whose
    two WeChat contacts were merged) both."""
    rows = session.execute(
        select(
            GroupChat.id,
            GroupChat.name,
            shown_status.label("status"),
            StaffMember.name.label("owner_name"),
            Department.name.label("store_name"),
            GroupMember.join_scene,
            GroupMember.joined_at,
            GroupMember.left_at,
        )
        .join(GroupMember, GroupMember.group_chat_id == GroupChat.id)
        .outerjoin(StaffMember, StaffMember.id == GroupChat.owner_id)
        .outerjoin(Department, Department.id == StaffMember.store_id)
        .where(GroupMember.customer_id == customer_id, *in_scope(scope))
        .order_by(GroupMember.left_at.is_not(None), GroupMember.joined_at.desc(), GroupMember.id)
    )
    return [CustomerGroup.model_validate(dict(row._mapping)) for row in rows]
