"""Organisation, staff and tags over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Query

from wellspring.people import organisation as verbs
from wellspring.people.permissions import READ_ORGANISATION, WRITE_ORGANISATION
from wellspring.people.schemas import (
    DepartmentChange,
    DepartmentRow,
    Organisation,
    StaffRow,
    StoreRow,
    TagRow,
    TagTree,
)
from wellspring.platform.auth import Actor
from wellspring.platform.http import DbSession, Page, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router

router = make_router(tags=["people"])
Reader = Annotated[Actor, Depends(READ_ORGANISATION)]
Ids = Annotated[list[int] | None, Query(max_length=200, description="Only these")]


@router.get("/organisation")
def read_organisation(session: DbSession, actor: Reader) -> Organisation:
    """The tree of departments with counts, as far as the caller's data scope reaches."""
    return verbs.organisation(session, actor.scope)


@router.patch("/organisation/departments/{department_id}")
def change_department(
    department_id: int,
    body: DepartmentChange,
    session: DbSession,
    platform: PlatformDep,
    actor: Annotated[Actor, Depends(WRITE_ORGANISATION)],
) -> Organisation:
    """Make a department a store or not, and set a store's code, place and hours. No sync overwrites this."""
    verbs.department_change(session, actor=actor, clock=platform.clock, department_id=department_id, change=body)
    return verbs.organisation(session, actor.scope)


@router.get("/stores")
def list_stores(session: DbSession, paging: PagingDep, actor: Reader, ids: Ids = None) -> Page[StoreRow]:
    return verbs.list_stores(session, actor.scope, paging, ids=ids)


@router.get("/departments")
def list_departments(session: DbSession, paging: PagingDep, actor: Reader, ids: Ids = None) -> Page[DepartmentRow]:
    return verbs.list_departments(session, actor.scope, paging, ids=ids)


@router.get("/departments/{department_id}")
def read_department(department_id: int, session: DbSession, actor: Reader) -> DepartmentRow:
    """Its name, for showing what a scope or a filter is about; also of a department that is gone."""
    return verbs.department_row(session, department_id)


@router.get("/staff/{staff_id}")
def read_staff_member(staff_id: int, session: DbSession, actor: Reader) -> StaffRow:
    """Also of somebody who left; outside the caller's data scope: not found."""
    return verbs.staff_row(session, actor.scope, staff_id)


@router.get("/staff")
def list_staff(
    session: DbSession,
    paging: PagingDep,
    actor: Reader,
    department_id: int | None = None,
    status: Literal["active", "disabled", "inactive", "left"] | None = None,
    may_contact: bool | None = None,
    ids: Ids = None,
) -> Page[StaffRow]:
    """Sort: name, userid, status, friends."""
    return verbs.list_staff(
        session, actor.scope, paging, department_id=department_id, status=status, may_contact=may_contact, ids=ids
    )


@router.get("/tags")
def list_tags(session: DbSession, paging: PagingDep, actor: Reader, ids: Ids = None) -> Page[TagRow]:
    """Every live tag with its group, for choosing."""
    return verbs.list_tags(session, paging, ids=ids)


@router.get("/tag-groups")
def read_tag_groups(session: DbSession, actor: Reader) -> TagTree:
    """Groups with their live tags."""
    return verbs.tag_tree(session)
