"""Metrics, and analyses from facts: retention, repurchase, funnel, overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, TypeVar

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.insight.analysis import cohorts, funnel, overlap, repurchase
from wellspring.insight.analysis.cohorts import By, Cohorts, CohortsAsk
from wellspring.insight.analysis.funnel import Breakdown, Funnel, FunnelAsk
from wellspring.insight.analysis.overlap import OverlapFound
from wellspring.insight.analysis.periods import PeriodKind
from wellspring.insight.analysis.repurchase import Repurchase, RepurchaseAsk
from wellspring.insight.analysis.study import Study, open_study
from wellspring.insight.analysis.table import Table
from wellspring.insight.features.base import Words
from wellspring.insight.metrics import metrics
from wellspring.insight.schemas_analysis import Answer, MetricView
from wellspring.people import facade as people
from wellspring.platform import audit, company_settings
from wellspring.platform.auth.actor import Actor
from wellspring.platform.auth.permissions import HEADQUARTERS, Role, permission
from wellspring.platform.errors import Invalid, Language
from wellspring.platform.export import ExportFormat, ExportFormatParam, export_file
from wellspring.platform.http import DbSession, LanguageDep, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.platform.runtime import Platform
from wellspring.segments import facade as segments

router = make_router(prefix="/api/v1/insight", tags=["insight"])

READ = permission("insight.analysis.read", zh="查看分析", en="View analyses", roles=(*HEADQUARTERS, Role.STORE_MANAGER))
EXPORT = permission(
    "insight.analysis.export", zh="导出分析", en="Export analyses", roles=(*HEADQUARTERS, Role.STORE_MANAGER)
)
Reader = Annotated[Actor, Depends(READ)]
Exporter = Annotated[Actor, Depends(EXPORT)]
SegmentParam = Annotated[int | None, Query(ge=1, description="Only people of this segment.")]
T = TypeVar("T")


def study_to_read(session: DbSession, platform: PlatformDep, actor: Reader, segment_id: SegmentParam = None) -> Study:
    return open_study(session, platform, actor.scope, segment_id)


def study_to_export(
    session: DbSession, platform: PlatformDep, actor: Exporter, segment_id: SegmentParam = None
) -> Study:
    return open_study(session, platform, actor.scope, segment_id)


ReadStudy = Annotated[Study, Depends(study_to_read, scope="function")]
ExportStudy = Annotated[Study, Depends(study_to_export, scope="function")]


def answer(study: Study, found: T) -> Answer[T]:
    behind = None if study.behind is None else study.behind.total_seconds()
    return Answer(now=study.now, as_of=study.as_of, behind_seconds=behind, found=found)


def file_of(
    session: Session, study: Study, actor: Actor, language: Language, form: ExportFormat, table: Table
) -> StreamingResponse:
    """The table of an analysis as a file; written to the audit log."""
    audit.record(
        session,
        actor=actor,
        at=study.now,
        action="insight.analysis.export",
        object_type="analysis",
        object_id=table.name.en,
        rows=len(table.rows),
        asked=table.window.en,
    )
    heads = table.heads(language, company_settings.read(session).currency)
    return export_file(getattr(table.name, language), heads, list(table.lines(language)), form, zone=study.zone)


@router.get("/metrics")
def list_metrics(actor: Reader) -> list[MetricView]:
    """Every figure of pages, API and files, with its definition in both languages."""
    return [
        MetricView(
            name=metric.name,
            unit=metric.unit,
            title_zh=metric.title.zh,
            title_en=metric.title.en,
            definition_zh=metric.definition.zh,
            definition_en=metric.definition.en,
            formula=metric.formula,
            source=metric.source,
        )
        for metric in metrics().values()
    ]


def cohorts_ask(
    by: By = "order",
    period: PeriodKind = "month",
    periods: Annotated[int, Query(ge=2, le=36)] = 12,
    until: date | None = None,
) -> CohortsAsk:
    return CohortsAsk(by, period, periods, _possible(until, "until"))


@router.get("/analysis/retention")
def read_retention(study: ReadStudy, ask: Annotated[CohortsAsk, Depends(cohorts_ask)]) -> Answer[Cohorts]:
    """Of the customers who began in the same period, who is there k periods later."""
    return answer(study, cohorts.read_cohorts(study, ask))


@router.get("/analysis/retention/export", response_class=StreamingResponse)
def export_retention(
    session: DbSession,
    study: ExportStudy,
    actor: Exporter,
    language: LanguageDep,
    ask: Annotated[CohortsAsk, Depends(cohorts_ask)],
    form: ExportFormatParam = "csv",
) -> StreamingResponse:
    return file_of(session, study, actor, language, form, cohorts.table(cohorts.read_cohorts(study, ask)))


def repurchase_ask(
    since: date | None = None, until: date | None = None, days: Annotated[int, Query(ge=7, le=1095)] = 180
) -> RepurchaseAsk:
    _in_order(since, until)
    return RepurchaseAsk(since, until, days)


@router.get("/analysis/repurchase")
def read_repurchase(study: ReadStudy, ask: Annotated[RepurchaseAsk, Depends(repurchase_ask)]) -> Answer[Repurchase]:
    """The repurchase rate of the window, and when first-time buyers come back."""
    return answer(study, repurchase.read_repurchase(study, ask))


@router.get("/analysis/repurchase/export", response_class=StreamingResponse)
def export_repurchase(
    session: DbSession,
    study: ExportStudy,
    actor: Exporter,
    language: LanguageDep,
    ask: Annotated[RepurchaseAsk, Depends(repurchase_ask)],
    form: ExportFormatParam = "csv",
) -> StreamingResponse:
    table = repurchase.table(repurchase.read_repurchase(study, ask))
    return file_of(session, study, actor, language, form, table)


def funnel_ask(
    since: date | None = None,
    until: date | None = None,
    days: Annotated[int, Query(ge=1, le=365)] = 7,
    breakdown: Breakdown = "none",
) -> FunnelAsk:
    _in_order(since, until)
    return FunnelAsk(since, until, days, breakdown)


@router.get("/analysis/funnel")
def read_funnel(
    session: DbSession, study: ReadStudy, language: LanguageDep, ask: Annotated[FunnelAsk, Depends(funnel_ask)]
) -> Answer[Funnel]:
    """From being added to the third order, by where people came from."""
    return answer(study, _funnel(session, study, language, ask))


@router.get("/analysis/funnel/export", response_class=StreamingResponse)
def export_funnel(
    session: DbSession,
    study: ExportStudy,
    actor: Exporter,
    language: LanguageDep,
    ask: Annotated[FunnelAsk, Depends(funnel_ask)],
    form: ExportFormatParam = "csv",
) -> StreamingResponse:
    table = funnel.table(_funnel(session, study, language, ask), language=language)
    return file_of(session, study, actor, language, form, table)


def overlap_ask(
    ids: Annotated[list[int], Query(min_length=overlap.LEAST, max_length=overlap.MOST, description="Segments.")],
) -> list[int]:
    if len(set(ids)) < len(ids):
        raise Invalid(field="ids", zh="同一个人群选了两次。", en="The same segment is chosen twice.")
    return ids


@router.get("/analysis/overlap")
def read_overlap(
    session: DbSession,
    platform: PlatformDep,
    study: ReadStudy,
    actor: Reader,
    ids: Annotated[list[int], Depends(overlap_ask)],
) -> Answer[OverlapFound]:
    """How many people are in each combination of two to four segments."""
    return answer(study, _overlap(session, platform, actor, ids))


@router.get("/analysis/overlap/export", response_class=StreamingResponse)
def export_overlap(
    session: DbSession,
    platform: PlatformDep,
    study: ExportStudy,
    actor: Exporter,
    language: LanguageDep,
    ids: Annotated[list[int], Depends(overlap_ask)],
    form: ExportFormatParam = "csv",
) -> StreamingResponse:
    table = overlap.table(_overlap(session, platform, actor, ids), study.now.astimezone(study.zone))
    return file_of(session, study, actor, language, form, table)


def _overlap(session: Session, platform: Platform, actor: Actor, ids: Sequence[int]) -> OverlapFound:
    counts = segments.overlap(session, platform, ids, actor.scope).counts
    return overlap.build(segments.segment_names(session, ids), ids, counts)


def _funnel(session: Session, study: Study, language: Language, ask: FunnelAsk) -> Funnel:
    member = people.StaffMember
    rows = session.execute(select(member.id, member.store_id))
    stores = {row.id: row.store_id for row in rows if row.store_id}

    def named(keys: Sequence[str]) -> Mapping[str, str]:
        match ask.breakdown:
            case "state":
                return {**funnel.names_of_states(session, keys), "": getattr(NO_STATE, language)}
            case "store":
                known = {str(store.id): store.name for store in people.stores(session)}
                return {**known, "0": getattr(NO_STORE, language)}
            case "add_way":
                word = 0 if language == "zh" else 1
                return {str(code): names[word] for code, names in segments.ADD_WAYS.items()}
            case "none":
                return {}

    return funnel.read_funnel(study, ask, store_of_staff=stores, name=named)


NO_STATE = Words("没有渠道标记", "No channel")
NO_STORE = Words("没有门店", "No store")


def _in_order(since: date | None, until: date | None) -> None:
    _possible(since, "since")
    _possible(until, "until")
    if since and until and since > until:
        raise Invalid(field="since", zh="开始要早于结束。", en="The beginning has to lie before the end.")


def _possible(day: date | None, field: str) -> date | None:
    """The warehouse's days reach from 1970 to 2149."""
    if day is not None and not 1970 < day.year < 2149:
        raise Invalid(field=field, zh="日期要在 1971 到 2148 之间。", en="The day has to lie between 1971 and 2148.")
    return day
