"""All that other domains may use of acquisition.

`channel_names`, `live_code_names`: by id, `live_code_names_by_state`: for lists and reports.
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


def live_code_names_by_state(session: Session, states: Iterable[str]) -> dict[str, str]:
    """Names by the state that comes back with an add; states of other origin are left out."""
    rows = session.execute(select(LiveCode.state, LiveCode.name).where(LiveCode.state.in_(set(states))))
    return {row[0]: row[1] for row in rows}
