"""Organisation, customers with identities, relationships, tags, groups, timeline; merges with their undo."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from wellspring.platform.db import Base, HasCreatedAt, HasId
from wellspring.platform.warehouse.feeds import TracksChanges

EMPTY = text("'{}'::jsonb")


class Department(HasId, Base):
    """A node of the organisation. `path` is `/1/4/9/` (own id last), so a subtree is a prefix. kind: department,
    region, store; `kind_chosen`: an operator said so, and no sync changes it."""

    __tablename__ = "department"

    wecom_id: Mapped[int | None] = mapped_column(unique=True)
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    path: Mapped[str] = mapped_column(server_default="", index=True)
    kind: Mapped[str] = mapped_column(server_default="department")
    kind_chosen: Mapped[bool] = mapped_column(server_default=text("false"))
    position: Mapped[int] = mapped_column(server_default="0")
    deleted_at: Mapped[datetime | None]


class Store(Base):
    """What a department of kind store has besides: code, place, hours."""

    __tablename__ = "store"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    city: Mapped[str] = mapped_column(server_default="")
    address: Mapped[str] = mapped_column(server_default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    hours: Mapped[str] = mapped_column(server_default="")


class StaffMember(HasId, Base):
    """A WeCom user of the company. `store_id`: the nearest store above the main department.
    status: active, disabled, inactive, left."""

    __tablename__ = "staff_member"

    userid: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    alias: Mapped[str] = mapped_column(server_default="")
    avatar_url: Mapped[str] = mapped_column(server_default="")
    position: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="active")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    store_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    may_contact: Mapped[bool] = mapped_column(server_default=text("false"))
    left_at: Mapped[datetime | None]
    synced_at: Mapped[datetime | None]


class StaffDepartment(Base):
    __tablename__ = "staff_department"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id", ondelete="CASCADE"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True, index=True)


class SignInRule(HasId, Base):
    """Which members may sign in by WeCom, and as what; the first in order of `rank` that fits decides. `position`: only
    members whose position contains it. scope_kind: own, store, region, all."""

    __tablename__ = "sign_in_rule"

    rank: Mapped[int] = mapped_column(index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    position: Mapped[str] = mapped_column(server_default="")
    role: Mapped[str]
    scope_kind: Mapped[str]


class Customer(HasId, HasCreatedAt, TracksChanges, Base):
    """One person. A merged one stays as a row that points to its survivor. `search_grams`: the letters and
    letter pairs of name, remarks and member number, for search in any script without an extension."""

    __tablename__ = "customer"
    __table_args__ = (
        Index(None, "changed_xid"),
        Index("ix_customer_search_grams", "search_grams", postgresql_using="gin"),
        Index("ix_customer_newest", text("first_added_at desc nulls last"), text("id desc")),
    )

    name: Mapped[str] = mapped_column(server_default="")
    avatar_url: Mapped[str] = mapped_column(server_default="")
    gender: Mapped[int] = mapped_column(server_default="0")
    kind: Mapped[str] = mapped_column(server_default="wechat")
    company_name: Mapped[str] = mapped_column(server_default="")
    first_added_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    search_grams: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))


class Identity(HasId, Base):
    """One identifier of a person at one source. kinds: external_userid, unionid, openid, mobile, member_number,
    buyer_id. `value_index` is unique per kind and source: for mobiles a blind index over E.164, and the value
    itself is sealed; for the others the value."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("kind", "value_index", "source"),)

    customer_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str]
    source: Mapped[str] = mapped_column(server_default="")
    value_index: Mapped[str]
    value_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class MobileClaim(Base):
    """A mobile that a member noted on a relationship, by its blind index. Who claims a mobile besides its owner
    (the customer of the identity) is what mobile merges are decided from."""

    __tablename__ = "mobile_claim"

    relationship_id: Mapped[int] = mapped_column(ForeignKey("relationship.id"), primary_key=True)
    value_index: Mapped[str] = mapped_column(primary_key=True, index=True)


class Relationship(HasId, TracksChanges, Base):
    """Staff x customer, with its life. status: half (added, not yet accepted), friend, lost (deleted by the
    customer), removed (deleted by staff), transferred."""

    __tablename__ = "relationship"
    __table_args__ = (
        UniqueConstraint("external_userid", "staff_id"),
        Index(None, "staff_id"),
        Index(None, "changed_xid"),
        Index("ix_relationship_state", "state", postgresql_where=text("state <> ''")),
        Index(None, "added_at"),
    )

    customer_id: Mapped[int] = mapped_column(index=True)
    staff_id: Mapped[int]
    external_userid: Mapped[str]
    status: Mapped[str]
    add_way: Mapped[int] = mapped_column(server_default="0")
    state: Mapped[str] = mapped_column(server_default="")
    oper_userid: Mapped[str] = mapped_column(server_default="")
    remark: Mapped[str] = mapped_column(server_default="")
    description: Mapped[str] = mapped_column(server_default="")
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    synced_at: Mapped[datetime | None]


class RelationshipChange(HasId, Base):
    """A step in a relationship's life; append-only. Without foreign keys, as events and tags on relationships are
    (ADR 0013)."""

    __tablename__ = "relationship_change"
    __table_args__ = (Index(None, "at"),)

    relationship_id: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime]
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    cause: Mapped[str]


class TagGroup(HasId, Base):
    """kind: corp (lives in WeCom), rule (made here)."""

    __tablename__ = "tag_group"

    wecom_id: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="corp")
    position: Mapped[int] = mapped_column(server_default="0")
    deleted_at: Mapped[datetime | None]


class Tag(HasId, Base):
    __tablename__ = "tag"

    group_id: Mapped[int] = mapped_column(ForeignKey("tag_group.id"), index=True)
    wecom_id: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    position: Mapped[int] = mapped_column(server_default="0")
    deleted_at: Mapped[datetime | None]


class RelationshipTag(HasId, TracksChanges, Base):
    """A tag on a relationship, as WeCom keeps it; a customer's tags are those of all their relationships.
    source: wecom (seen there), manual (set in the console), live_code."""

    __tablename__ = "relationship_tag"
    __table_args__ = (UniqueConstraint("relationship_id", "tag_id"), Index(None, "changed_xid"))

    relationship_id: Mapped[int]
    customer_id: Mapped[int] = mapped_column(index=True)
    tag_id: Mapped[int] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(server_default="wecom")
    created_at: Mapped[datetime]


class GroupChat(HasId, Base):
    """A customer group. status: normal, owner_left (the company), handing_over, handed_over. `member_count` and
    `customer_count`: as WeCom last showed it, also of a dismissed one. `created_at` is WeCom's; `synced_at`: when WeCom
    was asked, None only inside the transaction that first writes the row."""

    __tablename__ = "group_chat"

    chat_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(server_default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"), index=True)
    notice: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="normal")
    member_version: Mapped[str] = mapped_column(server_default="")
    member_count: Mapped[int] = mapped_column(server_default="0")
    customer_count: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]
    synced_at: Mapped[datetime | None]


class GroupMember(HasId, TracksChanges, Base):
    """Somebody's membership of a group, with its present life; `left_at` is None while it lasts. kind: staff (with
    `staff_id` where the directory shows them), customer (with `customer_id`). join_scene: invited, link, qr, or unknown.
    `invitor`: a userid; `state`: that of the join way the customer came by."""

    __tablename__ = "group_member"
    __table_args__ = (UniqueConstraint("group_chat_id", "userid"), Index(None, "changed_xid"))

    group_chat_id: Mapped[int] = mapped_column(ForeignKey("group_chat.id"))
    kind: Mapped[str]
    userid: Mapped[str]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    join_scene: Mapped[str] = mapped_column(server_default="unknown")
    invitor: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(server_default="")
    group_nickname: Mapped[str] = mapped_column(server_default="")
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class CustomerMerge(HasId, Base):
    """One person found under two rows. reason: unionid, mobile, link (another system said so), manual."""

    __tablename__ = "customer_merge"

    survivor_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    absorbed_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    reason: Mapped[str]
    at: Mapped[datetime]
    actor_name: Mapped[str]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class CustomerMergeItem(HasId, Base):
    """The rows a merge moved, by table; the undo moves back exactly these."""

    __tablename__ = "customer_merge_item"

    merge_id: Mapped[int] = mapped_column(ForeignKey("customer_merge.id"), index=True)
    table_name: Mapped[str]
    row_ids: Mapped[list[int]]


class CustomerSplit(HasId, Base):
    """Two rows that an operator declared to be two people: they are not merged again by themselves."""

    __tablename__ = "customer_split"
    __table_args__ = (UniqueConstraint("low_id", "high_id"),)

    low_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    high_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    at: Mapped[datetime]


class Event(HasId, TracksChanges, Base):
    """An append-only fact about a customer: the timeline. `idempotency_key` is unique per source."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("source", "idempotency_key"),
        Index(None, "changed_xid"),
        Index("ix_event_timeline", "customer_id", text("occurred_at desc"), text("id desc")),
    )

    customer_id: Mapped[int]
    kind: Mapped[str]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    source: Mapped[str]
    idempotency_key: Mapped[str]
    staff_id: Mapped[int | None]
    data: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY)
