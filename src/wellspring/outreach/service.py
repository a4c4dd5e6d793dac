"""What an operator does with a broadcast before it runs: write, change, delete, submit."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellspring.care.facade import Purpose
from wellspring.outreach.content import Content, check_content
from wellspring.outreach.errors import BroadcastNotFound, ContentInvalid, NobodyToReach, NotADraft, Problem
from wellspring.outreach.jobs import PLAN
from wellspring.outreach.ledger import lock_broadcast
from wellspring.outreach.models import Broadcast
from wellspring.outreach.rehearsal import rehearse
from wellspring.outreach.rules import CONTROL_PERCENT_MAX, RESULT_DAYS_MAX
from wellspring.outreach.scopes import broadcasts_in_scope, keep_scope
from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import NotFound
from wellspring.platform.runtime import Platform
from wellspring.segments.facade import get_segment
from wellspring.wecom.facade import media

NAME_LENGTH = 60


@dataclass(frozen=True)
class Wish:
    """What the operator wants of a broadcast."""

    name: str
    segment_id: int
    purpose: Purpose
    content: Content
    control_percent: int
    result_days: int


def get_broadcast(session: Session, actor: Actor, broadcast_id: int) -> Broadcast:
    """Raises BroadcastNotFound, also for what lies outside the actor's scope."""
    found = session.scalar(select(Broadcast).where(Broadcast.id == broadcast_id, broadcasts_in_scope(actor.scope)))
    if found is None:
        raise BroadcastNotFound(what="")
    return found


def create_broadcast(session: Session, platform: Platform, actor: Actor, wish: Wish) -> Broadcast:
    """A draft. It keeps the actor's data scope: it reaches nobody outside it, whoever submits it."""
    broadcast = Broadcast(
        created_at=platform.clock.now(), created_by=actor.name, experiment=f"broadcast:{uuid.uuid4()}"
    )
    keep_scope(broadcast, actor.scope)
    _write(session, platform, actor, broadcast, wish)
    session.add(broadcast)
    session.flush()
    _audit(session, platform, actor, broadcast, "create")
    return broadcast


def change_broadcast(session: Session, platform: Platform, actor: Actor, broadcast_id: int, wish: Wish) -> Broadcast:
    """Raises NotADraft once it was submitted."""
    broadcast = _draft(session, actor, broadcast_id)
    _write(session, platform, actor, broadcast, wish)
    _audit(session, platform, actor, broadcast, "change")
    return broadcast


def delete_broadcast(session: Session, platform: Platform, actor: Actor, broadcast_id: int) -> None:
    """A draft vanishes; what was submitted stays on record."""
    broadcast = _draft(session, actor, broadcast_id)
    _audit(session, platform, actor, broadcast, "delete")
    session.delete(broadcast)


def submit_broadcast(session: Session, platform: Platform, actor: Actor, broadcast_id: int) -> Broadcast:
    """Start it: nothing is sent before each staff member confirms. Submitting it again changes nothing.

    Raises ContentInvalid, StaleWarehouse, NobodyToReach.
    """
    broadcast = lock_broadcast(session, get_broadcast(session, actor, broadcast_id).id)
    if broadcast.status not in ("draft", "failed"):
        return broadcast
    content = Content.model_validate(broadcast.content)
    check_content(content, known_media=known_media(session, content), complete=True)
    seen = rehearse(session, platform, broadcast)
    if not seen.receive:
        raise NobodyToReach()
    broadcast.status, broadcast.error = "planning", None
    broadcast.submitted_at = platform.clock.now()
    platform.jobs.defer(session, PLAN, lock=f"broadcast:{broadcast.id}", broadcast_id=broadcast.id)
    _audit(session, platform, actor, broadcast, "submit", would_receive=seen.receive, audience=seen.audience)
    return broadcast


def _draft(session: Session, actor: Actor, broadcast_id: int) -> Broadcast:
    broadcast = lock_broadcast(session, get_broadcast(session, actor, broadcast_id).id)
    if broadcast.status not in ("draft", "failed"):
        raise NotADraft()
    return broadcast


def _write(session: Session, platform: Platform, actor: Actor, broadcast: Broadcast, wish: Wish) -> None:
    if problems := _plain_problems(wish):
        raise ContentInvalid(problems)
    get_segment(session, wish.segment_id)
    broadcast.name = wish.name.strip()
    broadcast.segment_id = wish.segment_id
    broadcast.purpose = wish.purpose.value
    broadcast.content = wish.content.model_dump()
    broadcast.control_percent = wish.control_percent
    broadcast.result_days = wish.result_days
    check_content(wish.content, known_media=known_media(session, wish.content), complete=False)


def _plain_problems(wish: Wish) -> list[Problem]:
    found = []
    if not 1 <= len(wish.name.strip()) <= NAME_LENGTH:
        found.append(
            Problem("name", f"名称要有 1 到 {NAME_LENGTH} 个字。", f"A name has 1 to {NAME_LENGTH} characters.")
        )
    if not 0 <= wish.control_percent <= CONTROL_PERCENT_MAX:
        found.append(
            Problem(
                "control_percent",
                f"对照组占 0% 到 {CONTROL_PERCENT_MAX}%。",
                f"The control group takes 0 to {CONTROL_PERCENT_MAX} %.",
            )
        )
    if not 1 <= wish.result_days <= RESULT_DAYS_MAX:
        found.append(
            Problem("result_days", f"观察 1 到 {RESULT_DAYS_MAX} 天。", f"Watch for 1 to {RESULT_DAYS_MAX} days.")
        )
    return found


def known_media(session: Session, content: Content) -> list[int]:
    """Which of the content's pictures exist."""
    known = []
    for media_file_id in set(content.media_file_ids):
        with suppress(NotFound):
            known.append(media(session, media_file_id).id)
    return known


def _audit(
    session: Session, platform: Platform, actor: Actor, broadcast: Broadcast, verb: str, **detail: object
) -> None:
    audit.record(
        session, actor=actor, at=platform.clock.now(), action=f"outreach.broadcast.{verb}", object_type="broadcast",
        object_id=broadcast.id, name=broadcast.name, **detail,
    )  # fmt: skip
