"""The page of one customer: head, identities, friendships with their life, tags, groups, merges, timeline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from wellspring.people import rules
from wellspring.people.customers.listing import MOBILE_PERMISSION, best_status, staff_ids_in_scope
from wellspring.people.customers.schemas import (
    CustomerPage,
    CustomerTag,
    IdentityView,
    MergeView,
    RelationshipStep,
    RelationshipView,
    TagGroupMarks,
    Timeline,
    TimelineEvent,
)
from wellspring.people.groups.listing import groups_of_customer
from wellspring.people.lookups import customer_names
from wellspring.people.merging.undo import merges_of
from wellspring.people.models import Customer, Identity, RelationshipChange
from wellspring.people.scope import customers_in_scope
from wellspring.platform import audit
from wellspring.platform.auth.actor import Actor
from wellspring.platform.errors import Invalid, NotFound
from wellspring.platform.runtime import Platform

IDENTITY_ORDER = ("mobile", "member_number", "external_userid", "unionid", "openid", "buyer_id")
CHANGEABLE = ("friend", "lost")


def customer_for(session: Session, actor: Actor, customer_id: int) -> Customer:
    """The surviving row, when it is in the actor's scope. Raises NotFound."""
    customer = session.get(Customer, customer_id)
    if customer is not None and customer.merged_into_id is not None:
        customer = session.get(Customer, customer.merged_into_id)
    reached = customers_in_scope(actor.scope)
    if customer is None or (reached is not None and not _among(session, customer.id, reached)):
        raise NotFound(what="客户 customer")
    return customer


def _among(session: Session, customer_id: int, reached: Select[int]) -> bool:
    query = select(Customer.id).where(Customer.id == customer_id, Customer.id.in_(reached))
    return session.scalar(query) is not None


def customer_page(session: Session, platform: Platform, actor: Actor, customer_id: int) -> CustomerPage:
    customer = customer_for(session, actor, customer_id)
    staff = staff_ids_in_scope(session, actor.scope)
    relationships = _relationships(session, customer.id, staff)
    return CustomerPage(
        id=customer.id,
        name=customer.name,
        avatar_url=customer.avatar_url,
        gender=customer.gender,
        kind=customer.kind,
        company_name=customer.company_name,
        created_at=customer.created_at,
        first_added_at=customer.first_added_at,
        status=best_status([relationship.status for relationship in relationships]),
        identities=identity_views(session, platform, actor, customer.id),
        relationships=relationships,
        tag_groups=_tag_groups(session, customer.id, staff),
        groups=groups_of_customer(session, actor.scope, customer.id),
        merges=merge_views(session, customer.id),
    )


def identity_views(session: Session, platform: Platform, actor: Actor, customer_id: int) -> list[IdentityView]:
    rows = session.scalars(select(Identity).where(Identity.customer_id == customer_id)).all()
    ranked = sorted(rows, key=lambda row: (IDENTITY_ORDER.index(row.kind), row.source, row.id))
    return [
        IdentityView(
            id=row.id,
            kind=row.kind,
            source=row.source,
            value=rules.mask_mobile(platform.secrets.open(row.value_sealed)) if row.value_sealed else row.value_index,
            can_reveal=row.value_sealed is not None and actor.may(MOBILE_PERMISSION),
            first_seen_at=row.first_seen_at,
        )
        for row in ranked
    ]


_RELATIONSHIPS = text(
    """
    select r.*, s.name as staff_name, s.status as staff_status, s.store_id, d.name as store_name,
      (select count(*) from wecom_outbox o where o.status in ('planned', 'sending', 'unknown')
         and o.kind in ('mark_tag', 'remark') and o.payload ->> 'userid' = s.userid
         and o.payload ->> 'external_userid' = r.external_userid) as waiting
    from relationship r join staff_member s on s.id = r.staff_id left join department d on d.id = s.store_id
    where r.customer_id = :customer and (cast(:staff as bigint[]) is null or r.staff_id = any(:staff))
    order by r.status = 'friend' desc, r.added_at desc, r.id desc
    """
)


def _relationships(session: Session, customer_id: int, staff: list[int] | None) -> list[RelationshipView]:
    rows = session.execute(_RELATIONSHIPS, {"customer": customer_id, "staff": staff}).all()
    life: dict[int, list[RelationshipStep]] = {}
    steps = select(RelationshipChange).where(RelationshipChange.relationship_id.in_([row.id for row in rows]))
    for step in session.scalars(steps.order_by(RelationshipChange.at, RelationshipChange.id)):
        life.setdefault(step.relationship_id, []).append(
            RelationshipStep(at=step.at, from_status=step.from_status, to_status=step.to_status, cause=step.cause)
        )
    return [
        RelationshipView(
            id=row.id,
            staff_id=row.staff_id,
            staff_name=row.staff_name,
            staff_status=row.staff_status,
            store_id=row.store_id,
            store_name=row.store_name,
            external_userid=row.external_userid,
            status=row.status,
            add_way=row.add_way,
            state=row.state,
            remark=row.remark,
            description=row.description,
            added_at=row.added_at,
            ended_at=row.ended_at,
            changeable=row.status in CHANGEABLE,
            waiting=row.waiting,
            life=life.get(row.id, []),
        )
        for row in rows
    ]


_TAGS = text(
    """
    select t.id, t.name, g.id as group_id, g.name as group_name, array_agg(x.relationship_id order by 1) as carriers
    from relationship_tag x join tag t on t.id = x.tag_id join tag_group g on g.id = t.group_id
    join relationship r on r.id = x.relationship_id
    where x.customer_id = :customer and (cast(:staff as bigint[]) is null or r.staff_id = any(:staff))
    group by t.id, g.id order by g.position desc, g.id, t.position desc, t.id
    """
)


def _tag_groups(session: Session, customer_id: int, staff: list[int] | None) -> list[TagGroupMarks]:
    groups: dict[int, TagGroupMarks] = {}
    for row in session.execute(_TAGS, {"customer": customer_id, "staff": staff}):
        group = groups.setdefault(
            row.group_id, TagGroupMarks(group_id=row.group_id, group_name=row.group_name, tags=[])
        )
        group.tags.append(CustomerTag(id=row.id, name=row.name, relationship_ids=sorted(row.carriers)))
    return list(groups.values())


_MOVED = text(
    "select merge_id, table_name, jsonb_array_length(row_ids) as n from customer_merge_item where merge_id = any(:ids)"
)


def merge_views(session: Session, customer_id: int) -> list[MergeView]:
    merges = merges_of(session, customer_id)
    rows: dict[int, dict[str, int]] = {}
    for item in session.execute(_MOVED, {"ids": [merge.id for merge in merges]}):
        if item.n:
            rows.setdefault(item.merge_id, {})[item.table_name.split(".")[0]] = item.n
    names = customer_names(session, [merge.absorbed_id for merge in merges])
    return [
        MergeView(
            id=merge.id,
            survivor_id=merge.survivor_id,
            absorbed_id=merge.absorbed_id,
            absorbed_name=names.get(merge.absorbed_id, ""),
            reason=merge.reason,
            at=merge.at,
            actor_name=merge.actor_name,
            rows=rows.get(merge.id, {}),
        )
        for merge in merges
    ]


_TIMELINE = text(
    """
    select e.id, e.kind, e.occurred_at, e.source, e.staff_id, s.name as staff_name, e.data
    from event e left join staff_member s on s.id = e.staff_id
    where e.customer_id = :customer
      and (cast(:kinds as text[]) is null or e.kind = any(:kinds))
      and (cast(:staff as bigint[]) is null or e.staff_id is null or e.staff_id = any(:staff))
      and (e.occurred_at, e.id) < (:at, :id)
    order by e.occurred_at desc, e.id desc limit :limit
    """
)
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


def timeline(
    session: Session, actor: Actor, customer_id: int, *, kinds: list[str] | None, cursor: str | None, limit: int
) -> Timeline:
    """A page of events, newest first. Events of staff outside the actor's scope are left out."""
    customer = customer_for(session, actor, customer_id)
    at, before = _parse(cursor)
    rows = session.execute(
        _TIMELINE,
        {
            "customer": customer.id,
            "kinds": kinds or None,
            "staff": staff_ids_in_scope(session, actor.scope),
            "at": at,
            "id": before,
            "limit": limit + 1,
        },
    ).all()
    items = [TimelineEvent.model_validate(dict(row._mapping)) for row in rows[:limit]]
    more = len(rows) > limit
    return Timeline(items=items, next_cursor=_cursor(items[-1].occurred_at, items[-1].id) if more else None)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _cursor(at: datetime, row_id: int) -> str:
    return f"{(at - EPOCH) // timedelta(microseconds=1)}_{row_id}"


def _parse(cursor: str | None) -> tuple[datetime, int]:
    if cursor is None:
        return END_OF_TIME, 0
    try:
        microseconds, row_id = cursor.split("_")
        return EPOCH + timedelta(microseconds=int(microseconds)), int(row_id)
    except (ValueError, OverflowError):
        raise Invalid(field="cursor", zh="翻页位置不对。", en="This is no position in the timeline.") from None


def reveal_identity(session: Session, platform: Platform, actor: Actor, customer_id: int, identity_id: int) -> str:
    """The value in clear; noted in the audit log."""
    customer = customer_for(session, actor, customer_id)
    row = session.get(Identity, identity_id)
    if row is None or row.customer_id != customer.id or row.value_sealed is None:
        raise NotFound(what="身份 identity")
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="people.identity.reveal",
        object_type="customer",
        object_id=customer.id,
        identity_id=identity_id,
        kind=row.kind,
    )
    return platform.secrets.open(row.value_sealed)


def note_mobile_search(session: Session, platform: Platform, actor: Actor, found: int) -> None:
    audit.record(
        session,
        actor=actor,
        at=platform.clock.now(),
        action="people.customer.search_mobile",
        object_type="customer",
        found=found,
    )
