"""The HTTP interface of wecom: settings, status, sync, outbox, pictures; the inbox brings its own."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Query, Response, UploadFile
from sqlalchemy import func, select

from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.auth.permissions import PUBLIC
from wellspring.platform.errors import Invalid, NotFound
from wellspring.platform.http import DbSession, LanguageDep, Page, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.wecom import media as media_store
from wellspring.wecom import rights, service
from wellspring.wecom.calls.media import IMAGE_BYTES
from wellspring.wecom.company import change_company, company_row, connect_company
from wellspring.wecom.guide import guide
from wellspring.wecom.inbox.endpoints import callback_router
from wellspring.wecom.inbox.endpoints import router as inbox_router
from wellspring.wecom.models import WecomOutbox, WecomSyncRun
from wellspring.wecom.permissions import MANAGE, MEDIA_READ, MEDIA_WRITE, READ, STATUS, SYNC
from wellspring.wecom.schemas import (
    CompanyConnection,
    CompanyWish,
    ConnectionChange,
    ConnectionTest,
    Guide,
    MediaInfo,
    OutboxDecision,
    OutboxEntry,
    SyncRun,
    SyncState,
    WecomStatus,
)
from wellspring.wecom.sync.schedule import RECONCILIATION, Reconciliation
from wellspring.wecom.sync.start import start_full_sync

router = make_router(tags=["wecom"])
api = make_router(prefix="/api/v1", tags=["wecom"])


@api.get("/wecom/company")
def get_wecom_company(
    session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(READ)]
) -> CompanyConnection:
    """The connection, without its secrets; and the URL to enter at WeCom for events."""
    return service.connection(session, platform)


@api.put("/wecom/company")
def put_wecom_company(
    wish: CompanyWish, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(MANAGE)]
) -> CompanyConnection:
    """Set the connection; secrets left out stay as they are."""
    known = company_row(session)
    if known is not None and known.corp_id != wish.corp_id:
        media_store.forget_uploads(session)
    connect_company(session, platform, actor, **wish.model_dump())
    return service.connection(session, platform)


@api.post("/wecom/company/test")
def test_wecom_company(
    platform: PlatformDep, language: LanguageDep, actor: Annotated[Actor, Depends(MANAGE)]
) -> ConnectionTest:
    """Fetch a token and try each right that the product needs."""
    return rights.test_connection(platform, language)


@api.patch("/wecom/company")
def change_wecom_company(
    change: ConnectionChange,
    session: DbSession,
    platform: PlatformDep,
    language: LanguageDep,
    actor: Annotated[Actor, Depends(MANAGE)],
) -> Guide:
    """Save one step of the guide. 422 names the field."""
    known = company_row(session)
    if known is not None and change.corp_id is not None and known.corp_id != change.corp_id:
        media_store.forget_uploads(session)
    change_company(session, platform, actor, **change.model_dump())
    return guide(session, platform, language)


@api.get("/wecom/guide")
def get_wecom_guide(
    session: DbSession, platform: PlatformDep, language: LanguageDep, actor: Annotated[Actor, Depends(READ)]
) -> Guide:
    """How far the connection of a company has come, step by step."""
    return guide(session, platform, language)


@router.get("/WW_verify_{proof}.txt", dependencies=[Depends(PUBLIC)], include_in_schema=False)
def prove_domain(proof: str, session: DbSession) -> Response:
    """The file by which WeCom checks that a trusted domain is ours."""
    row = company_row(session)
    if row is None or not row.domain_proof or proof != row.domain_proof:
        raise NotFound(what="校验文件 verification file")
    return Response(row.domain_proof, media_type="text/plain")


@api.get("/wecom/status")
def get_wecom_status(session: DbSession, actor: Annotated[Actor, Depends(STATUS)]) -> WecomStatus:
    """How the connection is doing."""
    return service.status(session)


@api.post("/wecom/sync", status_code=202)
def start_wecom_sync(session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(SYNC)]) -> SyncRun:
    """Start a full sync; while one is running, that one is answered."""
    run_id = start_full_sync(session, platform, actor)
    return service.sync_run(session, session.get_one(WecomSyncRun, run_id))


@api.get("/wecom/sync")
def get_wecom_sync(session: DbSession, actor: Annotated[Actor, Depends(STATUS)]) -> SyncState:
    """The latest sync and how far it is."""
    latest, company = service.latest_sync(session), company_row(session)
    return SyncState(
        running=latest is not None and latest.status == "running",
        latest=service.sync_run(session, latest) if latest else None,
        last_full_sync_at=company.last_full_sync_at if company else None,
    )


@api.get("/wecom/reconciliation")
def get_wecom_reconciliation(session: DbSession, actor: Annotated[Actor, Depends(READ)]) -> Reconciliation:
    """When a full sync is made by itself."""
    return RECONCILIATION.read(session)


@api.put("/wecom/reconciliation")
def put_wecom_reconciliation(
    wish: Reconciliation, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(SYNC)]
) -> Reconciliation:
    """Set when a full sync is made by itself."""
    RECONCILIATION.write(session, wish)
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="wecom.reconciliation.change",
        object_type="platform_setting",
        object_id=RECONCILIATION.name,
        **wish.model_dump(),
    )
    return wish


OutboxStatus = Literal["planned", "sending", "done", "refused", "unknown"]


@api.get("/wecom/outbox")
def list_wecom_outbox(
    session: DbSession,
    paging: PagingDep,
    actor: Annotated[Actor, Depends(READ)],
    status: Annotated[list[OutboxStatus] | None, Query()] = None,
    kind: Annotated[str | None, Query(max_length=40)] = None,
) -> Page[OutboxEntry]:
    """Calls that change the world, newest first."""
    query = select(WecomOutbox)
    if status:
        query = query.where(WecomOutbox.status.in_(status))
    if kind:
        query = query.where(WecomOutbox.kind == kind)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(query.order_by(WecomOutbox.id.desc()).offset(paging.offset).limit(paging.page_size))
    items = [service.outbox_entry(row) for row in rows]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@api.post("/wecom/outbox/{outbox_id}/decide")
def decide_wecom_outbox(
    outbox_id: int,
    decision: OutboxDecision,
    session: DbSession,
    platform: PlatformDep,
    actor: Annotated[Actor, Depends(MANAGE)],
) -> OutboxEntry:
    """Say what became of a call of which WeCom can't tell."""
    return service.decide_outbox(session, platform, actor, outbox_id, decision)


@api.post("/media", status_code=201)
def upload_media(
    file: UploadFile, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(MEDIA_WRITE)]
) -> MediaInfo:
    """Keep a picture (PNG or JPEG, at most 10 MB) for messages and posters. The same picture again is the same id."""
    data = file.file.read(IMAGE_BYTES + 1)
    if len(data) > IMAGE_BYTES:
        raise Invalid(field="file", zh="图片不能超过 10 MB。", en="The picture must not be above 10 MB.")
    media_id = media_store.store_media(
        session, platform, filename=file.filename or "", content_type=file.content_type or "", data=data
    )
    return _info(media_store.media(session, media_id))


@api.get("/media/{media_file_id}", response_class=Response)
def get_media(
    media_file_id: int, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(MEDIA_READ)]
) -> Response:
    """The picture itself; it never changes under its id."""
    known = media_store.media(session, media_file_id)
    data = media_store.media_bytes(session, platform, media_file_id)
    headers = {
        "cache-control": "private, max-age=31536000, immutable",
        "etag": f'"{known.sha256}"',
        "x-content-type-options": "nosniff",
    }
    return Response(data, media_type=known.content_type, headers=headers)


def _info(media: media_store.Media) -> MediaInfo:
    return MediaInfo(
        id=media.id,
        filename=media.filename,
        content_type=media.content_type,
        size=media.size,
        url=f"/api/v1/media/{media.id}",
    )


router.include_router(callback_router)
router.include_router(api)
router.include_router(inbox_router)
