"""Segments as a list, and people of a segment as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from wellspring.people import facade as people
from wellspring.platform.errors import Invalid, Language
from wellspring.platform.http import Paging
from wellspring.segments.asking import load_names
from wellspring.segments.definition import Definition, parse
from wellspring.segments.errors import InvalidDefinition
from wellspring.segments.models import Segment, SegmentVersion
from wellspring.segments.schemas import SegmentPerson, SegmentVersionView, SegmentView
from wellspring.segments.sentence import sentence

SORTS: dict[str, ColumnElement[Any]] = {
    "name": Segment.name.expression,
    "last_count": Segment.last_count.expression,
    "updated_at": Segment.updated_at.expression,
}
Status = Literal["live", "archived"]


def segments_query(paging: Paging, status: Status, ids: Sequence[int] | None = None) -> Select[Any]:
    query = select(Segment).where(
        Segment.archived_at.is_(None) if status == "live" else Segment.archived_at.is_not(None)
    )
    if ids is not None:
        query = query.where(Segment.id.in_(ids))
    if paging.q:
        pattern = "%" + paging.q.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        query = query.where(or_(Segment.name.ilike(pattern), Segment.description.ilike(pattern)))
    key = (paging.sort or "-updated_at").removeprefix("-")
    if key not in SORTS:
        raise Invalid(field="sort", zh="不能按这一列排序。", en="This column can't be sorted by.")
    column = SORTS[key]
    ordered = column.desc().nulls_last() if (paging.sort or "-").startswith("-") else column.asc().nulls_first()
    return query.order_by(ordered, Segment.id.desc())


def list_rows(
    session: Session, paging: Paging, status: Status, language: Language, ids: Sequence[int] | None = None
) -> tuple[list[SegmentView], int]:
    query = segments_query(paging, status, ids)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = session.scalars(query.limit(paging.page_size).offset(paging.offset)).all()
    return views(session, rows, language), total


def readable(definition: object) -> Definition | None:
    """None: stored by an installation that knew other leaves."""
    try:
        return parse(definition)
    except InvalidDefinition:
        return None


def _sentences(session: Session, stored: Sequence[object], language: Language) -> list[str | None]:
    trees = [readable(definition) for definition in stored]
    names = load_names(session, [tree for tree in trees if tree])
    return [sentence(tree, names, language) if tree else None for tree in trees]


def views(session: Session, rows: Sequence[Segment], language: Language) -> list[SegmentView]:
    texts = _sentences(session, [row.definition for row in rows], language)
    return [
        SegmentView(
            id=row.id,
            name=row.name,
            description=row.description,
            sentence=text,
            version=row.version,
            last_count=row.last_count,
            last_counted_at=row.last_counted_at,
            created_by=row.created_by,
            updated_by=row.updated_by,
            created_at=row.created_at,
            updated_at=row.updated_at,
            archived_at=row.archived_at,
        )
        for row, text in zip(rows, texts, strict=True)
    ]


def version_views(session: Session, segment_id: int, language: Language) -> list[SegmentVersionView]:
    """Newest first, at most the last hundred."""
    rows = session.scalars(
        select(SegmentVersion)
        .where(SegmentVersion.segment_id == segment_id)
        .order_by(SegmentVersion.version.desc())
        .limit(100)
    ).all()
    texts = _sentences(session, [row.definition for row in rows], language)
    return [
        SegmentVersionView(
            version=row.version,
            name=row.name,
            description=row.description,
            sentence=text,
            definition=row.definition,
            saved_at=row.saved_at,
            saved_by=row.saved_by,
        )
        for row, text in zip(rows, texts, strict=True)
    ]


def person_views(session: Session, ids: Sequence[int]) -> list[SegmentPerson]:
    """In the order of `ids`; the staff member and store are those of who can reach the customer, empty for nobody."""
    names = people.customer_names(session, ids)
    senders = people.senders_for(session, ids)
    staff = people.staff(session, {sender.staff_id for sender in senders.values()})

    def view(customer_id: int) -> SegmentPerson:
        sender = senders.get(customer_id)
        member = staff.get(sender.staff_id) if sender else None
        return SegmentPerson(
            id=customer_id,
            name=names.get(customer_id, ""),
            staff_name=member.name if member else "",
            store_name=(member.store_name or "") if member else "",
        )

    return [view(customer_id) for customer_id in ids]


def export_rows(session: Session, ids: Sequence[int], *, batch: int = 5_000) -> list[tuple[Any, ...]]:
    """Customer id, name, store, staff. A list: the file is written after the request's transaction has ended."""
    return [
        (person.id, person.name, person.store_name, person.staff_name)
        for start in range(0, len(ids), batch)
        for person in person_views(session, ids[start : start + batch])
    ]
