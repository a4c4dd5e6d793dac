"""The HTTP interface of people."""

from __future__ import annotations

from wellspring.people.endpoints_customers import router as customers_router
from wellspring.people.endpoints_merging import router as merging_router
from wellspring.people.endpoints_organisation import router as organisation_router
from wellspring.people.groups.endpoints import router as groups_router
from wellspring.people.sign_in.endpoints import router as sign_in_router
from wellspring.platform.http import router as make_router

router = make_router(prefix="/api/v1", tags=["people"])
router.include_router(organisation_router)
router.include_router(sign_in_router)
router.include_router(groups_router)
router.include_router(merging_router)  # before customers: /customers/duplicates and /settings are no ids
router.include_router(customers_router)
