"""`/api/v1/imports`: upload, map, preview, run, cancel, report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from sqlalchemy import ColumnElement, func, or_, select
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from wellspring.commerce.errors import UploadTooLarge
from wellspring.commerce.imports import files, service
from wellspring.commerce.imports.opening import open_file
from wellspring.commerce.imports.options import Mapping, Options
from wellspring.commerce.imports.schemas import (
    FieldView,
    ImportView,
    MappingChange,
    PreviewView,
    RejectedView,
    UploadView,
    fields,
    import_view,
    preview_view,
    reason_text,
)
from wellspring.commerce.models import ImportRejection, ImportRun
from wellspring.commerce.permissions import MANAGE_IMPORTS, READ_IMPORTS
from wellspring.platform import audit, company_settings
from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import Language
from wellspring.platform.export import ExportFormatParam, export_file
from wellspring.platform.http import DbSession, LanguageDep, Page, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.platform.runtime import Platform

router = make_router()
Reader = Annotated[Actor, Depends(READ_IMPORTS)]
Manager = Annotated[Actor, Depends(MANAGE_IMPORTS)]
SORTS = {"id": ImportRun.id, "created_at": ImportRun.created_at, "filename": ImportRun.filename, "size": ImportRun.size}
_UPLOAD_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


@router.post("/imports", status_code=201, openapi_extra=_UPLOAD_BODY)
async def upload_import(request: Request, platform: PlatformDep, actor: Manager, language: LanguageDep) -> UploadView:
    """Upload a CSV, XLSX or Parquet file of order lines. Answers the guessed mapping and the first 20 lines as
    they would be taken; nothing is taken before the run."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > files.LARGEST_UPLOAD + (1 << 20):
        raise UploadTooLarge(limit_mb=files.LARGEST_UPLOAD >> 20)
    pending = files.PendingFile(platform)
    try:
        receiver = files.FormReceiver(request.headers.get("content-type", ""), pending)
        async for data in request.stream():
            if data:
                receiver.feed(data)
        filename = receiver.close()
        return await run_in_threadpool(_receive, platform, actor, pending, filename, language)
    finally:
        pending.discard()


def _receive(
    platform: Platform, actor: Actor, pending: files.PendingFile, filename: str, language: Language
) -> UploadView:
    with platform.database.unit_of_work() as session:
        now = platform.clock.now()
        run, guessed = service.receive(session, platform, actor, pending=pending, filename=filename, now=now)
        look = service.look(platform, run)
        return UploadView(
            run=import_view(run, language, service.same_file(session, run)),
            preview=preview_view(look, guessed.options, guessed.mapping, language),
        )


@router.get("/imports/fields")
def list_import_fields(actor: Reader) -> list[FieldView]:
    """The fields of an order line that a file's columns can stand for."""
    return fields()


@router.get("/imports")
def list_imports(
    session: DbSession,
    actor: Reader,
    language: LanguageDep,
    paging: PagingDep,
    status: Annotated[list[str] | None, Query()] = None,
) -> Page[ImportView]:
    """Newest first. `q` finds file names and sources."""
    conditions: list[ColumnElement[bool]] = []
    if status:
        conditions.append(ImportRun.status.in_(status))
    if paging.q:
        pattern = f"%{paging.q}%"
        conditions.append(or_(ImportRun.filename.ilike(pattern), ImportRun.source.ilike(pattern)))
    total = session.scalar(select(func.count()).select_from(ImportRun).where(*conditions)) or 0
    column = SORTS.get((paging.sort or "-id").lstrip("-"), ImportRun.id)
    order = column.desc() if (paging.sort or "-id").startswith("-") else column.asc()
    runs = session.scalars(
        select(ImportRun)
        .where(*conditions)
        .order_by(order, ImportRun.id.desc())
        .offset(paging.offset)
        .limit(paging.page_size)
    )
    items = [import_view(run, language) for run in runs]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get("/imports/{import_id}")
def read_import(import_id: int, session: DbSession, actor: Reader, language: LanguageDep) -> ImportView:
    """One import, with its progress or its report."""
    run = service.get(session, import_id)
    return import_view(run, language, service.same_file(session, run) if run.status in service.OPEN_STATUSES else None)


@router.get("/imports/{import_id}/preview")
def preview_import(
    import_id: int, session: DbSession, platform: PlatformDep, actor: Manager, language: LanguageDep
) -> PreviewView:
    """The first 20 lines as they would be taken now."""
    run = service.get(session, import_id)
    options, mapping = Options.model_validate(run.options), Mapping.model_validate(run.mapping)
    return preview_view(service.look(platform, run), options, mapping, language)


@router.get("/imports/{import_id}/columns")
def list_import_columns(import_id: int, session: DbSession, platform: PlatformDep, actor: Manager) -> list[str]:
    """The columns of the file, in its order."""
    run = service.get(session, import_id)
    return open_file(files.path_of(platform, run), run.format, Options.model_validate(run.options)).columns


@router.put("/imports/{import_id}/mapping")
def change_import_mapping(
    import_id: int,
    change: MappingChange,
    session: DbSession,
    platform: PlatformDep,
    actor: Manager,
    language: LanguageDep,
) -> PreviewView:
    """Say which column is what, and how to read them; answers the first lines as they would be taken so."""
    run = service.get(session, import_id, lock=True)
    look = service.change_mapping(session, platform, run, mapping=change.mapping, options=change.options)
    return preview_view(look, change.options, change.mapping, language)


@router.post("/imports/{import_id}/run", status_code=202)
def start_import(
    import_id: int, session: DbSession, platform: PlatformDep, actor: Manager, language: LanguageDep
) -> ImportView:
    """Take the file in, in the background; `GET /imports/{id}` tells how far it is."""
    run = service.get(session, import_id, lock=True)
    service.start(session, platform, actor, run, platform.clock.now())
    return import_view(run, language)


@router.post("/imports/{import_id}/cancel")
def cancel_import(
    import_id: int, session: DbSession, platform: PlatformDep, actor: Manager, language: LanguageDep
) -> ImportView:
    """Stop it. Whatever was read so far is forgotten: nothing of a run is visible before its end."""
    run = service.get(session, import_id, lock=True)
    service.cancel(session, platform, actor, run, platform.clock.now())
    return import_view(run, language)


@router.delete("/imports/{import_id}", status_code=204)
def discard_import(import_id: int, session: DbSession, platform: PlatformDep, actor: Manager) -> Response:
    """Remove an import that took nothing."""
    service.discard(session, platform, service.get(session, import_id, lock=True))
    return Response(status_code=204)


@router.get("/imports/{import_id}/rejections")
def list_import_rejections(
    import_id: int,
    session: DbSession,
    actor: Reader,
    language: LanguageDep,
    paging: PagingDep,
    reason: Annotated[list[str] | None, Query()] = None,
) -> Page[RejectedView]:
    """The lines that were not taken, in file order."""
    in_file = {
        name: position for position, name in enumerate(service.get(session, import_id).counts.get("columns", []))
    }
    conditions = _rejections(import_id, reason)
    total = session.scalar(select(func.count()).select_from(ImportRejection).where(*conditions)) or 0
    rows = session.scalars(
        select(ImportRejection)
        .where(*conditions)
        .order_by(ImportRejection.line_number, ImportRejection.id)
        .offset(paging.offset)
        .limit(paging.page_size)
    )
    items = [
        RejectedView(
            line_number=row.line_number,
            reason=row.reason,
            reason_text=reason_text(row.reason, language),
            detail=row.detail,
            line=dict(sorted(row.line.items(), key=lambda cell: in_file.get(cell[0], len(in_file)))),
        )
        for row in rows
    ]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get("/imports/{import_id}/rejections/export", response_class=StreamingResponse)
def export_import_rejections(
    import_id: int,
    session: DbSession,
    platform: PlatformDep,
    actor: Manager,
    language: LanguageDep,
    reason: Annotated[list[str] | None, Query()] = None,
    form: ExportFormatParam = "csv",
) -> StreamingResponse:
    """The lines that were not taken as a file: number, reason, and what they held."""
    run = service.get(session, import_id)
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="commerce.import.export_rejections",
        object_type="import",
        object_id=import_id,
    )
    conditions = _rejections(import_id, reason)
    sample = session.scalars(select(ImportRejection.line).where(*conditions).limit(200))
    seen = dict.fromkeys(name for line in sample for name in line)
    in_file = run.counts.get("columns", [])
    columns = [*in_file, *(name for name in seen if name not in in_file)]
    ours = ("行号", "原因代码", "原因", "细节") if language == "zh" else ("line", "reason", "reason text", "detail")
    rows = _rejection_rows(platform, conditions, columns, language)
    zone = company_settings.read(session).zone
    return export_file(f"import-{run.id}-not-taken", [*ours, *columns], rows, form, zone=zone)


def _rejections(import_id: int, reasons: list[str] | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [ImportRejection.import_id == import_id]
    if reasons:
        conditions.append(ImportRejection.reason.in_(reasons))
    return conditions


def _rejection_rows(
    platform: Platform, conditions: list[ColumnElement[bool]], columns: list[str], language: Language
) -> Iterator[list[Any]]:
    with platform.database.unit_of_work() as session:
        rows = session.execute(
            select(ImportRejection.line_number, ImportRejection.reason, ImportRejection.detail, ImportRejection.line)
            .where(*conditions)
            .order_by(ImportRejection.line_number, ImportRejection.id),
            execution_options={"stream_results": True, "yield_per": 1000},
        )
        for number, reason, detail, line in rows:
            yield [number, reason, reason_text(reason, language), detail, *(line.get(name) for name in columns)]
