"""What goes over the wire: the list of groups, the page of one, its members."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

GroupStatus = Literal["normal", "owner_left", "handing_over", "handed_over", "dismissed"]
JoinScene = Literal["invited", "link", "qr", "unknown"]
MemberKind = Literal["staff", "customer"]


class GroupRow(BaseModel):
    """`store_*`: the owner's. `member_count`, `customer_count`: as WeCom last showed it, also of a dismissed group.
    `created_at` is WeCom's. `name` is empty for a group nobody named."""

    id: int
    chat_id: str
    name: str
    status: GroupStatus
    owner_id: int | None
    owner_name: str | None
    store_id: int | None
    store_name: str | None
    member_count: int
    customer_count: int
    created_at: datetime | None
    dismissed_at: datetime | None


class GroupPage(GroupRow):
    """`friends`: how many of the customers in it are friends of somebody now; `joined_30_days`, `left_30_days`: customers
    who came and went. `synced_at`: when WeCom was asked last."""

    notice: str
    friends: int
    joined_30_days: int
    left_30_days: int
    synced_at: datetime | None


class GroupMemberRow(BaseModel):
    """`customer_id` is set for customers in the caller's scope, whose page can be opened. `name`: the WeChat or staff name,
    empty when WeCom shows none. `friend`: somebody is friends with this customer. `invitor_name`: who invited them, a
    colleague's name or a userid."""

    id: int
    kind: MemberKind
    name: str
    avatar_url: str
    group_nickname: str
    staff_id: int | None
    customer_id: int | None
    friend: bool
    join_scene: JoinScene
    invitor_name: str
    state: str
    joined_at: datetime
    left_at: datetime | None


class CustomerGroup(BaseModel):
    """A group that a customer is or was in."""

    id: int
    name: str
    status: GroupStatus
    owner_name: str | None
    store_name: str | None
    join_scene: JoinScene
    joined_at: datetime
    left_at: datetime | None
