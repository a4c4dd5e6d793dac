"""Channels, live codes with their staff, and the adds they brought."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wellspring.platform.db import Base, HasCreatedAt, HasId

EMPTY = text("'{}'::jsonb")


class Channel(HasId, HasCreatedAt, Base):
    """Where customers come from; a tree, with what it cost so far (fen)."""

    __tablename__ = "channel"

    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"), index=True)
    cost_fen: Mapped[int] = mapped_column(server_default=text("0"))
    note: Mapped[str] = mapped_column(server_default="")
    archived_at: Mapped[datetime | None]


class LiveCode(HasId, HasCreatedAt, Base):
    """A permanent QR to staff. `state` travels through WeCom and comes back with the add.
    status: pending (not yet at WeCom), active, failed, archived. `welcome`: text and attachments."""

    __tablename__ = "live_code"

    name: Mapped[str]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), index=True)
    store_id: Mapped[int | None]
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
    archived_at: Mapped[datetime | None]


class LiveCodeStaff(Base):
    __tablename__ = "live_code_staff"

    live_code_id: Mapped[int] = mapped_column(ForeignKey("live_code.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), primary_key=True, index=True)


class LiveCodeAdd(HasId, Base):
    """A relationship that came through a live code: which code and channel it counts for."""

    __tablename__ = "live_code_add"
    __table_args__ = (Index(None, "live_code_id", "at"), Index(None, "channel_id", "at"))

    live_code_id: Mapped[int] = mapped_column(ForeignKey("live_code.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    relationship_id: Mapped[int] = mapped_column(ForeignKey("relationship.id"), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    at: Mapped[datetime]
