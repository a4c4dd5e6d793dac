"""What an operator may set about segments."""

from __future__ import annotations

from pydantic import BaseModel, Field
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wellspring.platform.auth.models import PlatformSetting

NAME = "segments"


class SegmentSettings(BaseModel):
    """`max_staleness_minutes`: how far behind the warehouse may be when people are chosen for good."""

    max_staleness_minutes: int = Field(10, ge=1, le=1440)


def read_settings(session: Session) -> SegmentSettings:
    row = session.get(PlatformSetting, NAME)
    return SegmentSettings.model_validate(row.value) if row else SegmentSettings()


def write_settings(session: Session, settings: SegmentSettings) -> None:
    value = settings.model_dump()
    session.execute(
        insert(PlatformSetting)
        .values(name=NAME, value=value)
        .on_conflict_do_update(index_elements=["name"], set_={"value": value})
    )
