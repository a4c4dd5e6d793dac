"""The HTTP interface of insight."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Depends

from wellspring.insight.home.service import read_home
from wellspring.insight.schemas import FigureView, HomeView, NextStepView, StoreRowView
from wellspring.insight.settings import HomeSettings, read_settings, write_settings
from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.auth.permissions import EVERYBODY, OPERATORS, permission
from wellspring.platform.http import DbSession, LanguageDep, PlatformDep
from wellspring.platform.http import router as make_router

router = make_router(prefix="/api/v1", tags=["insight"])

READ = permission("insight.home.read", zh="查看总览", en="View the home page", roles=EVERYBODY)
CONFIGURE = permission("insight.settings.write", zh="设置总览的目标", en="Set the home page's target", roles=OPERATORS)


@router.get("/home")
def read_home_page(
    session: DbSession, platform: PlatformDep, language: LanguageDep, actor: Annotated[Actor, Depends(READ)]
) -> HomeView:
    """Today so far in the caller's scope, and what to do next."""
    home = read_home(session, platform, actor)
    word = 0 if language == "zh" else 1
    return HomeView(
        now=home.now,
        as_of=home.as_of,
        behind_seconds=None if home.behind is None else home.behind.total_seconds(),
        figures=[FigureView(**asdict(figure)) for figure in home.figures],
        stores=[StoreRowView(name=row.name, city=row.city, **asdict(row.figures)) for row in home.stores],
        next_steps=[
            NextStepView(
                code=step.code,
                tone=step.tone,
                title=step.title[word],
                detail=step.detail[word],
                action=step.action[word],
                link=step.link,
            )
            for step in home.steps
        ],
        loss_target=home.loss_target,
    )


@router.get("/home/settings")
def read_home_settings(session: DbSession, actor: Annotated[Actor, Depends(READ)]) -> HomeSettings:
    return read_settings(session)


@router.put("/home/settings")
def write_home_settings(
    session: DbSession, platform: PlatformDep, body: HomeSettings, actor: Annotated[Actor, Depends(CONFIGURE)]
) -> HomeSettings:
    write_settings(session, body)
    audit.record(
        session, actor=actor, at=platform.clock.now(), action="insight.settings.write", loss_target=body.loss_target
    )
    return body
