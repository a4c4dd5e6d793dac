"""The HTTP interface of segments."""

from __future__ import annotations

from wellspring.platform.http import router as make_router

router = make_router(prefix="/api/v1", tags=["segments"])
