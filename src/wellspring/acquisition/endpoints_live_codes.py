"""Live codes over HTTP: lists, the code itself, its pictures; where a customer came from."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Query, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from wellspring.acquisition import reading, service, views
from wellspring.acquisition.errors import QrNotReady
from wellspring.acquisition.models import LiveCode
from wellspring.acquisition.poster import Words, draw_poster
from wellspring.acquisition.qr_picture import qr_picture
from wellspring.acquisition.schemas import (
    LiveCodeBody,
    LiveCodeChange,
    LiveCodePage,
    LiveCodeView,
    Origins,
    Shown,
)
from wellspring.platform import company_settings
from wellspring.platform.auth import Actor, permission
from wellspring.platform.auth.permissions import EVERYBODY, MANAGERS
from wellspring.platform.errors import NotFound
from wellspring.platform.export import ExportFormatParam, export_file
from wellspring.platform.http import DbSession, LanguageDep, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom

router = make_router(tags=["acquisition"])

READ = permission("acquisition.code.read", zh="查看渠道活码", en="View live codes", roles=EVERYBODY)
WRITE = permission("acquisition.code.write", zh="管理渠道活码", en="Manage live codes", roles=MANAGERS)

PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}
HINT = {"zh": "微信扫一扫，加我们为好友", "en": "Scan with WeChat to add us"}
HEADS = {
    "zh": ["活码", "渠道", "门店", "接待同事", "状态", "今天", "近 30 天", "累计", "30 天后还在", "满 30 天的人数", "创建时间"],
    "en": ["Live code", "Channel", "Store", "Staff", "Status", "Today", "Last 30 days", "In all", "Kept after 30 days",
           "Adds at least 30 days old", "Created"],
}  # fmt: skip
STATUS_NAMES = {
    "zh": {"pending": "等待企业微信", "active": "启用中", "failed": "没有建成", "archived": "已归档"},
    "en": {"pending": "Waiting for WeCom", "active": "In use", "failed": "Failed", "archived": "Archived"},
}


def get_filter(
    paging: PagingDep,
    channel_id: Annotated[list[int] | None, Query(description="With everything under it")] = None,
    store_id: Annotated[list[int] | None, Query()] = None,
    status: Annotated[list[Shown] | None, Query(description="None: everything but archived")] = None,
) -> reading.CodeFilter:
    return reading.CodeFilter(paging.q, channel_id or (), store_id or (), status or ())


FilterDep = Annotated[reading.CodeFilter, Depends(get_filter)]


@router.get("/live-codes")
def list_live_codes(
    session: DbSession,
    platform: PlatformDep,
    paging: PagingDep,
    wanted: FilterDep,
    actor: Annotated[Actor, Depends(READ)],
) -> LiveCodePage:
    """Sorts: name, today, last_30_days, kept_30, created_at (usual: newest first)."""
    rows, total, sums = reading.list_codes(
        session,
        actor.scope,
        wanted,
        now=platform.clock.now(),
        sort=paging.sort,
        offset=paging.offset,
        limit=paging.page_size,
    )
    return LiveCodePage(
        items=views.rows(session, actor.scope, rows),
        total=total,
        page=paging.page,
        page_size=paging.page_size,
        totals=views.totals(sums),
    )


@router.get("/live-codes/export")
def export_live_codes(
    session: DbSession,
    platform: PlatformDep,
    paging: PagingDep,
    wanted: FilterDep,
    language: LanguageDep,
    actor: Annotated[Actor, Depends(READ)],
    format: ExportFormatParam = "csv",
) -> StreamingResponse:
    """The same list as a file, all pages."""
    found, _, _ = reading.list_codes(
        session, actor.scope, wanted, now=platform.clock.now(), sort=paging.sort, offset=0, limit=None
    )
    names = STATUS_NAMES[language]
    lines = [
        [
            row.name,
            row.channel_path,
            row.store.name if row.store else "",
            "、".join(row.staff_names) if language == "zh" else ", ".join(row.staff_names),
            names[row.status],
            row.figures.today,
            row.figures.last_30_days,
            row.figures.total,
            None if row.figures.kept_30 is None else round(row.figures.kept_30, 4),
            row.figures.kept_30_of,
            row.created_at,
        ]
        for row in views.rows(session, actor.scope, found)
    ]
    zone = company_settings.read(session).zone
    return export_file("渠道活码" if language == "zh" else "live-codes", HEADS[language], lines, format, zone=zone)


@router.post("/live-codes", status_code=201)
def create_live_code(
    body: LiveCodeBody, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(WRITE)]
) -> LiveCodeView:
    """Answers at once with status pending; the QR is there when WeCom has answered (usually within a second)."""
    return _view(session, platform, actor, service.create_live_code(session, platform, actor, body))


@router.get("/live-codes/{live_code_id}")
def read_live_code(
    live_code_id: int, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(READ)]
) -> LiveCodeView:
    return _view(session, platform, actor, service.get_live_code(session, actor.scope, live_code_id))


@router.patch("/live-codes/{live_code_id}")
def change_live_code(
    live_code_id: int,
    body: LiveCodeChange,
    session: DbSession,
    platform: PlatformDep,
    actor: Annotated[Actor, Depends(WRITE)],
) -> LiveCodeView:
    """The whole code anew; its QR stays the same whoever receives behind it."""
    return _view(session, platform, actor, service.change_live_code(session, platform, actor, live_code_id, body))


@router.post("/live-codes/{live_code_id}/retry")
def retry_live_code(
    live_code_id: int, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(WRITE)]
) -> LiveCodeView:
    """Ask WeCom again after it refused."""
    return _view(session, platform, actor, service.retry_live_code(session, platform, actor, live_code_id))


@router.post("/live-codes/{live_code_id}/archive")
def archive_live_code(
    live_code_id: int, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(WRITE)]
) -> LiveCodeView:
    """Out of the lists; what was printed goes on working and counting."""
    return _view(session, platform, actor, service.archive_live_code(session, platform, actor, live_code_id))


@router.post("/live-codes/{live_code_id}/restore")
def restore_live_code(
    live_code_id: int, session: DbSession, platform: PlatformDep, actor: Annotated[Actor, Depends(WRITE)]
) -> LiveCodeView:
    return _view(session, platform, actor, service.restore_live_code(session, platform, actor, live_code_id))


@router.get("/live-codes/{live_code_id}/qr.png", responses=PNG, response_class=Response)
def read_live_code_qr(
    live_code_id: int, platform: PlatformDep, actor: Annotated[Actor, Depends(READ)], download: bool = False
) -> Response:
    """The QR alone, as WeCom drew it."""
    picture, code, _ = _qr_of(platform, actor, live_code_id)
    return _png(picture, f"{code.name}-QR", download)


@router.get("/live-codes/{live_code_id}/poster.png", responses=PNG, response_class=Response)
def read_live_code_poster(
    live_code_id: int,
    platform: PlatformDep,
    language: LanguageDep,
    actor: Annotated[Actor, Depends(READ)],
    download: bool = False,
) -> Response:
    """1080 x 1680 pixels, with the brand's name, title, subtitle and QR."""
    picture, code, brand = _qr_of(platform, actor, live_code_id)
    poster = code.poster
    words = Words(
        brand=brand,
        title=str(poster.get("title") or code.name),
        subtitle=str(poster.get("subtitle") or ""),
        hint=HINT[language],
    )
    return _png(draw_poster(words, picture, str(poster.get("look") or "paper")), f"{code.name}-poster", download)


@router.get("/customers/{customer_id}/origins")
def list_customer_origins(customer_id: int, session: DbSession, actor: Annotated[Actor, Depends(READ)]) -> Origins:
    """Through which codes and channels the customer came, oldest first."""
    found = reading.origins_of(session, actor.scope, customer_id)
    if found is None:
        raise NotFound(what="客户 customer")
    return views.origins(session, found)


def _view(session: Session, platform: Platform, actor: Actor, code: LiveCode) -> LiveCodeView:
    session.flush()
    return views.live_code(session, actor.scope, code, now=platform.clock.now())


def _qr_of(platform: Platform, actor: Actor, live_code_id: int) -> tuple[bytes, LiveCode, str]:
    """The QR picture is fetched outside any transaction: the first time it is a call to the network."""
    with platform.database.unit_of_work() as session:
        code = service.get_live_code(session, actor.scope, live_code_id)
        company = wecom.company(session)
        brand = company_settings.read(session).name or (company.name if company else "")
    if not code.config_id or not code.qr_url or company is None:
        raise QrNotReady()
    picture = qr_picture(platform, config_id=code.config_id, url=code.qr_url, base_url=company.base_url)
    return picture, code, brand


def _png(picture: bytes, name: str, download: bool) -> Response:
    headers = {"cache-control": "private, no-cache", "x-content-type-options": "nosniff"}
    if download:
        headers["content-disposition"] = f"attachment; filename=\"live-code.png\"; filename*=UTF-8''{quote(name)}.png"
    return Response(picture, media_type="image/png", headers=headers)
