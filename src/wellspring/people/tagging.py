"""Tags and remarks on a relationship: our side changes at once, WeCom follows by the outbox; what WeCom refuses is
put back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from wellspring.people.errors import NotAFriend
from wellspring.people.identities import refresh_customers
from wellspring.people.models import Event, Relationship, StaffMember, Tag
from wellspring.people.timeline import EventFact, record_events
from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import Invalid, NotFound
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom

MARK_TAG = "mark_tag"
REMARK = "remark"
REMARK_LIMIT = 20  # characters, WeCom's limit for remark
DESCRIPTION_LIMIT = 150  # characters, WeCom's limit for description


@dataclass(frozen=True)
class Pair:
    """A relationship with both of its ids at WeCom."""

    relationship: Relationship
    userid: str


def _changeable(session: Session, relationship_id: int) -> Pair:
    row = session.execute(
        select(Relationship, StaffMember.userid)
        .join(StaffMember, StaffMember.id == Relationship.staff_id)
        .where(Relationship.id == relationship_id)
        .with_for_update(of=Relationship, key_share=True)
    ).one_or_none()
    if row is None:
        raise NotFound(what="好友关系 relationship")
    # A customer who deleted the member still is the member's contact at WeCom; the other way round not.
    if row[0].status not in ("friend", "lost"):
        raise NotAFriend()
    return Pair(*row)


def apply_tags(
    session: Session,
    platform: Platform,
    actor: Actor,
    relationship_id: int,
    add: Sequence[int] = (),
    remove: Sequence[int] = (),
    *,
    source: str = "manual",
) -> int | None:
    """Put tags (our ids) on a relationship and take others off; answers the outbox id, None when nothing changes.

    `source` is kept with new tags: manual, live_code. Raises NotFound, NotAFriend, Invalid for unknown tags.
    """
    pair = _changeable(session, relationship_id)
    tags = _corp_tags(session, [*add, *remove])
    now = platform.clock.now()
    added = put_tags(session, pair.relationship, list(add), source, now)
    removed = take_tags(session, pair.relationship, [tag for tag in remove if tag not in set(add)])
    if not added and not removed:
        return None
    call = secrets.token_hex(8)
    _tag_events(session, pair.relationship, tags, added, removed, now, f"call:{call}", actor.name)
    return wecom.plan_call(
        session,
        platform,
        kind=MARK_TAG,
        idempotency_key=f"mark_tag:{relationship_id}:{call}",
        payload={
            "userid": pair.userid,
            "external_userid": pair.relationship.external_userid,
            "add_tag": [tags[tag].wecom_id for tag in added],
            "remove_tag": [tags[tag].wecom_id for tag in removed],
        },
    )


def _corp_tags(session: Session, ids: Sequence[int]) -> dict[int, Tag]:
    tags = {tag.id: tag for tag in session.scalars(select(Tag).where(Tag.id.in_(ids)))}
    for tag_id in ids:
        tag = tags.get(tag_id)
        if tag is None or tag.deleted_at is not None or tag.wecom_id is None:
            raise Invalid(field="tags", zh=f"标签 {tag_id} 不存在或已删除。", en=f"Tag {tag_id} is unknown or deleted.")
    return tags


_PUT = text(
    """
    insert into relationship_tag (relationship_id, customer_id, tag_id, source, created_at)
    select :relationship, :customer, f.tag_id, :source, :now from unnest(cast(:tags as bigint[])) as f (tag_id)
    on conflict (relationship_id, tag_id) do nothing returning tag_id
    """
)
_TAKE = text(
    "delete from relationship_tag where relationship_id = :relationship and tag_id = any(:tags) returning tag_id"
)


def put_tags(session: Session, relationship: Relationship, tags: list[int], source: str, now: datetime) -> list[int]:
    """Only here, not at WeCom. Answers the tags that were not there before."""
    if not tags:
        return []
    parameters = {"relationship": relationship.id, "customer": relationship.customer_id, "tags": tags}
    return list(session.scalars(_PUT, {**parameters, "source": source, "now": now}))


def take_tags(session: Session, relationship: Relationship, tags: list[int]) -> list[int]:
    if not tags:
        return []
    return list(session.scalars(_TAKE, {"relationship": relationship.id, "tags": tags}))


def _tag_events(
    session: Session,
    relationship: Relationship,
    tags: dict[int, Tag],
    added: list[int],
    removed: list[int],
    now: datetime,
    cause: str,
    by: str,
    **more: Any,
) -> None:
    record_events(
        session,
        [
            EventFact(
                relationship.customer_id,
                kind,
                now,
                "people",
                f"{kind}:{relationship.id}:{tag_id}:{cause}",
                relationship.staff_id,
                {"tag_id": tag_id, "tag": tags[tag_id].name, "by": by, **more},
            )
            for kind, ids in (("tag_added", added), ("tag_removed", removed))
            for tag_id in ids
        ],
    )


def _settled_pair(session: Session, platform: Platform, row: wecom.WecomOutbox) -> Relationship | None:
    """The relationship a call was about. Whatever was read at WeCom before now is older than what the call did."""
    relationship = session.scalar(
        select(Relationship)
        .join(StaffMember, StaffMember.id == Relationship.staff_id)
        .where(
            StaffMember.userid == row.payload["userid"],
            Relationship.external_userid == row.payload["external_userid"],
        )
        .with_for_update(of=Relationship, key_share=True)
    )
    if relationship is not None and row.status == "done":
        relationship.synced_at = platform.clock.now()
        session.flush()
    return relationship


def tags_settled(session: Session, platform: Platform, row: wecom.WecomOutbox) -> None:
    """What WeCom refused is put back as it was."""
    relationship = _settled_pair(session, platform, row)
    if relationship is None or row.status != "refused":
        return
    to_take, to_put = row.payload.get("add_tag") or [], row.payload.get("remove_tag") or []
    tags = {tag.id: tag for tag in session.scalars(select(Tag).where(Tag.wecom_id.in_([*to_take, *to_put])))}
    by_wecom_id = {tag.wecom_id: tag.id for tag in tags.values()}
    now = platform.clock.now()
    taken = take_tags(session, relationship, [by_wecom_id[w] for w in to_take if w in by_wecom_id])
    put = put_tags(session, relationship, [by_wecom_id[w] for w in to_put if w in by_wecom_id], "wecom", now)
    _tag_events(session, relationship, tags, put, taken, now, f"refused:{row.id}", "WeCom", refused=row.error or "")


def set_remark(
    session: Session,
    platform: Platform,
    actor: Actor,
    relationship_id: int,
    remark: str,
    *,
    description: str | None = None,
) -> int | None:
    """Write the member's remark (at most 20 characters) and, when given, description (150) on a relationship.
    Answers the outbox id, None when nothing changes."""
    remark = remark.strip()
    if len(remark) > REMARK_LIMIT:
        raise Invalid(field="remark", zh="备注最多 20 个字。", en="A remark has at most 20 characters.")
    if description is not None and len(description) > DESCRIPTION_LIMIT:
        raise Invalid(field="description", zh="描述最多 150 个字。", en="A description has at most 150 characters.")
    pair = _changeable(session, relationship_id)
    relationship = pair.relationship
    before = {"remark": relationship.remark, "description": relationship.description}
    after = {"remark": remark, "description": before["description"] if description is None else description}
    if before == after:
        return None
    key = f"remark:{relationship_id}:{secrets.token_hex(8)}"
    _write_remark(session, relationship, after)
    now = platform.clock.now()
    record_events(session, [remark_event(relationship, before, after, now, key, actor.name)])
    audit.record(
        session,
        actor=actor,
        at=now,
        action="people.relationship.remark",
        object_type="relationship",
        object_id=relationship_id,
    )
    payload = {"userid": pair.userid, "external_userid": relationship.external_userid, "remark": remark}
    if description is not None:
        payload["description"] = description
    return wecom.plan_call(
        session,
        platform,
        kind=REMARK,
        idempotency_key=key,
        payload=payload,
    )


def _write_remark(session: Session, relationship: Relationship, values: dict[str, str]) -> None:
    relationship.remark, relationship.description = values["remark"], values["description"]
    session.flush()
    refresh_customers(session, [relationship.customer_id])


def remark_event(
    relationship: Relationship, before: dict[str, str], after: dict[str, str], at: datetime, key: str, by: str
) -> EventFact:
    data = {"from": before["remark"], "to": after["remark"], "by": by}
    if before["description"] != after["description"]:
        data |= {"description_from": before["description"], "description_to": after["description"]}
    return EventFact(relationship.customer_id, "remark_changed", at, "people", key, relationship.staff_id, data)


def remark_settled(session: Session, platform: Platform, row: wecom.WecomOutbox) -> None:
    """A refused remark is put back as its event noted it, unless it has been changed again since."""
    relationship = _settled_pair(session, platform, row)
    if relationship is None or row.status != "refused":
        return
    noted = session.scalar(select(Event).where(Event.source == "people", Event.idempotency_key == row.idempotency_key))
    if noted is None or relationship.remark != noted.data["to"]:
        return
    after = {"remark": relationship.remark, "description": relationship.description}
    before = {
        "remark": noted.data["from"],
        "description": noted.data.get("description_from", relationship.description),
    }
    _write_remark(session, relationship, before)
    event = remark_event(relationship, after, before, platform.clock.now(), f"{row.idempotency_key}:refused", "WeCom")
    record_events(session, [event])
