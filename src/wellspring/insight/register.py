"""What insight adds to the platform at start."""

from __future__ import annotations

from wellspring.insight.home.steps import register_own


def register() -> None:
    """Called once per process, before anything is served."""
    register_own()
