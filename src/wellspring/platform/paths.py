"""Where the files that ship beside the code are: in a wheel inside the package, in a checkout at its root."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = PACKAGE.parents[1]


def _shipped(packaged: str, checkout: str) -> Path:
    inside = PACKAGE / packaged
    return inside if inside.exists() else CHECKOUT / checkout


def migrations_folder() -> Path:
    return _shipped("_migrations", "migrations")


def console_folder() -> Path:
    """The built console; may not exist in a checkout where it was never built."""
    return _shipped("_console", "console/dist")
