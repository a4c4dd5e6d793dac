"""What an operator may set about segments."""

from __future__ import annotations

from pydantic import BaseModel, Field

from wellspring.platform.stored_settings import StoredSettings


class SegmentSettings(BaseModel):
    """`max_staleness_minutes`: how far behind the warehouse may be when people are chosen for good.
    `max_million_rows`: what one question may read, in millions of rows; two cores read some twenty million a second."""

    max_staleness_minutes: int = Field(10, ge=1, le=1440)
    max_million_rows: int = Field(3_000, ge=1, le=10_000_000)


_stored = StoredSettings("segments", SegmentSettings)
read_settings = _stored.read
write_settings = _stored.write
