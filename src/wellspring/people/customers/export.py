"""The list as a file: read in chunks by key while it goes out, so memory stays the same however long it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wellspring.people.customers.filters import CustomerFilter, conditions
from wellspring.people.customers.listing import MOBILE_PERMISSION, customer_rows, heads
from wellspring.people.customers.schemas import CustomerRow
from wellspring.people.models import Customer
from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import Language
from wellspring.platform.export import ExportFormat
from wellspring.platform.export_limits import check_size
from wellspring.platform.runtime import Platform

CHUNK = 1_000
HEADERS: dict[Language, tuple[str, ...]] = {
    "zh": ("客户编号", "微信昵称", "备注", "状态", "性别", "手机", "首次添加", "好友的导购", "门店", "标签"),
    "en": ("Id", "WeChat name", "Remark", "Status", "Gender", "Mobile", "First added", "Friend of", "Store", "Tags"),
}  # fmt: skip
STATUS: dict[Language, dict[str, str]] = {
    "zh": {
        "friend": "好友", "half": "待通过", "lost": "流失", "removed": "员工删除", "transferred": "已转接", "none": "未加好友",
    },
    "en": {
        "friend": "friend", "half": "awaiting acceptance", "lost": "lost", "removed": "removed by staff",
        "transferred": "transferred", "none": "not a friend",
    },
}  # fmt: skip
GENDER: dict[Language, tuple[str, str, str]] = {"zh": ("", "男", "女"), "en": ("", "male", "female")}


def begin_export(
    session: Session, platform: Platform, actor: Actor, wanted: CustomerFilter, file_format: ExportFormat
) -> int:
    """Check the size and note who takes what; answers the number of rows. Raises TooManyToExport."""
    where = conditions(wanted, actor.scope, platform.secrets, may_search_mobile=actor.may(MOBILE_PERMISSION))
    total = session.scalar(select(func.count()).select_from(Customer).where(*where)) or 0
    check_size(session, total, file_format)
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="people.customer.export",
        object_type="customer",
        rows=total,
        format=file_format,
        scope=actor.scope.kind,
        filters={name: str(value) for name, value in vars(wanted).items() if value not in (None, ()) and name != "q"},
        searched=bool(wanted.q),
    )
    return total


def export_rows(
    platform: Platform, actor: Actor, wanted: CustomerFilter, language: Language
) -> Iterator[tuple[Any, ...]]:
    """Rows by id, newest first, each chunk read in a transaction of its own."""
    before: int | None = None
    while True:
        with platform.database.unit_of_work() as session:
            where = conditions(wanted, actor.scope, platform.secrets, may_search_mobile=actor.may(MOBILE_PERMISSION))
            if before is not None:
                where.append(Customer.id < before)
            found = session.execute(heads(where).order_by(Customer.id.desc()).limit(CHUNK)).all()
            rows = customer_rows(session, platform, actor.scope, found)
        for row in rows:
            yield _cells(row, language)
        if len(found) < CHUNK:
            return
        before = found[-1].id


def _cells(row: CustomerRow, language: Language) -> tuple[Any, ...]:
    friends = [r for r in row.relationships if r.status == "friend"] or row.relationships
    return (
        row.id,
        row.name,
        " / ".join(dict.fromkeys(r.remark for r in row.relationships if r.remark)),
        STATUS[language][row.status],
        GENDER[language][row.gender if row.gender in (1, 2) else 0],
        row.mobile_masked or "",
        row.first_added_at,
        " / ".join(r.staff_name for r in friends),
        " / ".join(dict.fromkeys(r.store_name for r in friends if r.store_name)),
        " / ".join(tag.name for tag in row.tags),
    )
