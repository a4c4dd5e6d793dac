"""What an operator does with segments. Nothing here commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from wellspring.people import facade as people
from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor, Scope
from wellspring.platform.errors import Invalid, Language
from wellspring.platform.runtime import Platform
from wellspring.segments.asking import count_people, moment_of, names_for, wanted_names
from wellspring.segments.definition import Definition, parse
from wellspring.segments.errors import CustomerNotFound, SegmentChanged, SegmentNotFound
from wellspring.segments.evaluate import Verdict, explain
from wellspring.segments.facts import read_facts
from wellspring.segments.models import Segment, SegmentVersion
from wellspring.segments.references import all_leaves, inner_segments

MAX_NAME = 60
MAX_DESCRIPTION = 500


def segment(session: Session, segment_id: int) -> Segment:
    found = session.get(Segment, segment_id)
    if found is None:
        raise SegmentNotFound()
    return found


def create_segment(
    session: Session,
    platform: Platform,
    actor: Actor,
    *,
    name: str,
    definition: object,
    description: str = "",
) -> Segment:
    """Save a new segment, count it. Raises InvalidDefinition, Invalid."""
    tree, now = parse(definition), platform.clock.now()
    inner_segments(session, tree)
    made = Segment(
        name=_checked_name(name),
        description=_checked_description(description),
        definition=tree.dump(),
        created_at=now,
        updated_at=now,
        created_by=actor.name,
        updated_by=actor.name,
        version=1,
    )
    session.add(made)
    session.flush()
    _keep_version(session, made)
    refresh_count(session, platform, made)
    audit.record(
        session, actor=actor, at=now, action="segments.segment.create", object_type="segment", object_id=made.id
    )
    return made


def update_segment(
    session: Session,
    platform: Platform,
    actor: Actor,
    segment_id: int,
    *,
    version: int,
    name: str,
    definition: object,
    description: str = "",
) -> Segment:
    """Save a new version over `version`. Raises SegmentChanged when somebody else was faster."""
    tree, now = parse(definition), platform.clock.now()
    inner_segments(session, tree, own_id=segment_id)
    found = locked(session, segment_id)
    if found.version != version:
        raise SegmentChanged(who=found.updated_by, version=found.version)
    found.name, found.description = _checked_name(name), _checked_description(description)
    found.definition = tree.dump()
    found.version, found.updated_at, found.updated_by = version + 1, now, actor.name
    _keep_version(session, found)
    refresh_count(session, platform, found)
    audit.record(
        session,
        actor=actor,
        at=now,
        action="segments.segment.update",
        object_type="segment",
        object_id=segment_id,
        version=found.version,
    )
    return found


def duplicate_segment(
    session: Session, platform: Platform, actor: Actor, segment_id: int, language: Language
) -> Segment:
    source = segment(session, segment_id)
    suffix = "（副本）" if language == "zh" else " (copy)"
    name = source.name[: MAX_NAME - len(suffix)] + suffix
    return create_segment(
        session, platform, actor, name=name, definition=source.definition, description=source.description
    )


def archive_segment(session: Session, actor: Actor, segment_id: int, *, now: datetime) -> Segment:
    """Out of the lists and pickers; nothing is deleted, and `restore_segment` undoes it. Safe to repeat."""
    found = locked(session, segment_id)
    if found.archived_at is None:
        found.archived_at = now
        audit.record(
            session, actor=actor, at=now, action="segments.segment.archive", object_type="segment", object_id=segment_id
        )
    return found


def restore_segment(session: Session, actor: Actor, segment_id: int, *, now: datetime) -> Segment:
    found = locked(session, segment_id)
    if found.archived_at is not None:
        found.archived_at = None
        audit.record(
            session, actor=actor, at=now, action="segments.segment.restore", object_type="segment", object_id=segment_id
        )
    return found


def refresh_count(session: Session, platform: Platform, found: Segment) -> None:
    """The count that lists show: of everybody, whoever asks."""
    count = count_people(session, platform, parse(found.definition), Scope())
    found.last_count, found.last_counted_at = count.matched, platform.clock.now()


def explain_customer(
    session: Session, platform: Platform, actor: Actor, definition: Definition, customer_id: int, language: Language
) -> tuple[str, Verdict]:
    """The customer's name, and for every node whether it holds and why. Reads PostgreSQL, not the warehouse."""
    allowed = people.customers_in_scope(actor.scope)
    if allowed is not None and not session.scalar(select(literal(customer_id).in_(allowed))):
        raise CustomerNotFound()
    inner = inner_segments(session, definition)
    chosen = list(all_leaves(definition, inner))
    facts = read_facts(session, platform, customer_id, chosen, inner)
    if facts is None:
        raise CustomerNotFound()
    wanted = wanted_names(chosen)
    wanted.setdefault("staff", set()).update(row["staff_id"] for row in facts.rows("relationships"))
    names = names_for(session, wanted)
    verdict = explain(definition, facts, moment_of(session, platform), names, language)
    return people.customer_names(session, [customer_id]).get(customer_id, ""), verdict


def locked(session: Session, segment_id: int) -> Segment:
    found = session.scalar(select(Segment).where(Segment.id == segment_id).with_for_update())
    if found is None:
        raise SegmentNotFound()
    return found


def _keep_version(session: Session, found: Segment) -> None:
    session.add(
        SegmentVersion(
            segment_id=found.id,
            version=found.version,
            name=found.name,
            description=found.description,
            definition=found.definition,
            saved_at=found.updated_at,
            saved_by=found.updated_by,
        )
    )


def _checked_name(name: str) -> str:
    cleaned = name.strip()
    if not cleaned:
        raise Invalid(field="name", zh="给人群起个名字。", en="Give the segment a name.")
    if not cleaned.isprintable():
        raise Invalid(field="name", zh="名字里有看不见的字符。", en="The name holds characters that can't be seen.")
    if len(cleaned) > MAX_NAME:
        raise Invalid(field="name", zh=f"名字最多 {MAX_NAME} 个字。", en=f"The name has at most {MAX_NAME} characters.")
    return cleaned


def _checked_description(description: str) -> str:
    if "\x00" in description:
        zh, en = "说明里有看不见的字符。", "The note holds characters that can't be seen."
        raise Invalid(field="description", zh=zh, en=en)
    if len(description) > MAX_DESCRIPTION:
        zh, en = f"说明最多 {MAX_DESCRIPTION} 个字。", f"The note has at most {MAX_DESCRIPTION} characters."
        raise Invalid(field="description", zh=zh, en=en)
    return description.strip()


def live_segments(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Segment).where(Segment.archived_at.is_(None))) or 0
