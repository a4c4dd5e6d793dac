"""Broadcasts as they are shown: the list, one of them, with figures from the counts that the ledger keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from wellspring.care.facade import BY_CODE, Purpose, reason_text
from wellspring.outreach.content import Content
from wellspring.outreach.models import Broadcast, BroadcastTask
from wellspring.outreach.rules import Tally, read_counts, tally
from wellspring.outreach.schemas import (
    BroadcastDetail,
    BroadcastRow,
    TallyView,
    TaskTally,
    TouchReasonCount,
)
from wellspring.outreach.scopes import broadcasts_in_scope
from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import Invalid, Language
from wellspring.platform.http import Page, Paging
from wellspring.segments.facade import get_segment, segment_names, sentence

SORTS: Mapping[str, Any] = {
    "created_at": Broadcast.created_at,
    "submitted_at": Broadcast.submitted_at,
    "name": Broadcast.name,
    "status": Broadcast.status,
}
NO_TASKS = TaskTally(total=0, waiting=0, confirmed=0, ended=0)


def order_by(sort: str | None, known: Mapping[str, Any], default: str, key: Any) -> list[Any]:
    """`-` before a name is descending; the key decides among equals. Raises Invalid(sort)."""
    wanted = sort or default
    column = known.get(wanted.removeprefix("-"))
    if column is None:
        names = ", ".join(sorted(known))
        raise Invalid(
            field="sort", zh=f"不能按 {wanted} 排序，可用：{names}。", en=f"Can't sort by {wanted}; use: {names}."
        )
    descending = wanted.startswith("-")
    return [column.desc().nulls_last() if descending else column.asc().nulls_last(), key.desc() if descending else key]


def list_broadcasts(
    session: Session,
    actor: Actor,
    paging: Paging,
    *,
    status: Sequence[str],
    purpose: str | None,
    segment_id: int | None,
) -> Page[BroadcastRow]:
    where: list[ColumnElement[bool]] = [broadcasts_in_scope(actor.scope)]
    if status:
        where.append(Broadcast.status.in_(status))
    if purpose:
        where.append(Broadcast.purpose == purpose)
    if segment_id is not None:
        where.append(Broadcast.segment_id == segment_id)
    if paging.q:
        where.append(Broadcast.name.icontains(paging.q, autoescape=True))
    total = session.scalar(select(func.count()).select_from(Broadcast).where(*where)) or 0
    found = session.scalars(
        select(Broadcast)
        .where(*where)
        .order_by(*order_by(paging.sort, SORTS, "-created_at", Broadcast.id))
        .offset(paging.offset)
        .limit(paging.page_size)
    ).all()
    names = segment_names(session, [one.segment_id for one in found])
    tasks = _task_tallies(session, [one.id for one in found])
    items = [BroadcastRow(**_row(one, names[one.segment_id], tasks.get(one.id, NO_TASKS))) for one in found]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


def detail(session: Session, broadcast: Broadcast, language: Language) -> BroadcastDetail:
    session.flush()
    segment = get_segment(session, broadcast.segment_id)
    tasks = _task_tallies(session, [broadcast.id]).get(broadcast.id, NO_TASKS)
    figures = tally(read_counts(broadcast.counts))
    return BroadcastDetail(
        **_row(broadcast, segment.name, tasks),
        content=Content.model_validate(broadcast.content),
        segment_sentence=sentence(session, segment.definition, language),
        reasons=reason_counts(figures.reasons, language),
        may_cancel=broadcast.status in ("planning", "sending"),
    )


def reason_counts(reasons: Mapping[str, int], language: Language) -> list[TouchReasonCount]:
    return [
        TouchReasonCount(
            code=code,
            text=reason_text(code, language),
            stage=BY_CODE[code].stage if code in BY_CODE else "refused",
            customers=customers,
        )
        for code, customers in reasons.items()
    ]


def result_until(broadcast: Broadcast) -> datetime | None:
    return broadcast.submitted_at + timedelta(days=broadcast.result_days) if broadcast.submitted_at else None


def _row(broadcast: Broadcast, segment_name: str, tasks: TaskTally) -> dict[str, Any]:
    return {
        "id": broadcast.id,
        "name": broadcast.name,
        "segment_id": broadcast.segment_id,
        "segment_name": segment_name,
        "purpose": Purpose(broadcast.purpose),
        "status": broadcast.status,
        "control_percent": broadcast.control_percent,
        "result_days": broadcast.result_days,
        "created_at": broadcast.created_at,
        "created_by": broadcast.created_by,
        "submitted_at": broadcast.submitted_at,
        "finished_at": broadcast.finished_at,
        "result_until": result_until(broadcast),
        "error": broadcast.error,
        "counts": _tally_view(tally(read_counts(broadcast.counts))),
        "tasks": tasks,
    }


def _tally_view(figures: Tally) -> TallyView:
    return TallyView.model_validate({k: v for k, v in asdict(figures).items() if k != "reasons"})


def _task_tallies(session: Session, ids: Sequence[int]) -> dict[int, TaskTally]:
    status = BroadcastTask.status
    rows = session.execute(
        select(
            BroadcastTask.broadcast_id,
            func.count(),
            func.count().filter(status.in_(("planned", "created", "cancelling"))),
            func.count().filter(status == "confirmed"),
            func.count().filter(status.in_(("cancelled", "refused"))),
        )
        .where(BroadcastTask.broadcast_id.in_(ids))
        .group_by(BroadcastTask.broadcast_id)
    )
    return {
        broadcast_id: TaskTally(total=total, waiting=waiting, confirmed=confirmed, ended=ended)
        for broadcast_id, total, waiting, confirmed, ended in rows
    }
