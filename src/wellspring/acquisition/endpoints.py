"""The HTTP interface of acquisition."""

from __future__ import annotations

from wellspring.acquisition.endpoints_channels import router as channels_router
from wellspring.acquisition.endpoints_live_codes import router as live_codes_router
from wellspring.platform.http import router as make_router

router = make_router(prefix="/api/v1", tags=["acquisition"])
router.include_router(channels_router)
router.include_router(live_codes_router)
