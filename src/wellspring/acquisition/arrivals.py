"""What happens when somebody came through a live code: counted, tagged, remarked, welcomed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wellspring.acquisition.models import Channel, LiveCode, LiveCodeAdd, LiveCodeWelcome
from wellspring.acquisition.rules import WELCOME_LIFE, remark_of, welcome_text
from wellspring.people import facade as people
from wellspring.platform import company_settings
from wellspring.platform.auth.actor import SYSTEM
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom

WELCOME = "welcome"
MARK_JOB = "acquisition.mark_new_friend"


def friend_added(session: Session, platform: Platform, added: people.FriendAdded) -> None:
    """Runs in the transaction that records the friendship; repeats and other orders of the events change nothing."""
    if not added.state:
        return
    code = session.scalar(select(LiveCode).where(LiveCode.state == added.state))
    if code is None:
        return
    row = _count_add(session, code, added)
    _plan_welcome(session, platform, code, added)
    if added.half or not added.read or _is_marked(row, added.at):
        # WeCom takes tags and remarks only once the member has confirmed, and a remark wants a name; the confirmation and
        # the reading come by here again.
        return
    # A job of its own, in this transaction: when many scan at once the welcomes of all go before the tags of any.
    platform.jobs.defer(session, MARK_JOB, add_id=row.id, live_code_id=code.id, at=added.at.isoformat())


def _is_marked(row: LiveCodeAdd, life: datetime) -> bool:
    """Whether this life of the relationship (by its begin) has had its tags and remark."""
    return row.greeted_at is not None and life <= row.greeted_at


def _count_add(session: Session, code: LiveCode, added: people.FriendAdded) -> LiveCodeAdd:
    session.execute(
        insert(LiveCodeAdd)
        .values(
            live_code_id=code.id,
            channel_id=code.channel_id,
            relationship_id=added.relationship_id,
            customer_id=added.customer_id,
            at=added.at,
        )
        .on_conflict_do_nothing(index_elements=["relationship_id"])
    )
    return session.scalars(
        select(LiveCodeAdd).where(LiveCodeAdd.relationship_id == added.relationship_id).with_for_update()
    ).one()


def mark_new_friend(session: Session, platform: Platform, *, add_id: int, live_code_id: int, at: datetime) -> None:
    """Tags and remark of a life of the relationship that began at `at`: on our side now, at WeCom by the outbox. The
    code is the one scanned this time, which need not be the one the add counts for."""
    row = session.get(LiveCodeAdd, add_id, with_for_update=True)
    if row is None or _is_marked(row, at):
        return
    relationship = session.get_one(people.Relationship, row.relationship_id)
    if relationship.status not in ("friend", "lost"):
        return
    row.greeted_at = at
    code = session.get_one(LiveCode, live_code_id)
    if tags := _live_tags(session, code):
        people.apply_tags(session, platform, SYSTEM, row.relationship_id, add=tags, source="live_code")
    remark = remark_of(
        code.remark_template,
        name=people.customer_names(session, [row.customer_id]).get(row.customer_id, ""),
        channel=session.get_one(Channel, code.channel_id).name,
        code=code.name,
        at=at,
        zone=company_settings.read(session).zone,
    )
    if remark:
        people.set_remark(session, platform, SYSTEM, row.relationship_id, remark)


def _live_tags(session: Session, code: LiveCode) -> list[int]:
    """In the operator's order; a tag that was deleted at WeCom since must not hold up the others."""
    live = set(
        session.scalars(
            select(people.Tag.id).where(
                people.Tag.id.in_(code.tag_ids), people.Tag.deleted_at.is_(None), people.Tag.wecom_id.is_not(None)
            )
        )
    )
    return [tag for tag in code.tag_ids if tag in live]


def _plan_welcome(session: Session, platform: Platform, code: LiveCode, added: people.FriendAdded) -> None:
    """At most one welcome a code: the key is the welcome code itself, whichever event brought it, however often."""
    text, attachments = str(code.welcome.get("text") or ""), list(code.welcome.get("attachments") or ())
    if not added.welcome_code or not (text.strip() or attachments):
        return
    now = platform.clock.now()
    # A confirmation after a half add brings a code of its own, long after `at`: its time runs from now.
    begins = added.at if added.first else now
    customer = people.customer_names(session, [added.customer_id]).get(added.customer_id, "")
    staff = people.staff_names(session, [added.staff_id]).get(added.staff_id, "")
    words = welcome_text(text, name=customer, staff=staff)
    outbox_id = wecom.plan_call(
        session,
        platform,
        kind=WELCOME,
        idempotency_key=f"welcome:{added.welcome_code}",
        payload={
            "welcome_code": added.welcome_code,
            "text": words,
            "attachments": [wire_attachment(attachment) for attachment in attachments],
        },
        not_after=begins + WELCOME_LIFE,
    )
    session.execute(
        insert(LiveCodeWelcome)
        .values(
            live_code_id=code.id,
            relationship_id=added.relationship_id,
            customer_id=added.customer_id,
            staff_id=added.staff_id,
            outbox_id=outbox_id,
            text=words,
            added_at=begins,
            planned_at=now,
        )
        .on_conflict_do_nothing(index_elements=["outbox_id"])
    )


def wire_attachment(attachment: dict[str, Any]) -> dict[str, Any]:
    """As WeCom wants it; a picture's `media_file_id` becomes a media_id when the call is made."""
    if attachment["kind"] == "image":
        return {"msgtype": "image", "image": {"media_file_id": attachment["media_file_id"]}}
    link = {"title": attachment["title"], "url": attachment["url"]}
    link |= {"desc": attachment["desc"]} if attachment.get("desc") else {}
    link |= {"picurl": attachment["pic_url"]} if attachment.get("pic_url") else {}
    return {"msgtype": "link", "link": link}


def welcome_settled(session: Session, platform: Platform, row: wecom.WecomOutbox) -> None:
    """Note the end of a welcome, and tell it on the customer's timeline."""
    welcome = session.scalar(select(LiveCodeWelcome).where(LiveCodeWelcome.outbox_id == row.id).with_for_update())
    if welcome is None or welcome.status != "planned":
        return
    sent = row.status == "done"
    welcome.status = "sent" if sent else "failed"
    welcome.reason = None if sent else (row.error or "refused")
    welcome.settled_at = row.settled_at or platform.clock.now()
    data: dict[str, Any] = {"live_code_id": welcome.live_code_id, "text": welcome.text}
    if welcome.reason:
        data |= {"reason": welcome.reason, "errcode": row.errcode}
    fact = people.EventFact(
        customer_id=welcome.customer_id,
        kind="welcome_sent" if sent else "welcome_failed",
        occurred_at=welcome.settled_at,
        source="acquisition",
        idempotency_key=f"welcome:{welcome.id}",
        staff_id=welcome.staff_id,
        data=data,
    )
    people.record_events(session, [fact])
