"""Broadcasts, tasks per staff member, and the touch ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wellspring.platform.db import Base, HasCreatedAt, HasId
from wellspring.platform.warehouse.feeds import TracksChanges

EMPTY = text("'{}'::jsonb")


class Broadcast(HasId, HasCreatedAt, Base):
    """A message to a segment. status: draft, planning, sending (tasks wait for staff), cancelling (what is not
    sent yet is taken back), finished, cancelled, failed. `content`: text and attachments. `counts`: by arm,
    status and reason, kept for lists. `scope_*`: whose customers and staff it may reach."""

    __tablename__ = "broadcast"

    name: Mapped[str]
    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id"), index=True)
    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("segment_snapshot.id"))
    purpose: Mapped[str] = mapped_column(server_default="marketing")
    content: Mapped[dict[str, Any]]
    control_percent: Mapped[int] = mapped_column(server_default=text("10"))
    result_days: Mapped[int] = mapped_column(server_default=text("7"))
    experiment: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(server_default="draft")
    error: Mapped[str | None]
    counts: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    created_by: Mapped[str] = mapped_column(server_default="")
    scope_kind: Mapped[str] = mapped_column(server_default="all")
    scope_department_id: Mapped[int | None]
    scope_staff_id: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class BroadcastTask(HasId, Base):
    """One WeCom mass message: at most 10,000 customers of one staff member.

    status: planned (the call to WeCom is under way), created (waits for the staff member), confirmed (sent),
    cancelling (WeCom took it back; the last results are being read), cancelled, refused. `settled_at`: every
    customer of it has an outcome. `reconciled_at`: when WeCom was last asked (real time, whatever the platform's
    clock says) and `checks`: how often in a row without news; both pace the asking. `reminders`: instants, ISO 8601.
    """

    __tablename__ = "broadcast_task"
    __table_args__ = (
        UniqueConstraint("broadcast_id", "staff_id", "part"),
        Index("ix_broadcast_task_open", text("reconciled_at nulls first"), postgresql_where=text("settled_at is null")),
        Index(None, "outbox_id"),
    )

    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcast.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    part: Mapped[int]
    outbox_id: Mapped[int | None]
    msgid: Mapped[str | None] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(server_default="planned")
    error: Mapped[str | None]
    customers: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    reconciled_at: Mapped[datetime | None]
    checks: Mapped[int] = mapped_column(server_default=text("0"))
    settled_at: Mapped[datetime | None]
    reminders: Mapped[list[str]] = mapped_column(server_default=text("'[]'::jsonb"))


class Touch(HasId, TracksChanges, Base):
    """One attempt to reach one customer.

    arm: treated, control, or outside (could not be reached when the arms were drawn, so in neither). status:
    assigned, tasked (a task waits at WeCom), confirmed (the staff member sent it, no result yet), delivered,
    refused, withheld; `reason` (care's catalogue) says why it did not happen. `assigned_customer_id` never
    changes (a merge moves `customer_id`): it keeps the assignment unique.
    """

    __tablename__ = "touch"
    __table_args__ = (
        UniqueConstraint("broadcast_id", "assigned_customer_id"),
        Index(None, "changed_xid"),
        Index(None, "task_id"),
    )

    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcast.id"))
    assigned_customer_id: Mapped[int]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    arm: Mapped[str]
    staff_id: Mapped[int | None]
    external_userid: Mapped[str | None]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("broadcast_task.id"))
    status: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    assigned_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
