"""One run that puts a tag on the people of a segment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wellspring.platform.db import Base, HasId


class SegmentTagging(HasId, Base):
    """The people are those of a snapshot, taken when it was started. status: running, done, cancelled, failed (`error` says
    why). `seen` of `total` people, the last of them `at_customer`; `tagged`: friendships that got the tag by it.

    Of one segment and tag at most one runs at a time, so starting again while one runs is that one."""

    __tablename__ = "segment_tagging"
    __table_args__ = (
        Index(
            "segment_tagging_running", "segment_id", "tag_id", unique=True, postgresql_where=text("status = 'running'")
        ),
    )

    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id"), index=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"))
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("segment_snapshot.id"))
    status: Mapped[str] = mapped_column(server_default=text("'running'"))
    total: Mapped[int]
    seen: Mapped[int] = mapped_column(server_default=text("0"))
    tagged: Mapped[int] = mapped_column(server_default=text("0"))
    at_customer: Mapped[int] = mapped_column(server_default=text("0"))
    started_at: Mapped[datetime]
    started_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    error: Mapped[str | None]
