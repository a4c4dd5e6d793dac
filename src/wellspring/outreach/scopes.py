"""Whose broadcasts are whose: a broadcast keeps the data scope of who made it, and reaches nobody outside."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import ColumnElement, and_, or_, true

from wellspring.outreach.models import Broadcast, BroadcastTask
from wellspring.people.facade import staff_in_scope, store_ids_in_scope
from wellspring.platform.auth.actor import Scope, ScopeKind


def scope_of(broadcast: Broadcast) -> Scope:
    return Scope(
        kind=cast(ScopeKind, broadcast.scope_kind),
        department_id=broadcast.scope_department_id,
        staff_id=broadcast.scope_staff_id,
    )


def keep_scope(broadcast: Broadcast, scope: Scope) -> None:
    broadcast.scope_kind = scope.kind
    broadcast.scope_department_id = scope.department_id
    broadcast.scope_staff_id = scope.staff_id


def broadcasts_in_scope(scope: Scope) -> ColumnElement[bool]:
    """Broadcasts that were made inside the scope: a manager sees their store's, not the whole company's."""
    if scope.kind == "all":
        return true()
    staff, stores = staff_in_scope(scope), store_ids_in_scope(scope)
    assert staff is not None
    assert stores is not None
    mine: list[ColumnElement[Any]] = [
        and_(Broadcast.scope_kind == "own", Broadcast.scope_staff_id.in_(staff)),
    ]
    if scope.kind != "own":
        mine.append(
            and_(
                Broadcast.scope_kind.in_(("store", "region")),
                or_(
                    Broadcast.scope_department_id == scope.department_id,
                    Broadcast.scope_department_id.in_(stores),
                ),
            )
        )
    return or_(*mine)


def tasks_in_scope(scope: Scope) -> ColumnElement[bool]:
    """Tasks of the scope's staff, whoever made the broadcast."""
    staff = staff_in_scope(scope)
    return true() if staff is None else BroadcastTask.staff_id.in_(staff)
