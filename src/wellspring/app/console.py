"""Serves the built console; every unknown path outside /api is the console's own routing."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from wellspring.platform.paths import console_folder

NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Wellspring</title>
<p>The console has not been built yet: run <code>make console</code>, then reload.</p>"""

SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data: blob: http: https:; style-src 'self' 'unsafe-inline';"
        " script-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


def mount_console(app: FastAPI) -> None:
    folder = console_folder()
    if (folder / "assets").exists():
        app.mount("/assets", StaticFiles(directory=folder / "assets"), name="assets")

    async def console(request: Request) -> Response:
        path = request.path_params["path"]
        if path.startswith(("api/", "assets/", "callback/")) or request.method not in {"GET", "HEAD"}:
            raise HTTPException(404)
        folder = console_folder()
        file = folder / path
        if path and file.is_file() and folder.resolve() in file.resolve().parents:
            return FileResponse(file, headers=SECURITY_HEADERS)
        index = folder / "index.html"
        if not index.exists():
            return HTMLResponse(NOT_BUILT, status_code=503)
        return FileResponse(index, headers={**SECURITY_HEADERS, "cache-control": "no-cache"})

    app.router.add_route("/{path:path}", console, methods=["GET", "HEAD"], include_in_schema=False)
