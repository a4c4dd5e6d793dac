"""All that other domains may use of people.

Scope: `staff_in_scope`, `customers_in_scope`, `store_ids_in_scope` (None = everybody, no condition).
Friendships: `on_friend_added`, `on_friend_ended`. Merges: `register_customer_reference`.
Facts: `record_events`. Who: `resolve_identities`, `link_identities`, names and `senders_for`; `customers_matching` a search.
Writing: `apply_tags`, `set_remark`; `friendships_for_tag` says where a tag belongs.
"""

from __future__ import annotations

from wellspring.people.announcements import FriendAdded, FriendEnded, on_friend_added, on_friend_ended
from wellspring.people.identities import resolve_identities
from wellspring.people.intake.refusals import friends_refused
from wellspring.people.linking import IdentityRef, LinkResult, link_identities
from wellspring.people.lookups import (
    Sender,
    StaffInfo,
    StoreInfo,
    customer_names,
    customers_matching,
    friendships_for_tag,
    group_names,
    senders_for,
    staff,
    staff_names,
    stores,
    tag_names,
)
from wellspring.people.merging.references import register_customer_reference
from wellspring.people.models import Customer, Department, Relationship, StaffMember, Tag
from wellspring.people.scope import customers_in_scope, staff_in_scope, store_ids_in_scope
from wellspring.people.tagging import apply_tags, set_remark
from wellspring.people.timeline import EVENT_KINDS, EventFact, record_events

__all__ = [
    "EVENT_KINDS",
    "Customer",
    "Department",
    "EventFact",
    "FriendAdded",
    "FriendEnded",
    "IdentityRef",
    "LinkResult",
    "Relationship",
    "Sender",
    "StaffInfo",
    "StaffMember",
    "StoreInfo",
    "Tag",
    "apply_tags",
    "customer_names",
    "customers_in_scope",
    "customers_matching",
    "friends_refused",
    "friendships_for_tag",
    "group_names",
    "link_identities",
    "on_friend_added",
    "on_friend_ended",
    "record_events",
    "register_customer_reference",
    "resolve_identities",
    "senders_for",
    "set_remark",
    "staff",
    "staff_in_scope",
    "staff_names",
    "store_ids_in_scope",
    "stores",
    "tag_names",
]
