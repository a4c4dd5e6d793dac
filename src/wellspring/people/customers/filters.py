"""Which customers a list is about: search, filters, scope, as conditions of one query."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, text
from sqlalchemy.orm import aliased

from wellspring.people import rules
from wellspring.people.customers.schemas import Status
from wellspring.people.models import Customer, Identity, Relationship, RelationshipTag, StaffMember
from wellspring.people.scope import departments_below, staff_in_scope
from wellspring.platform.auth.actor import Scope
from wellspring.platform.secrets import SecretBox

BEST_FIRST: tuple[Status, ...] = ("friend", "half", "lost", "removed", "transferred")
SEARCHED_EXACTLY = ("external_userid", "unionid", "openid", "member_number", "buyer_id")


@dataclass(frozen=True)
class CustomerFilter:
    """`store_id`: a department, with everything below it. `tag_ids`: all of them. `added_until` is not included.
    Conditions on relationships must hold for one and the same relationship."""

    q: str | None = None
    status: Status | None = None
    store_id: int | None = None
    staff_id: int | None = None
    tag_ids: tuple[int, ...] = field(default=())
    state: str | None = None
    added_from: datetime | None = None
    added_until: datetime | None = None
    has_mobile: bool | None = None


def conditions(
    wanted: CustomerFilter, scope: Scope, secrets: SecretBox, *, may_search_mobile: bool
) -> list[ColumnElement[bool]]:
    """Everything the rows must fulfil; Customer is the query's own table."""
    staff = staff_in_scope(scope)
    found: list[ColumnElement[bool]] = [Customer.merged_into_id.is_(None)]
    on_one = _on_one_relationship(wanted, staff)
    if on_one:
        found.append(exists().where(Relationship.customer_id == Customer.id, *on_one))
    elif staff is not None:
        found.append(exists().where(Relationship.customer_id == Customer.id, Relationship.staff_id.in_(staff)))
    found += _no_better_status(wanted.status, staff)
    found += [_has_tag(tag_id, staff) for tag_id in wanted.tag_ids]
    if wanted.has_mobile is not None:
        has_one = exists().where(Identity.customer_id == Customer.id, Identity.kind == "mobile")
        found.append(has_one if wanted.has_mobile else ~has_one)
    if wanted.q:
        found.append(_search(wanted.q, secrets, may_search_mobile=may_search_mobile))
    return found


def _on_one_relationship(wanted: CustomerFilter, staff: Select[int] | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.status is not None and wanted.status != "none":
        found.append(Relationship.status == wanted.status)
    if wanted.staff_id is not None:
        found.append(Relationship.staff_id == wanted.staff_id)
    if wanted.store_id is not None:
        below = departments_below(wanted.store_id)
        members = select(StaffMember.id).where(
            or_(StaffMember.store_id.in_(below), StaffMember.department_id.in_(below))
        )
        found.append(Relationship.staff_id.in_(members))
    if wanted.state is not None:
        found.append(Relationship.state == wanted.state)
    if wanted.added_from is not None:
        found.append(Relationship.added_at >= wanted.added_from)
    if wanted.added_until is not None:
        found.append(Relationship.added_at < wanted.added_until)
    if found and staff is not None:
        found.append(Relationship.staff_id.in_(staff))
    return found


def _no_better_status(status: Status | None, staff: Select[int] | None) -> list[ColumnElement[bool]]:
    """A customer counts by the best of their relationships: lost means no friend is left."""
    if status is None or status == "friend":
        return []
    better = BEST_FIRST if status == "none" else BEST_FIRST[: BEST_FIRST.index(status)]
    other = aliased(Relationship)
    clause = exists().where(other.customer_id == Customer.id, other.status.in_(better))
    if staff is not None:
        clause = clause.where(other.staff_id.in_(staff))
    return [~clause]


def _has_tag(tag_id: int, staff: Select[int] | None) -> ColumnElement[bool]:
    clause = exists().where(RelationshipTag.customer_id == Customer.id, RelationshipTag.tag_id == tag_id)
    if staff is not None:
        on = aliased(Relationship)
        clause = clause.where(RelationshipTag.relationship_id == on.id, on.staff_id.in_(staff))
    return clause


def _search(q: str, secrets: SecretBox, *, may_search_mobile: bool) -> ColumnElement[bool]:
    by_identity = select(Identity.customer_id).where(
        Identity.value_index == q.strip(), Identity.kind.in_(SEARCHED_EXACTLY)
    )
    ways: list[Select[int]] = [by_identity]
    mobile = rules.normalise_mobile(q) if may_search_mobile else None
    if mobile is not None:
        ways.append(
            select(Identity.customer_id).where(
                Identity.kind == "mobile", Identity.source == "", Identity.value_index == secrets.index(mobile)
            )
        )
    if q.strip().isascii() and q.strip().isdigit() and len(q.strip()) < 19:
        ways.append(select(Customer.id).where(Customer.id == int(q)))
    wanted = rules.query_grams(q)
    if wanted:
        named = aliased(Customer)
        ways.append(
            select(named.id).where(
                named.search_grams.contains(wanted),
                *(_says(named, word) for word in rules.words(q) if len(word) > 2),
            )
        )
    first, *others = ways
    return Customer.id.in_(first.union(*others) if others else first)


def _says(customer: Any, word: str) -> ColumnElement[bool]:
    """Grams only promise a longer word; this looks it up in what was searched."""

    def says(column: Any) -> ColumnElement[bool]:
        return func.lower(func.normalize(column, text("NFKC"))).contains(word, autoescape=True)

    remarked, numbered = aliased(Relationship), aliased(Identity)
    return or_(
        says(customer.name),
        exists().where(remarked.customer_id == customer.id, says(remarked.remark)),
        exists().where(
            numbered.customer_id == customer.id, numbered.kind == "member_number", says(numbered.value_index)
        ),
    )
