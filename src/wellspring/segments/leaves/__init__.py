"""The leaves that segments brings along; other domains register theirs at start."""

from wellspring.segments.leaves.base import Facts, Leaf, LeafKind, Names, leaf_kinds, register_leaf
from wellspring.segments.leaves.orders import OrdersLeaf
from wellspring.segments.leaves.profile import ProfileLeaf
from wellspring.segments.leaves.relationship import RelationshipLeaf
from wellspring.segments.leaves.tag import TagLeaf
from wellspring.segments.sql import register_fact_table

__all__ = ["Facts", "Leaf", "LeafKind", "Names", "leaf_kinds", "register_leaf"]

for _table in ("relationships", "relationship_tags", "orders", "refunds"):
    register_fact_table(_table)
register_leaf(TagLeaf, zh="标签", en="Tags")
register_leaf(RelationshipLeaf, zh="好友关系", en="Relationship")
register_leaf(OrdersLeaf, zh="订单", en="Orders")
register_leaf(ProfileLeaf, zh="客户资料", en="Profile")
