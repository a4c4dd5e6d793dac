"""Finds out who calls: session cookie with anti-forgery check, or bearer token. Refuses nobody by itself,
except an unsafe request whose cookie comes without its anti-forgery token."""

from __future__ import annotations

import hmac
import uuid
from typing import Any

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wellspring.platform.auth import service
from wellspring.platform.auth.actor import Actor
from wellspring.platform.runtime import Platform

SESSION_COOKIE = "ws_session"
CSRF_COOKIE = "ws_csrf"
CSRF_HEADER = "x-csrf-token"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def csrf_token(platform: Platform, session_token: str) -> str:
    """Bound to the sign-in: another sign-in's token does not fit."""
    return platform.secrets.sign(f"csrf:{session_token}")[:40]


def set_session_cookies(response: Response, platform: Platform, session_token: str) -> None:
    """What a browser that has just signed in keeps: the session (HttpOnly) and its anti-forgery token."""
    secure = platform.settings.cookies_are_secure
    response.set_cookie(SESSION_COOKIE, session_token, httponly=True, samesite="lax", secure=secure, path="/")
    csrf = csrf_token(platform, session_token)
    response.set_cookie(CSRF_COOKIE, csrf, samesite="strict", secure=secure, path="/")


class IdentifyCaller:
    """Sets `state.actor`, `state.csrf_failed`, `state.request_id`; the request id is in every log line and answer."""

    def __init__(self, app: ASGIApp, platform: Platform) -> None:
        self.app = app
        self.platform = platform

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        request_id = given if given.isalnum() and len(given) <= 40 else uuid.uuid4().hex[:16]
        address = request.client.host if request.client else ""
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id, address=address)
        state: dict[str, Any] = scope.setdefault("state", {})
        state["request_id"] = request_id
        state["actor"], state["csrf_failed"] = None, False
        if request.url.path.startswith("/api/"):
            await self._identify(request, state)

        async def with_request_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                # The console shows ages by the platform's clock, which may have travelled.
                now = self.platform.clock.now().isoformat(timespec="milliseconds")
                named = [(b"x-request-id", request_id.encode()), (b"x-now", now.encode())]
                message["headers"] = [*message["headers"], *named]
            await send(message)

        await self.app(scope, receive, with_request_id)

    async def _identify(self, request: Request, state: dict[str, Any]) -> None:
        scheme, _, credential = request.headers.get("authorization", "").partition(" ")
        cookie = request.cookies.get(SESSION_COOKIE)
        if scheme.lower() == "bearer" and credential:
            state["actor"] = await run_in_threadpool(self._by_token, credential)
        elif cookie:
            if request.method not in SAFE_METHODS and not self._csrf_fits(request, cookie):
                state["csrf_failed"] = True
                return
            state["actor"] = await run_in_threadpool(self._by_session, cookie)

    def _csrf_fits(self, request: Request, cookie: str) -> bool:
        given = request.headers.get(CSRF_HEADER, "")
        return hmac.compare_digest(given.encode(), csrf_token(self.platform, cookie).encode())

    def _by_session(self, token: str) -> Actor | None:
        with self.platform.database.unit_of_work() as session:
            now, hours = self.platform.clock.now(), self.platform.settings.session_hours
            return service.actor_of_session(session, token=token, now=now, hours=hours)

    def _by_token(self, token: str) -> Actor | None:
        with self.platform.database.unit_of_work() as session:
            return service.actor_of_token(session, token=token, now=self.platform.clock.now())
