"""The FastAPI application: every domain's routes, the error envelope, the console's files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from wellspring import __version__
from wellspring.app.console import mount_console
from wellspring.app.doctor.endpoints import router as doctor_router
from wellspring.app.domains import ROUTERS, register_domains
from wellspring.app.health import router as health_router
from wellspring.platform.auth.endpoints import router as auth_router
from wellspring.platform.auth.endpoints_accounts import router as accounts_router
from wellspring.platform.auth.endpoints_audit import router as audit_router
from wellspring.platform.auth.endpoints_company import router as company_router
from wellspring.platform.auth.endpoints_tokens import router as tokens_router
from wellspring.platform.auth.middleware import IdentifyCaller
from wellspring.platform.errors import Refusal
from wellspring.platform.http import get_language
from wellspring.platform.metrics import MeasureRequests
from wellspring.platform.runtime import Platform
from wellspring.platform.warehouse.endpoints import router as freshness_router
from wellspring.wecom.inbox.receiving import ReceiveCallbacks

log = structlog.get_logger(__name__)
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
PLATFORM_ROUTERS = (auth_router, accounts_router, tokens_router, audit_router, company_router, freshness_router)


def create_app(platform: Platform, lifespan: Lifespan | None = None) -> FastAPI:
    """The application over an open platform. `lifespan`: what runs beside it (the all-in-one's workers)."""
    register_domains()

    @asynccontextmanager
    async def nothing_beside(_: FastAPI) -> AsyncIterator[None]:
        yield

    app = FastAPI(
        title="Wellspring",
        version=__version__,
        lifespan=lifespan or nothing_beside,
        openapi_url="/api/openapi.json",
        docs_url="/api/docs",
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.platform = platform
    app.add_middleware(IdentifyCaller, platform=platform)
    app.add_middleware(MeasureRequests)
    app.add_middleware(ReceiveCallbacks, platform=platform)  # the last one added is the first one asked
    for router in (health_router, doctor_router, *PLATFORM_ROUTERS, *ROUTERS):
        app.include_router(router)
    _answer_errors(app)
    mount_console(app)
    return app


def _envelope(request: Request, status: int, code: str, message: str, fields: Any = None) -> JSONResponse:
    body: dict[str, Any] = {"code": code, "message": message, "request_id": request.state.request_id}
    if fields:
        body["fields"] = dict(fields)
    return JSONResponse({"error": body}, status_code=status)


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(Refusal)
    async def refused(request: Request, error: Refusal) -> JSONResponse:
        language = get_language(request)
        log.info("refused", code=error.code, status=error.status, path=request.url.path)
        return _envelope(request, error.status, error.code, error.message(language), error.fields(language))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        zh = get_language(request) == "zh"
        fields = {".".join(str(part) for part in e["loc"][1:]) or str(e["loc"][0]): e["msg"] for e in error.errors()}
        message = "有 {n} 处输入不对。" if zh else "{n} of the inputs are wrong."
        return _envelope(request, 422, "invalid", message.format(n=len(fields)), fields)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> JSONResponse:
        zh = get_language(request) == "zh"
        texts = {404: ("找不到这个地址。", "There is nothing at this address."), 405: ("方法不对。", "Wrong method.")}
        text = texts.get(error.status_code, (str(error.detail), str(error.detail)))[0 if zh else 1]
        return _envelope(request, error.status_code, f"http_{error.status_code}", text)

    @app.exception_handler(OperationalError)
    async def database_away(request: Request, error: OperationalError) -> JSONResponse:
        log.error("database_away", path=request.url.path, error=str(error.orig)[:300])
        zh = get_language(request) == "zh"
        text = (
            "数据库暂时连不上，请稍后再试。"
            if zh
            else "The database can't be reached right now. Try again in a moment."
        )
        return _envelope(request, 503, "DATABASE_UNAVAILABLE", text)

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        log.error("unhandled", path=request.url.path, exc_info=error)
        zh = get_language(request) == "zh"
        text = "这是我们的错误，已记录。" if zh else "This is our error; it has been recorded."
        return _envelope(request, 500, "internal_error", text)
