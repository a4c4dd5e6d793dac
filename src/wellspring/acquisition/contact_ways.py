"""The contact way behind a live code: planned as a call, settled by what WeCom answers."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.acquisition.models import LiveCode, LiveCodeStaff
from wellspring.acquisition.rules import contact_way
from wellspring.people import facade as people
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom

ADD = "contact_way_add"
UPDATE = "contact_way_update"
WAY_KEY = re.compile(r"live_code:(\d+):way:(\d+)")


def staff_ids_of(session: Session, live_code_id: int) -> list[int]:
    return list(
        session.scalars(
            select(LiveCodeStaff.staff_id)
            .where(LiveCodeStaff.live_code_id == live_code_id)
            .order_by(LiveCodeStaff.position, LiveCodeStaff.staff_id)
        )
    )


def way_of(session: Session, code: LiveCode) -> dict[str, Any]:
    """The contact way that WeCom should show for the code as it is now."""
    ids = staff_ids_of(session, code.id)
    staff = people.staff(session, ids)
    userids = [staff[ident].userid for ident in ids if ident in staff]
    return contact_way(userids=userids, name=code.name, skip_verify=code.skip_verify, state=code.state)


def plan_contact_way(session: Session, platform: Platform, code: LiveCode) -> None:
    """Bring `way_version` to WeCom: a new contact way, or a change of the one that is there (its QR stays).

    While a call is under way nothing is planned: its end finds the newer version and goes on from there. Two calls at
    once could make two contact ways, or end with the older staff list.
    """
    if code.way_under_way:
        return
    code.way_under_way, code.error = True, None
    if code.config_id is None:
        code.status = "pending"
    session.flush()
    way = way_of(session, code)
    if code.config_id is not None:
        way = {name: way[name] for name in ("user", "remark", "skip_verify")} | {"config_id": code.config_id}
    wecom.plan_call(
        session,
        platform,
        kind=ADD if code.config_id is None else UPDATE,
        idempotency_key=way_key(code.id, code.way_version),
        payload=way,
    )


def way_key(live_code_id: int, version: int) -> str:
    return f"live_code:{live_code_id}:way:{version}"


def contact_way_settled(session: Session, platform: Platform, row: wecom.WecomOutbox) -> None:
    """Record the outcome: active with its QR, or failed with WeCom's reason; then go on to a newer version."""
    found = WAY_KEY.fullmatch(row.idempotency_key)
    code = session.get(LiveCode, int(found[1]), with_for_update=True) if found else None
    if found is None or code is None:
        return
    version = int(found[2])
    code.way_under_way = False
    if row.status == "done":
        if row.kind == ADD:
            code.config_id, code.qr_url = str(row.result["config_id"]), str(row.result.get("qr_code") or "")
        code.status, code.error, code.synced_version = "active", None, version
    else:
        code.error = row.error or "refused"
        code.status = "failed" if code.config_id is None else "active"
    if version < code.way_version:
        plan_contact_way(session, platform, code)
