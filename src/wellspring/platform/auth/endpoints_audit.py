"""The audit log, read only: who did what to which object, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from sqlalchemy import ColumnElement, func, or_, select

from wellspring.platform import audit, company_settings
from wellspring.platform.auth.actor import Actor
from wellspring.platform.auth.models import AuditEntry
from wellspring.platform.auth.permissions import Role, permission
from wellspring.platform.export import ExportFormatParam, export_file
from wellspring.platform.export_limits import check_size
from wellspring.platform.http import DbSession, LanguageDep, Page, Paging, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.platform.runtime import Platform

router = make_router(prefix="/api/v1", tags=["audit"])

READ = permission("auth.audit.read", zh="查看审计日志", en="Read the audit log", roles=(Role.OWNER,))

HEADS = {
    "zh": ["时间", "谁", "身份", "动作", "对象", "对象编号", "内容", "地址", "请求编号"],
    "en": ["Time", "Who", "Kind", "Action", "Object", "Object id", "Detail", "Address", "Request id"],
}


class AuditView(BaseModel):
    id: int
    at: datetime
    actor_kind: str
    actor_id: int
    actor_name: str
    action: str
    object_type: str
    object_id: str
    detail: dict[str, Any]
    address: str
    request_id: str


class AuditFilter(BaseModel):
    """`since` and `until` are instants; `action` matches from its beginning: "people." finds all of people."""

    action: str | None = None
    actor_id: int | None = None
    object_type: str | None = None
    object_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def get_filter(
    action: Annotated[str | None, Query(max_length=80)] = None,
    actor_id: Annotated[int | None, Query()] = None,
    object_type: Annotated[str | None, Query(max_length=60)] = None,
    object_id: Annotated[str | None, Query(max_length=60)] = None,
    since: Annotated[datetime | None, Query()] = None,
    until: Annotated[datetime | None, Query()] = None,
) -> AuditFilter:
    return AuditFilter(
        action=action, actor_id=actor_id, object_type=object_type, object_id=object_id, since=since, until=until
    )


FilterDep = Annotated[AuditFilter, Depends(get_filter)]


@router.get("/audit")
def list_audit(
    session: DbSession, paging: PagingDep, filters: FilterDep, actor: Annotated[Actor, Depends(READ)]
) -> Page[AuditView]:
    """Newest first; `q` finds in the actor's name, the action and the object's id."""
    conditions = _conditions(filters, paging)
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(*conditions)) or 0
    order = AuditEntry.id.asc() if paging.sort == "at" else AuditEntry.id.desc()
    rows = session.scalars(
        select(AuditEntry).where(*conditions).order_by(order).offset(paging.offset).limit(paging.page_size)
    ).all()
    items = [AuditView.model_validate(row, from_attributes=True) for row in rows]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get("/audit/export")
def export_audit(
    session: DbSession,
    platform: PlatformDep,
    paging: PagingDep,
    filters: FilterDep,
    language: LanguageDep,
    actor: Annotated[Actor, Depends(READ)],
    format: ExportFormatParam,
) -> StreamingResponse:
    """The same rows as a file; the export is itself in the log."""
    conditions = _conditions(filters, paging)
    total, last = session.execute(
        select(func.count(), func.coalesce(func.max(AuditEntry.id), 0)).where(*conditions)
    ).one()
    check_size(session, total, format)
    audit.record(
        session, actor=actor, at=platform.clock.now(), action="auth.audit.export", object_type="audit", rows=total
    )
    rows = _export_rows(platform, [*conditions, AuditEntry.id <= last])
    return export_file("audit", HEADS[language], rows, format, zone=company_settings.read(session).zone)


def _export_rows(platform: Platform, conditions: Sequence[ColumnElement[bool]]) -> Iterator[Sequence[Any]]:
    """Streamed in a transaction of its own."""
    with platform.database.unit_of_work() as session:
        statement = select(AuditEntry).where(*conditions).order_by(AuditEntry.id.desc())
        for r in session.scalars(statement, execution_options={"stream_results": True, "yield_per": 1000}):
            yield (
                r.at, r.actor_name, r.actor_kind, r.action, r.object_type, r.object_id, str(r.detail), r.address,
                r.request_id,
            )  # fmt: skip


def _conditions(filters: AuditFilter, paging: Paging) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if paging.q:
        named = [AuditEntry.actor_name.icontains(paging.q, autoescape=True), AuditEntry.object_id == paging.q]
        conditions.append(or_(*named, AuditEntry.action.icontains(paging.q, autoescape=True)))
    if filters.action:
        conditions.append(AuditEntry.action.startswith(filters.action, autoescape=True))
    if filters.actor_id is not None:
        conditions.append(AuditEntry.actor_id == filters.actor_id)
    if filters.object_type:
        conditions.append(AuditEntry.object_type == filters.object_type)
    if filters.object_id:
        conditions.append(AuditEntry.object_id == filters.object_id)
    if filters.since:
        conditions.append(AuditEntry.at >= filters.since)
    if filters.until:
        conditions.append(AuditEntry.at < filters.until)
    return conditions
