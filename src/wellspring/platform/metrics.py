"""Prometheus metrics of the process."""

from __future__ import annotations

import time

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUESTS = Counter("wellspring_http_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("wellspring_http_request_seconds", "Time to answer", ["method", "route"])
CALLBACKS = Counter("wellspring_wecom_callbacks_total", "Callbacks received", ["outcome"])
WECOM_CALLS = Counter("wellspring_wecom_calls_total", "Calls to WeCom", ["path", "errcode"])


class MeasureRequests:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watch)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            REQUESTS.labels(scope["method"], route, str(status)).inc()
            SECONDS.labels(scope["method"], route).observe(time.perf_counter() - began)
