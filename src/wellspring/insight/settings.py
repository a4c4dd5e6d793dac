"""What an operator may set about the home page."""

from __future__ import annotations

from pydantic import BaseModel, Field
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wellspring.platform.auth.models import PlatformSetting

NAME = "insight"


class HomeSettings(BaseModel):
    """`loss_target`: at most so many friendships lost per 1,000 in 30 days; 6 is the best hotel chain's figure."""

    loss_target: float = Field(6, gt=0, le=1000)


def read_settings(session: Session) -> HomeSettings:
    row = session.get(PlatformSetting, NAME)
    return HomeSettings.model_validate(row.value) if row else HomeSettings()


def write_settings(session: Session, settings: HomeSettings) -> None:
    value = settings.model_dump()
    session.execute(
        insert(PlatformSetting)
        .values(name=NAME, value=value)
        .on_conflict_do_update(index_elements=["name"], set_={"value": value})
    )
