"""The touches of a broadcast, customer by customer: paged for the console, whole for an export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from wellspring.care.facade import reason_text
from wellspring.outreach.models import Touch
from wellspring.outreach.reading import order_by
from wellspring.outreach.schemas import TouchRow
from wellspring.people.facade import Customer, StaffMember
from wellspring.platform.db import Database
from wellspring.platform.errors import Language
from wellspring.platform.http import Page, Paging

SORTS: Mapping[str, Any] = {
    "id": Touch.id,
    "customer_name": Customer.name,
    "staff_name": StaffMember.name,
    "status": Touch.status,
    "reason": Touch.reason,
    "settled_at": Touch.settled_at,
}

EXPORT_HEADER: Mapping[Language, tuple[str, ...]] = {
    "zh": ("客户编号", "客户", "组", "发送同事", "状态", "原因", "原因代码", "分组时间", "结果时间"),
    "en": ("Customer id", "Customer", "Arm", "Staff", "Status", "Reason", "Reason code", "Assigned at", "Settled at"),
}
ARM_WORDS: Mapping[str, tuple[str, str]] = {
    "treated": ("发送组", "Treated"),
    "control": ("对照组", "Control"),
    "outside": ("不在分组内", "Outside"),
}
STATUS_WORDS: Mapping[str, tuple[str, str]] = {
    "assigned": ("等待创建任务", "Waiting for its task"),
    "tasked": ("等同事确认", "Waiting for staff"),
    "confirmed": ("已确认，等结果", "Confirmed, no result yet"),
    "delivered": ("已送达", "Delivered"),
    "refused": ("没送达", "Not delivered"),
    "withheld": ("不发", "Withheld"),
}


@dataclass(frozen=True)
class TouchFilter:
    arm: str | None = None
    status: str | None = None
    reason: str | None = None
    staff_id: int | None = None
    task_id: int | None = None


def count_touches(session: Session, broadcast_id: int, wanted: TouchFilter, q: str | None) -> int:
    return session.scalar(select(func.count()).select_from(_query(broadcast_id, wanted, q).subquery())) or 0


def list_touches(
    session: Session, broadcast_id: int, paging: Paging, wanted: TouchFilter, language: Language
) -> Page[TouchRow]:
    query = _query(broadcast_id, wanted, paging.q)
    total = count_touches(session, broadcast_id, wanted, paging.q)
    found = session.execute(
        query.order_by(*order_by(paging.sort, SORTS, "id", Touch.id)).offset(paging.offset).limit(paging.page_size)
    ).all()
    items = [_row(touch, customer, member, language=language) for touch, customer, member in found]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


def export_rows(
    database: Database, broadcast_id: int, wanted: TouchFilter, q: str | None, language: Language
) -> Iterator[Sequence[Any]]:
    """In the order of `EXPORT_HEADER`; read in pieces while the answer is under way, in a transaction of its own."""
    second = language == "en"
    query = _query(broadcast_id, wanted, q).order_by(Touch.id).execution_options(yield_per=2_000)
    with database.unit_of_work() as session:
        for touch, customer_name, staff_name in session.execute(query):
            yield (
                touch.customer_id,
                customer_name,
                ARM_WORDS[touch.arm][second],
                staff_name or "",
                STATUS_WORDS[touch.status][second],
                reason_text(touch.reason, language) if touch.reason else "",
                touch.reason,
                touch.assigned_at,
                touch.settled_at,
            )


def _query(broadcast_id: int, wanted: TouchFilter, q: str | None) -> Select[Touch, str, str]:
    where: list[ColumnElement[bool]] = [Touch.broadcast_id == broadcast_id]
    for column, value in (
        (Touch.arm, wanted.arm),
        (Touch.status, wanted.status),
        (Touch.reason, wanted.reason),
        (Touch.staff_id, wanted.staff_id),
        (Touch.task_id, wanted.task_id),
    ):
        if value is not None:
            where.append(cast(ColumnElement[Any], column) == value)
    if q:
        where.append(Customer.name.icontains(q, autoescape=True))
    return (
        select(Touch, Customer.name, StaffMember.name)
        .join(Customer, Customer.id == Touch.customer_id)
        .outerjoin(StaffMember, StaffMember.id == Touch.staff_id)
        .where(*where)
    )


def _row(touch: Touch, customer_name: str, staff_name: str | None, *, language: Language) -> TouchRow:
    return TouchRow.model_validate(
        {
            "id": touch.id,
            "customer_id": touch.customer_id,
            "customer_name": customer_name,
            "staff_id": touch.staff_id,
            "staff_name": staff_name,
            "arm": touch.arm,
            "status": touch.status,
            "reason": touch.reason,
            "reason_text": reason_text(touch.reason, language) if touch.reason else "",
            "assigned_at": touch.assigned_at,
            "settled_at": touch.settled_at,
        }
    )
