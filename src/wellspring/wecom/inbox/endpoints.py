"""The callback address, and the inbox for people."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import structlog
from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, or_, select

from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.auth.permissions import PUBLIC
from wellspring.platform.clock import SystemClock
from wellspring.platform.errors import NotFound
from wellspring.platform.http import DbSession, Page, PagingDep, PlatformDep
from wellspring.platform.http import router as make_router
from wellspring.platform.metrics import CALLBACKS
from wellspring.wecom.crypto import CallbackRefused
from wellspring.wecom.inbox.handling import retry
from wellspring.wecom.inbox.intake import answer_verification
from wellspring.wecom.inbox.receiving import PATH, proof_of, refused
from wellspring.wecom.models import WecomInbox
from wellspring.wecom.permissions import MANAGE, READ
from wellspring.wecom.refusals import NotOpen
from wellspring.wecom.sightings import note_not_verified, note_verified

log = structlog.get_logger(__name__)
callback_router = make_router(tags=["wecom"])
router = make_router(prefix="/api/v1/wecom/inbox", tags=["wecom"])


@callback_router.get(PATH, dependencies=[Depends(PUBLIC)], include_in_schema=False)
def verify_callback_url(request: Request, platform: PlatformDep) -> Response:
    """WeCom checks the URL when it is saved: the decrypted echostr, and nothing else, is the answer. The guide shows
    when that last went well, or why it did not."""
    echostr = request.query_params.get("echostr", "")
    try:
        proof = proof_of(request.scope)
    except CallbackRefused as error:
        return Response(status_code=refused(error))
    try:
        with platform.database.unit_of_work() as session:
            plain = answer_verification(session, platform, proof, echostr, wire_now=SystemClock().now())
    except CallbackRefused as error:
        if echostr and proof.signature:  # somebody's stray visit is no attempt of WeCom's
            note_not_verified(platform, error.outcome)
        return Response(status_code=refused(error))
    CALLBACKS.labels("verified").inc()
    note_verified(platform)
    return Response(plain, media_type="text/plain")


class InboxEntry(BaseModel):
    """A callback. `fields`: WeCom's own, without the code that a welcome would need."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    event: str
    change_type: str
    fields: dict[str, Any]
    sent_at: datetime
    received_at: datetime
    status: Literal["pending", "done", "ignored", "failed"]
    attempts: int
    error: str | None
    handled_at: datetime | None


def _entry(row: WecomInbox) -> InboxEntry:
    entry = InboxEntry.model_validate(row)
    return entry.model_copy(update={"fields": {k: v for k, v in entry.fields.items() if k != "WelcomeCode"}})


@router.get("")
def list_wecom_inbox(
    session: DbSession,
    paging: PagingDep,
    actor: Annotated[Actor, Depends(READ)],
    status: Annotated[list[Literal["pending", "done", "ignored", "failed"]] | None, Query()] = None,
    event: Annotated[str | None, Query(max_length=60)] = None,
) -> Page[InboxEntry]:
    """Callbacks, newest first. `q` finds a userid or external_userid."""
    query = select(WecomInbox)
    if status:
        query = query.where(WecomInbox.status.in_(status))
    if event:
        query = query.where(WecomInbox.event == event)
    if paging.q:
        query = query.where(
            or_(WecomInbox.fields["ExternalUserID"].astext == paging.q, WecomInbox.fields["UserID"].astext == paging.q)
        )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = WecomInbox.id.asc() if paging.sort == "received_at" else WecomInbox.id.desc()
    rows = session.scalars(query.order_by(order).offset(paging.offset).limit(paging.page_size))
    return Page(items=[_entry(row) for row in rows], total=total, page=paging.page, page_size=paging.page_size)


@router.post("/{inbox_id}/retry")
def retry_wecom_inbox(
    session: DbSession, platform: PlatformDep, inbox_id: int, actor: Annotated[Actor, Depends(MANAGE)]
) -> InboxEntry:
    """Handle a failed or ignored callback again."""
    row = session.get(WecomInbox, inbox_id, with_for_update=True)
    if row is None:
        raise NotFound(what="回调 callback")
    if row.status not in ("failed", "ignored"):
        raise NotOpen(status=row.status)
    retry(session, platform, row)
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="wecom.inbox.retry",
        object_type="wecom_inbox",
        object_id=row.id,
    )
    return _entry(row)
