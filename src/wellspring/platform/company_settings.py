"""The brand's own settings: its name, currency, time zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wellspring.platform.auth.models import PlatformSetting

NAME = "company"


class CompanySettings(BaseModel):
    """`currency`: ISO 4217; amounts are integers in its hundredth."""

    name: str = ""
    currency: str = "CNY"
    time_zone: str = "Asia/Shanghai"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def read(session: Session) -> CompanySettings:
    row = session.get(PlatformSetting, NAME)
    return CompanySettings.model_validate(row.value) if row else CompanySettings()


def write(session: Session, settings: CompanySettings) -> None:
    value = settings.model_dump()
    session.execute(
        insert(PlatformSetting)
        .values(name=NAME, value=value)
        .on_conflict_do_update(index_elements=["name"], set_={"value": value})
    )
