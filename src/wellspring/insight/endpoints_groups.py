"""Analyses of how customers are spread: RFM, quadrant, lifecycle, distribution of a feature."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from wellspring.insight.analysis import distribution, lifecycle, quadrant, rfm
from wellspring.insight.analysis.distribution import Distribution, DistributionField
from wellspring.insight.analysis.lifecycle import LifecycleAsk, LifecycleFlow, month_of
from wellspring.insight.analysis.quadrant import QuadrantChart
from wellspring.insight.analysis.rfm import RfmMap
from wellspring.insight.analysis.study import Study
from wellspring.insight.endpoints_analysis import Exporter, ExportStudy, Reader, ReadStudy, answer, file_of
from wellspring.insight.features.base import Feature
from wellspring.insight.features.population import context_now
from wellspring.insight.features.settings import read_settings
from wellspring.insight.schemas_analysis import Answer
from wellspring.people import facade as people
from wellspring.platform.errors import Language
from wellspring.platform.export import ExportFormatParam
from wellspring.platform.http import DbSession, LanguageDep, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.platform.runtime import Platform

router = make_router(prefix="/api/v1/insight/analysis", tags=["insight"])


@router.get("/rfm")
def read_rfm(study: ReadStudy, language: LanguageDep) -> Answer[RfmMap]:
    """Customers and money by scores of recency and frequency, and by named group."""
    return answer(study, rfm.read_rfm(study, language))


@router.get("/rfm/export", response_class=StreamingResponse)
def export_rfm(
    session: DbSession, study: ExportStudy, actor: Exporter, language: LanguageDep, form: ExportFormatParam = "csv"
) -> StreamingResponse:
    return file_of(session, study, actor, language, form, rfm.table(rfm.read_rfm(study, language)))


@router.get("/quadrant")
def read_quadrant(
    session: DbSession, platform: PlatformDep, study: ReadStudy, language: LanguageDep
) -> Answer[QuadrantChart]:
    """Value of an order against orders a year, with the cut lines in force."""
    return answer(study, _quadrant(session, platform, study, language))


@router.get("/quadrant/export", response_class=StreamingResponse)
def export_quadrant(
    session: DbSession,
    platform: PlatformDep,
    study: ExportStudy,
    actor: Exporter,
    language: LanguageDep,
    form: ExportFormatParam = "csv",
) -> StreamingResponse:
    table = quadrant.table(_quadrant(session, platform, study, language))
    return file_of(session, study, actor, language, form, table)


def _quadrant(session: Session, platform: Platform, study: Study, language: Language) -> QuadrantChart:
    context = context_now(platform, session)
    own = context.settings.quadrant_value_fen is not None or context.settings.quadrant_orders is not None
    return quadrant.read_quadrant(
        study, language, cut_value=context.quadrant_value_fen, cut_orders=context.quadrant_orders, own=own
    )


Month = Annotated[str | None, Query(max_length=7, description="2026-03")]


def lifecycle_ask(earlier: Month = None, later: Month = None) -> LifecycleAsk:
    return LifecycleAsk(month_of(earlier, "earlier") if earlier else None, month_of(later, "later") if later else None)


@router.get("/lifecycle")
def read_lifecycle(
    session: DbSession, study: ReadStudy, language: LanguageDep, ask: Annotated[LifecycleAsk, Depends(lifecycle_ask)]
) -> Answer[LifecycleFlow]:
    """From which stage to which customers went between the ends of two months."""
    return answer(study, lifecycle.read_lifecycle(study, ask, read_settings(session), language))


@router.get("/lifecycle/export", response_class=StreamingResponse)
def export_lifecycle(
    session: DbSession,
    study: ExportStudy,
    actor: Exporter,
    language: LanguageDep,
    ask: Annotated[LifecycleAsk, Depends(lifecycle_ask)],
    form: ExportFormatParam = "csv",
) -> StreamingResponse:
    found = lifecycle.read_lifecycle(study, ask, read_settings(session), language)
    return file_of(session, study, actor, language, form, lifecycle.table(found, language))


def field_ask(field: Annotated[str, Query(max_length=60)]) -> Feature:
    return distribution.feature_named(field)


@router.get("/distribution/fields")
def list_distribution_fields(actor: Reader, language: LanguageDep) -> list[DistributionField]:
    return distribution.fields(language)


@router.get("/distribution")
def read_distribution(
    session: DbSession, study: ReadStudy, language: LanguageDep, feature: Annotated[Feature, Depends(field_ask)]
) -> Answer[Distribution]:
    """How one feature is spread over the customers."""
    return answer(study, _distribution(session, study, language, feature))


@router.get("/distribution/export", response_class=StreamingResponse)
def export_distribution(
    session: DbSession,
    study: ExportStudy,
    actor: Exporter,
    language: LanguageDep,
    feature: Annotated[Feature, Depends(field_ask)],
    form: ExportFormatParam = "csv",
) -> StreamingResponse:
    table = distribution.table(_distribution(session, study, language, feature))
    return file_of(session, study, actor, language, form, table)


def _distribution(session: Session, study: Study, language: Language, feature: Feature) -> Distribution:
    stores = {store.id: store.name for store in people.stores(session)} if feature.kind == "reference" else {}
    return distribution.read_distribution(
        study,
        feature,
        language,
        names=lambda one, value: distribution.value_words(one, value, language, stores),
    )
