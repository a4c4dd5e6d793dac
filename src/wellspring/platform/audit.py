"""The audit log: who did what to which object. Written in the transaction of the deed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from wellspring.platform.auth.actor import Actor
from wellspring.platform.auth.models import AuditEntry


def record(
    session: Session,
    *,
    actor: Actor,
    at: datetime,
    action: str,
    object_type: str = "",
    object_id: int | str = "",
    **detail: Any,
) -> None:
    """`action` is a verb with its domain: "people.customer.merge". `detail` must be JSON and free of secrets."""
    context = structlog.contextvars.get_contextvars()
    session.add(
        AuditEntry(
            at=at,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            action=action,
            object_type=object_type,
            object_id=str(object_id),
            detail=detail,
            address=str(context.get("address", "")),
            request_id=str(context.get("request_id", "")),
        )
    )
