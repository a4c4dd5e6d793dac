"""Channels, live codes with their staff, the adds they brought and the welcomes that greeted them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wellspring.platform.db import Base, HasCreatedAt, HasId

EMPTY = text("'{}'::jsonb")


class Channel(HasId, HasCreatedAt, Base):
    """Where customers come from; a tree, with what it cost so far (fen). Names are unique among the siblings that
    are not archived."""

    __tablename__ = "channel"
    __table_args__ = (
        Index(
            "uq_channel_sibling_name",
            "parent_id",
            "name",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("archived_at is null"),
        ),
    )

    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"), index=True)
    cost_fen: Mapped[int] = mapped_column(server_default=text("0"))
    note: Mapped[str] = mapped_column(server_default="")
    archived_at: Mapped[datetime | None]


class LiveCode(HasId, HasCreatedAt, Base):
    """A permanent QR to staff. `state` travels through WeCom and comes back with the add.

    status: pending (not yet at WeCom), active, failed. An archived code keeps its status and goes on working.
    `welcome`: {"text", "attachments"}; `poster`: {"title", "subtitle", "look"}. `version` grows with every edit,
    `way_version` is the version whose contact way WeCom should show, `synced_version` the one it confirmed;
    `way_under_way`: a call about it has been planned and not settled (one at a time, so that none overtakes)."""

    __tablename__ = "live_code"

    name: Mapped[str]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), index=True)
    store_id: Mapped[int | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(unique=True)
    config_id: Mapped[str | None]
    qr_url: Mapped[str | None]
    skip_verify: Mapped[bool] = mapped_column(server_default=text("true"))
    remark_template: Mapped[str] = mapped_column(server_default="")
    tag_ids: Mapped[list[int]] = mapped_column(server_default=text("'[]'::jsonb"))
    welcome: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    poster: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
    status: Mapped[str] = mapped_column(server_default="pending")
    error: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    way_version: Mapped[int] = mapped_column(server_default=text("1"))
    synced_version: Mapped[int] = mapped_column(server_default=text("0"))
    way_under_way: Mapped[bool] = mapped_column(server_default=text("false"))
    archived_at: Mapped[datetime | None]


class LiveCodeStaff(Base):
    """Who receives behind a code; `position` is the order the operator gave."""

    __tablename__ = "live_code_staff"

    live_code_id: Mapped[int] = mapped_column(ForeignKey("live_code.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(server_default=text("0"))


class LiveCodeAdd(HasId, Base):
    """A relationship that came through a live code: which code and channel it counts for, once.

    `at`: when the customer first came this way; `greeted_at`: the begin of that life of the relationship whose tags
    and remark were applied (who was removed and scans again gets them again, a repeated event changes nothing).
    Whether they still are friends is the relationship's to say."""

    __tablename__ = "live_code_add"
    __table_args__ = (Index(None, "live_code_id", "at"), Index(None, "channel_id", "at"))

    live_code_id: Mapped[int] = mapped_column(ForeignKey("live_code.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    relationship_id: Mapped[int] = mapped_column(ForeignKey("relationship.id"), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    at: Mapped[datetime]
    greeted_at: Mapped[datetime | None]


class LiveCodeWelcome(HasId, Base):
    """A welcome that was planned for an add: one per welcome code. status: planned, sent, failed (`reason`: a stable
    word). `outbox_id`: the call that carries it."""

    __tablename__ = "live_code_welcome"
    __table_args__ = (Index(None, "live_code_id", "planned_at"),)

    live_code_id: Mapped[int] = mapped_column(ForeignKey("live_code.id"))
    relationship_id: Mapped[int] = mapped_column(ForeignKey("relationship.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    staff_id: Mapped[int]
    outbox_id: Mapped[int] = mapped_column(unique=True)
    text: Mapped[str] = mapped_column(server_default="")
    added_at: Mapped[datetime]
    planned_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(server_default="planned")
    reason: Mapped[str | None]
