"""How old the figures from the warehouse are."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from wellspring.platform.auth.actor import Actor
from wellspring.platform.auth.permissions import EVERYBODY, permission
from wellspring.platform.http import DbSession, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.platform.warehouse.loader import staleness

router = make_router(prefix="/api/v1", tags=["operations"])

READ = permission("warehouse.freshness.read", zh="查看数据新鲜度", en="See how old the figures are", roles=EVERYBODY)

LIMIT_SECONDS = 600
"""Beyond this the console's dot is amber; a send has its own limit."""


class Freshness(BaseModel):
    """`as_of`: everything before this instant is in the warehouse, by the platform's clock; null: nothing yet."""

    as_of: datetime | None
    behind_seconds: float | None
    limit_seconds: int


@router.get("/freshness")
def read_freshness(session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(READ)]) -> Freshness:
    behind = staleness(session).behind
    # The loader measures in real time; the platform's clock may have travelled, so the distance is carried over.
    return Freshness(
        as_of=None if behind is None else platform.clock.now() - behind,
        behind_seconds=None if behind is None else behind.total_seconds(),
        limit_seconds=LIMIT_SECONDS,
    )
