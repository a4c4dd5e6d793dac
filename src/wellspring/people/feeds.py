"""What of people goes to the warehouse."""

from __future__ import annotations

from wellspring.platform.warehouse.feeds import Feed, register_feed
from wellspring.platform.warehouse.wide_columns import WideColumn, register_wide_column

CUSTOMERS = Feed(
    table="customers",
    source_table="customer",
    columns=("id", "created_at", "first_added_at", "gender", "has_mobile", "merged_into_id"),
    select=(
        "select t.id, t.created_at, t.first_added_at, t.gender::smallint,"
        " coalesce(m.has_one, 0), coalesce(t.merged_into_id, 0) from customer t left join lateral"
        " (select 1 as has_one from identity i where i.customer_id = t.id and i.kind = 'mobile' limit 1) m on true"
    ),
)
RELATIONSHIPS = Feed(
    table="relationships",
    source_table="relationship",
    columns=(
        "id", "customer_id", "staff_id", "store_id", "status", "add_way", "state", "added_at", "ended_at",
    ),
    select=(
        "select t.id, t.customer_id, t.staff_id, coalesce(s.store_id, 0), t.status, t.add_way::int, t.state,"
        " t.added_at, t.ended_at from relationship t join staff_member s on s.id = t.staff_id"
    ),
)  # fmt: skip
RELATIONSHIP_TAGS = Feed(
    table="relationship_tags",
    source_table="relationship_tag",
    columns=("id", "customer_id", "relationship_id", "tag_id", "source", "created_at"),
    select="select t.id, t.customer_id, t.relationship_id, t.tag_id, t.source, t.created_at from relationship_tag t",
)
GROUP_MEMBERS = Feed(
    table="group_members",
    source_table="group_member",
    columns=("id", "customer_id", "group_id", "scene", "state", "joined_at", "left_at"),
    select=(
        "select t.id, t.customer_id, t.group_chat_id, t.join_scene, t.state, t.joined_at, t.left_at"
        " from group_member t join customer c on c.id = t.customer_id"
    ),
)
"""Of customers only: colleagues in a group have no customer."""
EVENTS = Feed(
    table="events",
    source_table="event",
    columns=("id", "customer_id", "kind", "occurred_at", "staff_id", "data"),
    select=("select t.id, t.customer_id, t.kind, t.occurred_at, coalesce(t.staff_id, 0), t.data::text from event t"),
)

PROFILE = (
    WideColumn("created_at", "DateTime64(3, 'UTC')", "c.created_at"),
    WideColumn("gender", "UInt8", "c.gender"),
    WideColumn("has_mobile", "UInt8", "c.has_mobile"),
    WideColumn("was_added", "UInt8", "isNotNull(c.first_added_at)"),
    WideColumn("first_added_at", "DateTime64(3, 'UTC')", "ifNull(c.first_added_at, toDateTime64(0, 3, 'UTC'))"),
)
"""`first_added_at` of somebody never added is 1970; `was_added` tells."""


def register_feeds() -> None:
    for feed in (CUSTOMERS, RELATIONSHIPS, RELATIONSHIP_TAGS, GROUP_MEMBERS, EVENTS):
        register_feed(feed)
    for column in PROFILE:
        register_wide_column(column)
