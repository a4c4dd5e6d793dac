"""Features and lifetime value over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from sqlalchemy import select

from wellspring.insight.features import service
from wellspring.insight.features.base import Feature, features
from wellspring.insight.features.catalogue import group_of
from wellspring.insight.features.context import Population
from wellspring.insight.features.lifetime_value.keeping import newest
from wellspring.insight.features.settings import FeatureSettings, read_settings, write_settings
from wellspring.insight.features.words import label, refusal
from wellspring.insight.jobs import FIT, LOCK, REBUILD
from wellspring.insight.models import FeaturePopulation, LifetimeValueModel
from wellspring.insight.schemas_features import (
    AttemptView,
    BackTestView,
    ChoiceView,
    CustomerFeaturesView,
    CustomerFeatureView,
    FeatureStandView,
    FeatureView,
    FitReasonView,
    FittedView,
    LifetimeValueView,
    Started,
)
from wellspring.people import facade as people
from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.auth.permissions import EVERYBODY, HEADQUARTERS, OPERATORS, permission
from wellspring.platform.errors import Language
from wellspring.platform.http import DbSession, LanguageDep, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.platform.warehouse import kept_day, staleness

router = make_router(prefix="/api/v1", tags=["insight"])

READ = permission("insight.feature.read", zh="查看特征", en="View features", roles=EVERYBODY)
CONFIGURE = permission(
    "insight.feature.configure", zh="设置特征的口径", en="Set the limits of features", roles=OPERATORS
)
VALUE = permission(
    "insight.lifetime_value.read", zh="查看生命周期价值模型", en="View the model of lifetime value", roles=HEADQUARTERS
)
FIT_IT = permission(
    "insight.lifetime_value.fit", zh="重新拟合生命周期价值", en="Fit lifetime value anew", roles=(*OPERATORS,)
)


@router.get("/insight/features")
def list_features(actor: Annotated[Actor, Depends(READ)]) -> list[FeatureView]:
    """The catalogue: what is computed about each customer, with its definition in both languages."""
    return [_view(feature) for feature in features().values()]


@router.get("/insight/features/stand")
def read_feature_stand(
    session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(READ)]
) -> FeatureStandView:
    """When everybody's features were last computed, and from what."""
    behind = staleness(session).behind
    measured = session.scalar(select(FeaturePopulation).order_by(FeaturePopulation.id.desc()).limit(1))
    return FeatureStandView(
        day=kept_day(platform.warehouse),
        as_of=None if behind is None else platform.clock.now() - behind,
        behind_seconds=None if behind is None else behind.total_seconds(),
        measured_at=measured.measured_at if measured else None,
        buyers=Population.model_validate(measured.measured).buyers if measured else None,
        rebuilding=platform.jobs.state(session, REBUILD) is not None,
    )


@router.get("/insight/features/settings")
def read_feature_settings(session: DbSession, actor: Annotated[Actor, Depends(READ)]) -> FeatureSettings:
    return read_settings(session)


@router.put("/insight/features/settings")
def write_feature_settings(
    body: FeatureSettings, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(CONFIGURE)]
) -> FeatureSettings:
    """Audited with what changed; everybody is computed anew in the background."""
    before = read_settings(session).model_dump()
    changed = {name: [before[name], value] for name, value in body.model_dump().items() if before[name] != value}
    if changed:
        write_settings(session, body)
        audit.record(session, actor=actor, at=platform.clock.now(), action="insight.feature.configure", changed=changed)
        platform.jobs.defer(session, REBUILD, lock=LOCK)
    return body


@router.get("/insight/lifetime-value")
def read_lifetime_value(
    session: DbSession, platform: PlatformDep, language: LanguageDep, actor: Annotated[Actor, Depends(VALUE)]
) -> LifetimeValueView:
    """The model in force with its back-test, and how the newest attempt went."""
    last, fitted = newest(session), newest(session, status="fitted")
    return LifetimeValueView(
        last=_attempt(last, language) if last else None,
        fitted_at=fitted.at if fitted else None,
        model=FittedView.model_validate(fitted.fitted) if fitted else None,
        back_test=BackTestView.model_validate(fitted.back_test) if fitted and fitted.back_test else None,
        back_test_reason=_reason(fitted.back_test_reason, language) if fitted else None,
        fitting=platform.jobs.state(session, FIT),
    )


@router.post("/insight/lifetime-value/fit", status_code=202)
def fit_lifetime_value(session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(FIT_IT)]) -> Started:
    """Fits in the background; look at `last` of the model. Audited."""
    audit.record(session, actor=actor, at=platform.clock.now(), action="insight.lifetime_value.fit")
    return Started(job_id=platform.jobs.defer(session, FIT, lock=LOCK, by=actor.name))


@router.get("/customers/{customer_id}/features")
def read_customer_features(
    customer_id: int,
    session: DbSession,
    platform: PlatformDep,
    language: LanguageDep,
    actor: Annotated[Actor, Depends(READ)],
) -> CustomerFeaturesView:
    """For a merged row those of its survivor."""
    found = service.customer_features(session, platform, actor, customer_id)
    stores = {store.id: store.name for store in people.stores(session)}
    return CustomerFeaturesView(
        customer_id=found.customer_id,
        now=found.now,
        features=[
            CustomerFeatureView(
                name=feature.name,
                kind=feature.kind,
                group=group_of(feature.name),
                title=getattr(feature.title, language),
                definition=getattr(feature.definition, language),
                value=value,
                label=label(feature, value, language, stores),
            )
            for feature, value in found.values
        ],
    )


def _view(feature: Feature) -> FeatureView:
    return FeatureView(
        name=feature.name,
        kind=feature.kind,
        group=group_of(feature.name),
        title_zh=feature.title.zh,
        title_en=feature.title.en,
        definition_zh=feature.definition.zh,
        definition_en=feature.definition.en,
        formula=feature.formula,
        source=feature.source,
        choices=[ChoiceView(value=value, zh=words.zh, en=words.en) for value, words in feature.choices.items()],
    )


def _attempt(row: LifetimeValueModel, language: Language) -> AttemptView:
    status = "fitted" if row.status == "fitted" else "refused"
    return AttemptView(
        status=status, reason=_reason(row.reason, language), at=row.at, by=row.by, seconds=round(row.seconds, 3)
    )  # fmt: skip


def _reason(code: str, language: Language) -> FitReasonView | None:
    return FitReasonView(code=code, text=refusal(code, language)) if code else None
