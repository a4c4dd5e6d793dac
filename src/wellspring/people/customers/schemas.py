"""What goes over the wire: the list of customers, the page of one, merges, links."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from wellspring.people.groups.schemas import CustomerGroup

Status = Literal["friend", "half", "lost", "removed", "transferred", "none"]
RelationStatus = Literal["friend", "half", "lost", "removed", "transferred"]


class TagMark(BaseModel):
    id: int
    name: str


class RelationshipBrief(BaseModel):
    id: int
    staff_id: int
    staff_name: str
    store_name: str | None
    status: RelationStatus
    remark: str
    added_at: datetime


class CustomerRow(BaseModel):
    """`status`: the best of the relationships in the caller's scope; none for those known by orders only.
    `name` is the WeChat name, empty for those; `relationships` are the newest five."""

    id: int
    name: str
    avatar_url: str
    gender: int
    kind: str
    company_name: str
    first_added_at: datetime | None
    status: Status
    relationships: list[RelationshipBrief]
    tags: list[TagMark]
    mobile_masked: str | None


class IdentityView(BaseModel):
    """`value` is masked for mobiles; `can_reveal`: the full value can be asked for, which is audited."""

    id: int
    kind: str
    source: str
    value: str
    can_reveal: bool
    first_seen_at: datetime


class RelationshipStep(BaseModel):
    at: datetime
    from_status: str | None
    to_status: str
    cause: str


class RelationshipView(BaseModel):
    """`changeable`: WeCom still takes tags and remarks. `waiting`: calls to WeCom under way for it."""

    id: int
    staff_id: int
    staff_name: str
    staff_status: str
    store_id: int | None
    store_name: str | None
    external_userid: str
    status: RelationStatus
    add_way: int
    state: str
    remark: str
    description: str
    added_at: datetime
    ended_at: datetime | None
    changeable: bool
    waiting: int
    life: list[RelationshipStep]


class CustomerTag(BaseModel):
    """A tag with the relationships that carry it."""

    id: int
    name: str
    relationship_ids: list[int]


class TagGroupMarks(BaseModel):
    group_id: int
    group_name: str
    tags: list[CustomerTag]


class MergeView(BaseModel):
    """`reason`: unionid, mobile, link, manual. `rows`: by table, what it moved."""

    id: int
    survivor_id: int
    absorbed_id: int
    absorbed_name: str
    reason: str
    at: datetime
    actor_name: str
    rows: dict[str, int]


class CustomerPage(BaseModel):
    """`id` is the surviving row: it differs from the one asked for when that was merged."""

    id: int
    name: str
    avatar_url: str
    gender: int
    kind: str
    company_name: str
    created_at: datetime
    first_added_at: datetime | None
    status: Status
    identities: list[IdentityView]
    relationships: list[RelationshipView]
    tag_groups: list[TagGroupMarks]
    groups: list[CustomerGroup]
    merges: list[MergeView]


class TimelineEvent(BaseModel):
    id: int
    kind: str
    occurred_at: datetime
    source: str
    staff_id: int | None
    staff_name: str | None
    data: dict[str, Any]


class Timeline(BaseModel):
    """Newest first. `next_cursor`: for the next page; None at the end."""

    items: list[TimelineEvent]
    next_cursor: str | None


class TagChange(BaseModel):
    relationship_id: int
    add: list[int] = Field(default_factory=list, max_length=100)
    remove: list[int] = Field(default_factory=list, max_length=100)


class RemarkChange(BaseModel):
    """WeCom's limits: remark 20 characters, description 150."""

    remark: str = Field(max_length=100)
    description: str | None = Field(None, max_length=1000)


class Planned(BaseModel):
    """`outbox_id`: the call to WeCom that follows; None when nothing changed."""

    outbox_id: int | None


class Revealed(BaseModel):
    value: str


class MergeBody(BaseModel):
    customer_ids: list[int] = Field(min_length=2, max_length=2)


class MergeSide(BaseModel):
    id: int
    name: str
    avatar_url: str
    first_added_at: datetime | None
    friends: int
    identities: list[IdentityView]
    rows: dict[str, int]


class MergePreview(BaseModel):
    """What a merge would do: `absorbed`'s rows go to `survivor`. `declared_split`: an operator said before that these
    are two people; merging by hand is still possible."""

    survivor: MergeSide
    absorbed: MergeSide
    declared_split: bool
    both_have_unionids: bool


class DuplicatePerson(BaseModel):
    id: int
    name: str


class DuplicateView(BaseModel):
    """A mobile of one customer that is noted on others too: `claims` WeChat contacts in all."""

    identity_id: int
    mobile_masked: str
    claims: int
    owner_id: int
    customers: list[DuplicatePerson]


class Dismissed(BaseModel):
    declared: int


class IdentityRefBody(BaseModel):
    kind: Literal["external_userid", "unionid", "openid", "mobile", "member_number", "buyer_id"]
    source: str = Field("", max_length=100)
    value: str = Field(min_length=1, max_length=200)


class LinkBody(BaseModel):
    find: IdentityRefBody
    add: IdentityRefBody


class LinkResultView(BaseModel):
    """linked: `add` was new. already: was theirs before. merged: was somebody else's, now one person. not_found:
    nobody is known as `find`. invalid: one value is no such identity. declared_split: an operator said these are two."""

    outcome: Literal["linked", "already", "merged", "not_found", "invalid", "declared_split"]
    customer_id: int | None


class Corrected(BaseModel):
    """`corrections`: how much was other than known: friend_added, friend_removed, remark_changed, tag_added,
    tag_removed."""

    corrections: dict[str, int]
