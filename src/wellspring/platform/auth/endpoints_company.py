"""The brand's own settings: name, currency, time zone; how much may be exported."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import available_timezones

from fastapi import Depends
from pydantic import BaseModel, Field

from wellspring.platform import audit, company_settings
from wellspring.platform.auth.actor import Actor
from wellspring.platform.auth.endpoints import SELF, CompanyView
from wellspring.platform.auth.permissions import Role, permission
from wellspring.platform.errors import Invalid
from wellspring.platform.export_limits import ExportLimits, read_limits, write_limits
from wellspring.platform.http import DbSession, PlatformDep
from wellspring.platform.http import router as make_router

router = make_router(prefix="/api/v1", tags=["accounts"])

MANAGE = permission("company.settings.manage", zh="修改品牌设置", en="Change the brand's settings", roles=(Role.OWNER,))


class CompanyChange(BaseModel):
    """What is left out stays. `currency`: ISO 4217; `time_zone`: a name of the IANA database, "Asia/Shanghai"."""

    name: str | None = Field(default=None, max_length=60)
    currency: str | None = None
    time_zone: str | None = None


@router.get("/company")
def read_company(session: DbSession, actor: Annotated[Actor, Depends(SELF)]) -> CompanyView:
    company = company_settings.read(session)
    return CompanyView(name=company.name, currency=company.currency, time_zone=company.time_zone)


@router.patch("/company")
def change_company(
    body: CompanyChange, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(MANAGE)]
) -> CompanyView:
    """The currency names what the stored amounts are in; it converts nothing."""
    before = company_settings.read(session)
    changes = body.model_dump(exclude_none=True)
    if "name" in changes:
        changes["name"] = changes["name"].strip()
    if "currency" in changes:
        changes["currency"] = _currency(changes["currency"])
    if "time_zone" in changes and changes["time_zone"] not in available_timezones():
        raise Invalid(
            field="time_zone",
            zh="没有这个时区，请用形如 Asia/Shanghai 的名称。",
            en="There is no such time zone: use a name like Asia/Shanghai.",
        )
    after = before.model_copy(update=changes)
    company_settings.write(session, after)
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="company.settings.change",
        object_type="company",
        before=before.model_dump(),
        after=after.model_dump(),
    )
    return CompanyView(name=after.name, currency=after.currency, time_zone=after.time_zone)


@router.get("/company/export-limits")
def read_export_limits(session: DbSession, actor: Annotated[Actor, Depends(SELF)]) -> ExportLimits:
    return read_limits(session)


@router.put("/company/export-limits")
def change_export_limits(
    body: ExportLimits, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(MANAGE)]
) -> ExportLimits:
    before = read_limits(session)
    write_limits(session, body)
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="company.export_limits.change",
        object_type="company",
        before=before.model_dump(),
        after=body.model_dump(),
    )
    return body


def _currency(code: str) -> str:
    code = code.strip().upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise Invalid(
            field="currency", zh="货币用三个字母的代码，如 CNY。", en="A currency is a code of three letters, like CNY."
        )
    return code
