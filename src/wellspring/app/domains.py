"""The domains in import order, and their registration: the one list that the API, the worker and the
command line share."""

from __future__ import annotations

import wellspring.app.models  # noqa: F401 - every table is known before a query is built
from wellspring.acquisition import endpoints as acquisition_endpoints
from wellspring.acquisition import register as acquisition
from wellspring.care import endpoints as care_endpoints
from wellspring.care import register as care
from wellspring.commerce import endpoints as commerce_endpoints
from wellspring.commerce import register as commerce
from wellspring.insight import endpoints as insight_endpoints
from wellspring.insight import endpoints_analysis as insight_analysis
from wellspring.insight import endpoints_features as insight_features
from wellspring.insight import endpoints_groups as insight_groups
from wellspring.insight import register as insight
from wellspring.outreach import endpoints as outreach_endpoints
from wellspring.outreach import register as outreach
from wellspring.people import endpoints as people_endpoints
from wellspring.people import register as people
from wellspring.segments import endpoints as segments_endpoints
from wellspring.segments import register as segments
from wellspring.wecom import endpoints as wecom_endpoints
from wellspring.wecom import register as wecom

DOMAINS = (wecom, people, commerce, segments, insight, care, outreach, acquisition)
ROUTERS = (
    wecom_endpoints.router,
    people_endpoints.router,
    commerce_endpoints.router,
    segments_endpoints.router,
    insight_endpoints.router,
    insight_features.router,
    insight_analysis.router,
    insight_groups.router,
    care_endpoints.router,
    outreach_endpoints.router,
    acquisition_endpoints.router,
)
_registered = False


def register_domains() -> None:
    """Safe to call again."""
    global _registered
    if _registered:
        return
    _registered = True
    for domain in DOMAINS:
        domain.register()
