"""Segments and their snapshots."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from wellspring.platform.db import Base, HasCreatedAt, HasId


class Segment(HasId, HasCreatedAt, Base):
    """A saved rule for who. `definition` is the typed tree (see definition.py) with its version."""

    __tablename__ = "segment"

    name: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    definition: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(server_default="")
    updated_by: Mapped[str] = mapped_column(server_default="")
    last_count: Mapped[int | None]
    last_counted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    archived_at: Mapped[datetime | None]


class SegmentVersion(Base):
    """Every saved state of a segment; append-only. Saving an older one again makes a new version."""

    __tablename__ = "segment_version"

    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    description: Mapped[str]
    definition: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str]


class SegmentSnapshot(HasId, Base):
    """The people of a segment, or of a definition that was never saved, at one time, within the scope of who
    took it; `as_of` is how fresh the warehouse was."""

    __tablename__ = "segment_snapshot"

    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segment.id"), index=True)
    definition: Mapped[dict[str, Any]]
    taken_at: Mapped[datetime]
    taken_by: Mapped[str] = mapped_column(server_default="")
    as_of: Mapped[datetime]
    size: Mapped[int]


class SegmentSnapshotMember(Base):
    __tablename__ = "segment_snapshot_member"

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("segment_snapshot.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(primary_key=True)
