"""All that other domains may use of acquisition.

`channel_names`, `live_code_names`: by id, for lists and reports.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.acquisition.channels import paths_of
from wellspring.acquisition.models import LiveCode


def channel_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Full path by channel id."""
    return paths_of(session, ids)


def live_code_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    rows = session.execute(select(LiveCode.id, LiveCode.name).where(LiveCode.id.in_(set(ids))))
    return {row[0]: row[1] for row in rows}
