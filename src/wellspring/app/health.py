"""Is the process alive, is it ready to serve, and its metrics."""

from __future__ import annotations

from fastapi import Depends, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy import text

from wellspring.platform.auth.permissions import PUBLIC
from wellspring.platform.http import DbSession, PlatformDep
from wellspring.platform.http import router as make_router

router = make_router(tags=["operations"])


class Health(BaseModel):
    status: str


@router.get("/healthz", dependencies=[Depends(PUBLIC)])
def healthz() -> Health:
    """The process answers."""
    return Health(status="ok")


@router.get("/readyz", dependencies=[Depends(PUBLIC)])
def readyz(session: DbSession, platform: PlatformDep) -> Health:
    """Both stores answer; 503 when PostgreSQL does not, 500 when the warehouse does not."""
    session.execute(text("select 1"))
    platform.warehouse.scalar("select 1")
    return Health(status="ready")


@router.get("/metrics", dependencies=[Depends(PUBLIC)], include_in_schema=False)
def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
