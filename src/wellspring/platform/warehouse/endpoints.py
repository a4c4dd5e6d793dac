"""How old the figures from the warehouse are, whether they agree with PostgreSQL, and making them anew."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.auth.permissions import EVERYBODY, permission
from wellspring.platform.http import DbSession, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.platform.jobs import JobContext, job
from wellspring.platform.warehouse import checking
from wellspring.platform.warehouse.loader import staleness

router = make_router(prefix="/api/v1", tags=["operations"])

READ = permission("warehouse.freshness.read", zh="查看数据新鲜度", en="See how old the figures are", roles=EVERYBODY)

KEEP = permission("warehouse.keep", zh="核对和重建数据仓库", en="Verify and rebuild the warehouse", roles=())

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


class TableCheckView(BaseModel):
    """`differing`: columns whose sums differ. `busy`: PostgreSQL never stood still long enough to compare."""

    table: str
    in_postgres: int
    in_warehouse: int
    differing: list[str]
    busy: bool
    agrees: bool


@router.post("/warehouse/verify")
def verify_warehouse(platform: PlatformDep, actor: Annotated[Actor, Depends(KEEP)]) -> list[TableCheckView]:
    """Compare every table with PostgreSQL; the loader stands still meanwhile."""
    return [
        TableCheckView(
            table=check.table,
            in_postgres=check.in_postgres,
            in_warehouse=check.in_warehouse,
            differing=list(check.differing),
            busy=check.busy,
            agrees=check.agrees,
        )
        for check in checking.verify(platform)
    ]


@router.post("/warehouse/rebuild", status_code=202)
def rebuild_warehouse(session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(KEEP)]) -> None:
    """Empty the warehouse and load everything again, as a job; sends refuse until its figures are fresh again."""
    audit.record(session, actor=actor, at=platform.clock.now(), action="warehouse.rebuild")
    platform.jobs.defer(session, REBUILD, lock=REBUILD)


REBUILD = "warehouse.rebuild"


@job(REBUILD, transactional=False)
def rebuild_job(context: JobContext) -> None:
    checking.rebuild(context.platform)
