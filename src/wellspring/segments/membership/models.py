"""Watched segments, who entered and left them, how large they were."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wellspring.platform.db import Base, HasId


class SegmentWatch(Base):
    """A segment whose members are kept. mode: continuous, scheduled (every `every_minutes`).

    `seq` counts refreshes; the warehouse's bitmap of that number is the one in force, 0: none yet. `version`: which pass of
    the loader it has seen; `definition_version`: of which definition it is; `full_at`: when everybody was last looked at."""

    __tablename__ = "segment_watch"

    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"), primary_key=True)
    mode: Mapped[str]
    every_minutes: Mapped[int] = mapped_column(server_default=text("60"))
    seq: Mapped[int] = mapped_column(server_default=text("0"))
    size: Mapped[int] = mapped_column(server_default=text("0"))
    version: Mapped[int] = mapped_column(server_default=text("0"))
    definition_version: Mapped[int] = mapped_column(server_default=text("0"))
    refreshed_at: Mapped[datetime | None]
    full_at: Mapped[datetime | None]
    as_of: Mapped[datetime | None]
    error: Mapped[str | None]


class SegmentMove(HasId, Base):
    """Somebody entered (or left) a watched segment; append-only. `seq`: the refresh that found it."""

    __tablename__ = "segment_move"
    __table_args__ = (Index(None, "segment_id", "id"), Index(None, "at"))

    segment_id: Mapped[int]
    customer_id: Mapped[int]
    entered: Mapped[bool]
    at: Mapped[datetime]
    seq: Mapped[int]


class SegmentSize(HasId, Base):
    """How large a watched segment was after a refresh that changed it. `rebased`: its definition had changed, so nobody
    counts as having entered or left."""

    __tablename__ = "segment_size"
    __table_args__ = (Index(None, "segment_id", "at"),)

    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    size: Mapped[int]
    entered: Mapped[int]
    left: Mapped[int]
    rebased: Mapped[bool] = mapped_column(server_default=text("false"))
