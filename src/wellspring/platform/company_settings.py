"""The brand's own settings: its name, currency, time zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from pydantic import BaseModel

from wellspring.platform.stored_settings import StoredSettings


class CompanySettings(BaseModel):
    """`currency`: ISO 4217; amounts are integers in its hundredth."""

    name: str = ""
    currency: str = "CNY"
    time_zone: str = "Asia/Shanghai"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


_stored = StoredSettings("company", CompanySettings)
read = _stored.read
write = _stored.write
