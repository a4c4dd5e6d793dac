"""The list of groups as a file: read in chunks by key while it goes out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wellspring.people.groups.listing import GroupFilter, conditions, heads
from wellspring.people.models import GroupChat
from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import Language
from wellspring.platform.export import ExportFormat
from wellspring.platform.export_limits import check_size
from wellspring.platform.runtime import Platform

CHUNK = 1_000
HEADERS: dict[Language, tuple[str, ...]] = {
    "zh": ("群编号", "群名", "群主", "门店", "状态", "群成员", "其中客户", "建群时间", "解散时间", "WeCom chat_id"),
    "en": ("Id", "Name", "Owner", "Store", "Status", "Members", "Customers", "Created", "Dismissed", "WeCom chat_id"),
}
STATUS: dict[Language, dict[str, str]] = {
    "zh": {
        "normal": "正常", "owner_left": "群主离职", "handing_over": "继承中", "handed_over": "已继承", "dismissed": "已解散",
    },
    "en": {
        "normal": "normal", "owner_left": "owner left", "handing_over": "being handed over",
        "handed_over": "handed over", "dismissed": "dismissed",
    },
}  # fmt: skip


def begin_export(
    session: Session, platform: Platform, actor: Actor, wanted: GroupFilter, file_format: ExportFormat
) -> int:
    """Check the size and note who takes what; answers the number of rows. Raises TooManyToExport."""
    where = conditions(wanted, actor.scope)
    total = session.scalar(select(func.count()).select_from(GroupChat).where(*where)) or 0
    check_size(session, total, file_format)
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="people.group.export",
        object_type="group_chat",
        rows=total,
        format=file_format,
        scope=actor.scope.kind,
        filters={name: str(value) for name, value in vars(wanted).items() if value not in (None, ()) and name != "q"},
        searched=bool(wanted.q),
    )
    return total


def export_rows(platform: Platform, actor: Actor, wanted: GroupFilter, language: Language) -> Iterator[tuple[Any, ...]]:
    """Rows by id, newest first, each chunk read in a transaction of its own."""
    before: int | None = None
    while True:
        with platform.database.unit_of_work() as session:
            where = conditions(wanted, actor.scope)
            if before is not None:
                where.append(GroupChat.id < before)
            rows = session.execute(heads(where).order_by(GroupChat.id.desc()).limit(CHUNK)).all()
        for row in rows:
            yield (
                row.id,
                row.name,
                row.owner_name or "",
                row.store_name or "",
                STATUS[language][row.status],
                row.member_count,
                row.customer_count,
                row.created_at,
                row.dismissed_at,
                row.chat_id,
            )
        if len(rows) < CHUNK:
            return
        before = rows[-1].id
