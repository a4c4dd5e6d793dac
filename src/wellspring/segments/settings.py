"""What an operator may set about segments."""

from __future__ import annotations

from pydantic import BaseModel, Field

from wellspring.platform.stored_settings import StoredSettings


class SegmentSettings(BaseModel):
    """`max_staleness_minutes`: how far behind the warehouse may be when people are chosen for good."""

    max_staleness_minutes: int = Field(10, ge=1, le=1440)


_stored = StoredSettings("segments", SegmentSettings)
read_settings = _stored.read
write_settings = _stored.write
