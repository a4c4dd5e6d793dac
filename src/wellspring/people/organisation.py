"""The organisation: its tree with counts, stores, staff, tags; what an operator sets of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from wellspring.people.errors import StoreCodeTaken
from wellspring.people.intake.organisation import settle_organisation
from wellspring.people.models import Department, Relationship, StaffMember, Store, Tag, TagGroup
from wellspring.people.schemas import (
    DepartmentChange,
    DepartmentRow,
    DepartmentView,
    Organisation,
    StaffRow,
    StoreRow,
    StoreView,
    TagGroupView,
    TagRow,
    TagTree,
)
from wellspring.people.scope import departments_in_scope, staff_in_scope, store_ids_in_scope
from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor, Scope
from wellspring.platform.clock import Clock
from wellspring.platform.errors import Invalid, NotFound
from wellspring.platform.http import Page, Paging

STAFF_SORTS: dict[str, Any] = {
    "name": StaffMember.name,
    "status": StaffMember.status,
    "userid": StaffMember.userid,
}


def organisation(session: Session, scope: Scope) -> Organisation:
    """The tree of the scope: a store manager sees the store, headquarters everything."""
    departments = _departments(session, scope)
    staff_of, friends_of = _counts(session, scope)
    views = {
        department.id: DepartmentView(
            id=department.id,
            parent_id=department.parent_id,
            name=department.name,
            kind=department.kind,
            kind_chosen=department.kind_chosen,
            staff=0,
            friends=0,
            store=_store_view(store) if department.kind == "store" and store is not None else None,
        )
        for department, store in departments
    }
    for department, _ in departments:
        for ancestor in (int(part) for part in department.path.split("/") if part):
            if ancestor in views:
                views[ancestor].staff += staff_of.get(department.id, 0)
                views[ancestor].friends += friends_of.get(department.id, 0)
    for view in views.values():
        if view.parent_id not in views:
            view.parent_id = None
    tops = [view for view in views.values() if view.parent_id is None]
    return Organisation(
        departments=list(views.values()),
        staff=sum(view.staff for view in tops),
        friends=sum(view.friends for view in tops),
        stores=sum(view.kind == "store" for view in views.values()),
    )


def _departments(session: Session, scope: Scope) -> list[tuple[Department, Store | None]]:
    query = (
        select(Department, Store)
        .outerjoin(Store, Store.department_id == Department.id)
        .where(Department.deleted_at.is_(None))
        .order_by(func.length(Department.path), Department.position.desc(), Department.id)
    )
    reached = departments_in_scope(scope)
    if reached is not None:
        query = query.where(Department.id.in_(reached))
    return [(department, store) for department, store in session.execute(query)]


def _counts(session: Session, scope: Scope) -> tuple[dict[int, int], dict[int, int]]:
    """By department itself: members who have not left, friendships that last."""
    staff = staff_in_scope(scope)
    members = select(StaffMember.department_id, func.count()).where(
        StaffMember.status != "left", StaffMember.department_id.is_not(None)
    )
    friends = (
        select(StaffMember.department_id, func.count())
        .join(Relationship, Relationship.staff_id == StaffMember.id)
        .where(Relationship.status == "friend", StaffMember.department_id.is_not(None))
    )
    if staff is not None:
        members, friends = members.where(StaffMember.id.in_(staff)), friends.where(StaffMember.id.in_(staff))
    return _count_by(session, members), _count_by(session, friends)


def _count_by(session: Session, query: Any) -> dict[int, int]:
    rows = session.execute(query.group_by(StaffMember.department_id)).all()
    return {row[0]: row[1] for row in rows}


def _store_view(store: Store) -> StoreView:
    return StoreView(
        code=store.code,
        city=store.city,
        address=store.address,
        latitude=store.latitude,
        longitude=store.longitude,
        hours=store.hours,
    )


def department_change(
    session: Session, *, actor: Actor, clock: Clock, department_id: int, change: DepartmentChange
) -> None:
    """Say what a department is, and what its customers should know of a store. Raises NotFound, StoreCodeTaken."""
    department = session.get(Department, department_id, with_for_update=True)
    if department is None or department.deleted_at is not None:
        raise NotFound(what="部门 department")
    given = change.model_dump(exclude_unset=True)
    kind = given.pop("kind", None)
    if kind is not None and kind != department.kind:
        department.kind, department.kind_chosen = kind, True
        session.flush()
        settle_organisation(session)
    if given:
        _change_store(session, department, given)
    audit.record(
        session,
        actor=actor,
        at=clock.now(),
        action="people.department.change",
        object_type="department",
        object_id=department_id,
        **change.model_dump(exclude_unset=True),
    )


def _change_store(session: Session, department: Department, given: dict[str, Any]) -> None:
    store = session.get(Store, department.id) if department.kind == "store" else None
    if store is None:
        raise Invalid(
            field="kind", zh="只有门店才有这些资料，请先设为门店。", en="Only stores have these: make it a store first."
        )
    taken = (
        given.get("code")
        and session.execute(
            select(Department.name)
            .join(Store, Store.department_id == Department.id)
            .where(Store.code == given["code"], Store.department_id != department.id)
        ).scalar_one_or_none()
    )
    if taken:
        raise StoreCodeTaken(value=given["code"], store=taken)
    if (given.get("latitude", store.latitude) is None) != (given.get("longitude", store.longitude) is None):
        raise Invalid(field="longitude", zh="经度和纬度要一起填。", en="Latitude and longitude go together.")
    for name, value in given.items():
        setattr(store, name, value if value is not None or name in ("latitude", "longitude") else "")
    session.flush()


Ids = Sequence[int] | None
"""Only these: a form asks for the names of what it already holds."""


def _page(session: Session, query: Any, paging: Paging, to_view: Callable[[Any], Any], order: list[Any]) -> Page[Any]:
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = session.execute(query.order_by(*order).limit(paging.page_size).offset(paging.offset)).all()
    return Page(items=[to_view(row) for row in rows], total=total, page=paging.page, page_size=paging.page_size)


def list_stores(session: Session, scope: Scope, paging: Paging, *, ids: Ids = None) -> Page[StoreRow]:
    query = (
        select(Department.id, Department.name, Store.code, Store.city)
        .join(Store, Store.department_id == Department.id)
        .where(Department.kind == "store", Department.deleted_at.is_(None))
    )
    reached = store_ids_in_scope(scope)
    if reached is not None:
        query = query.where(Department.id.in_(reached))
    if ids is not None:
        query = query.where(Department.id.in_(ids))
    if paging.q:
        columns = (Department.name, Store.code, Store.city)
        query = query.where(or_(*(column.icontains(paging.q, autoescape=True) for column in columns)))
    return _page(
        session,
        query,
        paging,
        lambda row: StoreRow(id=row.id, name=row.name, code=row.code, city=row.city),
        [Department.position.desc(), Department.id],
    )


def list_departments(session: Session, scope: Scope, paging: Paging, *, ids: Ids = None) -> Page[DepartmentRow]:
    query = select(Department.id, Department.name, Department.kind).where(Department.deleted_at.is_(None))
    reached = departments_in_scope(scope)
    if reached is not None:
        query = query.where(Department.id.in_(reached))
    if ids is not None:
        query = query.where(Department.id.in_(ids))
    if paging.q:
        query = query.where(Department.name.icontains(paging.q, autoescape=True))
    return _page(
        session,
        query,
        paging,
        lambda row: DepartmentRow(id=row.id, name=row.name, kind=row.kind),
        [func.length(Department.path), Department.id],
    )


def department_row(session: Session, department_id: int) -> DepartmentRow:
    department = session.get(Department, department_id)
    if department is None:
        raise NotFound(what="部门 department")
    return DepartmentRow(id=department.id, name=department.name, kind=department.kind)


def staff_row(session: Session, scope: Scope, staff_id: int) -> StaffRow:
    query, _ = _staff_query(scope)
    row = session.execute(query.where(StaffMember.id == staff_id)).one_or_none()
    if row is None:
        raise NotFound(what="成员 member of staff")
    return _staff_row(row)


def _staff_query(scope: Scope) -> tuple[Any, Any]:
    """Members in scope with department, store and friends; and the count of friends, to sort by."""
    store, department = aliased(Department), aliased(Department)
    friends = (
        select(func.count())
        .where(Relationship.staff_id == StaffMember.id, Relationship.status == "friend")
        .scalar_subquery()
    )
    query = (
        select(StaffMember, department.name, store.name, friends.label("friends"))
        .outerjoin(department, department.id == StaffMember.department_id)
        .outerjoin(store, store.id == StaffMember.store_id)
    )
    reached = staff_in_scope(scope)
    return (query if reached is None else query.where(StaffMember.id.in_(reached))), friends


def list_staff(
    session: Session,
    scope: Scope,
    paging: Paging,
    *,
    department_id: int | None,
    status: str | None,
    may_contact: bool | None,
    ids: Ids = None,
) -> Page[StaffRow]:
    """`department_id`: with everything below it. Without `status`, those who left come last."""
    query, friends = _staff_query(scope)
    if department_id is not None:
        query = query.where(
            StaffMember.id.in_(staff_in_scope(Scope("region", department_id=department_id)))  # type: ignore[arg-type]
        )
    if status is not None:
        query = query.where(StaffMember.status == status)
    if may_contact is not None:
        query = query.where(StaffMember.may_contact == may_contact)
    if ids is not None:
        query = query.where(StaffMember.id.in_(ids))
    if paging.q:
        columns = (StaffMember.name, StaffMember.userid, StaffMember.alias)
        query = query.where(or_(*(column.icontains(paging.q, autoescape=True) for column in columns)))
    return _page(session, query, paging, _staff_row, [*_staff_order(paging.sort, friends), StaffMember.id])


def _staff_order(sort: str | None, friends: Any) -> list[Any]:
    if not sort:
        return [StaffMember.status == "left", StaffMember.may_contact.desc(), store_first(), StaffMember.name]
    column = (STAFF_SORTS | {"friends": friends}).get(sort.lstrip("-"))
    if column is None:
        raise Invalid(field="sort", zh="不能按这一列排序。", en="This column can't be sorted by.")
    return [column.desc() if sort.startswith("-") else column.asc()]


def store_first() -> Any:
    return StaffMember.store_id.asc().nulls_last()


def _staff_row(row: Any) -> StaffRow:
    member, department_name, store_name, friends = row
    return StaffRow(
        id=member.id,
        userid=member.userid,
        name=member.name,
        alias=member.alias,
        avatar_url=member.avatar_url,
        position=member.position,
        status=member.status,
        may_contact=member.may_contact,
        department_id=member.department_id,
        department_name=department_name,
        store_id=member.store_id,
        store_name=store_name,
        friends=friends,
        left_at=member.left_at,
    )


def _live_tags() -> Any:
    return (
        select(Tag.id, Tag.name, Tag.group_id, TagGroup.name.label("group_name"))
        .join(TagGroup, TagGroup.id == Tag.group_id)
        .where(Tag.deleted_at.is_(None))
    )


TAG_ORDER = (TagGroup.position.desc(), TagGroup.id, Tag.position.desc(), Tag.id)


def _tag_row(row: Any) -> TagRow:
    return TagRow(id=row.id, name=row.name, group_id=row.group_id, group_name=row.group_name)


def list_tags(session: Session, paging: Paging, *, ids: Ids = None) -> Page[TagRow]:
    query = _live_tags()
    if ids is not None:
        query = query.where(Tag.id.in_(ids))
    if paging.q:
        query = query.where(
            or_(Tag.name.icontains(paging.q, autoescape=True), TagGroup.name.icontains(paging.q, autoescape=True))
        )
    return _page(session, query, paging, _tag_row, list(TAG_ORDER))


def tag_tree(session: Session) -> TagTree:
    groups: dict[int, TagGroupView] = {}
    for row in session.execute(_live_tags().order_by(*TAG_ORDER)):
        group = groups.setdefault(row.group_id, TagGroupView(id=row.group_id, name=row.group_name, tags=[]))
        group.tags.append(_tag_row(row))
    return TagTree(groups=list(groups.values()))
