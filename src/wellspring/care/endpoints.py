"""The HTTP interface of care."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from wellspring.care import service
from wellspring.care.reasons import REASONS
from wellspring.care.rules import DEFAULT_CAPS, Cap
from wellspring.care.schemas import CapView, PolicyChange, PolicyView, ReasonView
from wellspring.platform.auth.actor import Actor
from wellspring.platform.auth.permissions import EVERYBODY, OPERATORS, permission
from wellspring.platform.http import DbSession, LanguageDep, PlatformDep
from wellspring.platform.http import router as make_router

router = make_router(prefix="/api/v1", tags=["care"])

READ = permission("care.policy.read", zh="查看关怀策略", en="View the care policy", roles=EVERYBODY)
CHANGE = permission("care.policy.change", zh="修改关怀策略", en="Change the care policy", roles=OPERATORS)


@router.get("/care/policy")
def read_care_policy(session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(READ)]) -> PolicyView:
    """The caps in force and how much of them is in use."""
    now = platform.clock.now()
    return PolicyView(caps=[_view(row) for row in service.read_policy(session, now=now)], as_of=now)


@router.put("/care/policy")
def change_care_policy(
    body: PolicyChange, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(CHANGE)]
) -> PolicyView:
    """Change one or more caps; audited. Touches that are reserved already stay."""
    now = platform.clock.now()
    for change in body.caps:
        cap = Cap(change.purpose, change.max_touches, change.window_days, change.enabled)
        service.change_cap(session, actor=actor, now=now, cap=cap)
    session.flush()
    return PolicyView(caps=[_view(row) for row in service.read_policy(session, now=now)], as_of=now)


@router.get("/care/reasons")
def list_care_reasons(language: LanguageDep, actor: Annotated[Actor, Depends(READ)]) -> list[ReasonView]:
    """Why a touch did not happen, in the order of the decision."""
    return [
        ReasonView(code=one.code, stage=one.stage, text=one.text(language), zh=one.zh, en=one.en) for one in REASONS
    ]


def _view(row: service.PolicyRow) -> CapView:
    default = DEFAULT_CAPS[row.cap.purpose]
    return CapView(
        purpose=row.cap.purpose,
        max_touches=row.cap.max_touches,
        window_days=row.cap.window_days,
        enabled=row.cap.enabled,
        updated_at=row.updated_at,
        open=row.open,
        spent_in_window=row.spent_in_window,
        at_cap=row.at_cap,
        default_max_touches=default.max_touches,
        default_window_days=default.window_days,
        default_enabled=default.enabled,
    )
