"""The OpenAPI document without a running server."""

from __future__ import annotations

from typing import Any, cast

from fastapi import FastAPI

from wellspring.app.api import create_app
from wellspring.platform.runtime import Platform


def openapi_document() -> dict[str, Any]:
    """The routes are all that is needed: no store is opened."""
    app: FastAPI = create_app(cast(Platform, None))
    return app.openapi()
