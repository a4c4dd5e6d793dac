"""The HTTP interface of commerce."""

from __future__ import annotations

from wellspring.commerce.imports.endpoints import router as imports_router
from wellspring.commerce.orders.endpoints import router as orders_router
from wellspring.platform.http import router as make_router

router = make_router(prefix="/api/v1", tags=["commerce"])
router.include_router(orders_router)
router.include_router(imports_router)
