"""Which staff, stores and customers an actor's data scope reaches. None means everybody: no condition needed."""

from __future__ import annotations

from sqlalchemy import Select, false, literal, or_, select
from sqlalchemy.orm import aliased

from wellspring.people.models import Department, Relationship, StaffDepartment, StaffMember
from wellspring.platform.auth.actor import Scope


def staff_in_scope(scope: Scope) -> Select[int] | None:
    """Ids of the staff whose customers the scope reaches; nobody when the scope names nothing."""
    if scope.kind == "all":
        return None
    if scope.kind == "own":
        return select(StaffMember.id).where(StaffMember.id == scope.staff_id)
    below = departments_below(scope.department_id)
    return select(StaffMember.id).where(
        or_(
            StaffMember.department_id.in_(below),
            StaffMember.id.in_(select(StaffDepartment.staff_id).where(StaffDepartment.department_id.in_(below))),
        )
    )


def customers_in_scope(scope: Scope) -> Select[int] | None:
    """Ids of the customers who are, or were, friends of the staff in scope."""
    staff = staff_in_scope(scope)
    if staff is None:
        return None
    return select(Relationship.customer_id).where(Relationship.staff_id.in_(staff))


def store_ids_in_scope(scope: Scope) -> Select[int] | None:
    """Ids of the stores (departments of kind store) in scope; for `own` the store of the member."""
    if scope.kind == "all":
        return None
    if scope.kind == "own":
        return (
            select(Department.id)
            .join(StaffMember, StaffMember.store_id == Department.id)
            .where(StaffMember.id == scope.staff_id)
        )
    return select(Department.id).where(
        Department.id.in_(departments_below(scope.department_id)), Department.kind == "store"
    )


def departments_in_scope(scope: Scope) -> Select[int] | None:
    """Ids of the departments in scope; for `own` the departments of the member."""
    if scope.kind == "all":
        return None
    if scope.kind == "own":
        return select(StaffDepartment.department_id).where(StaffDepartment.staff_id == scope.staff_id)
    return departments_below(scope.department_id)


def departments_below(department_id: int | None) -> Select[int]:
    """The department itself and everything under it."""
    if department_id is None:
        return select(Department.id).where(false())
    top = aliased(Department)
    path = select(top.path).where(top.id == department_id).scalar_subquery()
    return select(Department.id).where(Department.path.like(path + literal("%")))
