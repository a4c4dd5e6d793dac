"""The leaves that segments brings along; other domains register theirs at start."""

from wellspring.segments.leaves.base import Facts, Leaf, LeafKind, Names, leaf_kinds, register_leaf
from wellspring.segments.leaves.bought import BoughtLeaf
from wellspring.segments.leaves.bucket import BucketLeaf
from wellspring.segments.leaves.events import EventsLeaf
from wellspring.segments.leaves.feature import FeatureLeaf
from wellspring.segments.leaves.group import GroupLeaf
from wellspring.segments.leaves.orders import OrdersLeaf
from wellspring.segments.leaves.profile import ProfileLeaf
from wellspring.segments.leaves.relationship import RelationshipLeaf
from wellspring.segments.leaves.segment import SegmentLeaf
from wellspring.segments.leaves.sequence import SequenceLeaf
from wellspring.segments.leaves.tag import TagLeaf
from wellspring.segments.sql import register_fact_table

__all__ = ["Facts", "Leaf", "LeafKind", "Names", "leaf_kinds", "register_leaf"]

for _table in ("relationships", "relationship_tags", "group_members", "orders", "refunds", "order_lines", "events"):
    register_fact_table(_table)
register_leaf(TagLeaf, zh="标签", en="Tags")
register_leaf(RelationshipLeaf, zh="好友关系", en="Relationship")
register_leaf(GroupLeaf, zh="客户群", en="Groups")
register_leaf(OrdersLeaf, zh="订单", en="Orders")
register_leaf(ProfileLeaf, zh="客户资料", en="Profile")
register_leaf(BoughtLeaf, zh="买过什么", en="Bought")
register_leaf(EventsLeaf, zh="动态", en="Events")
register_leaf(SequenceLeaf, zh="先后发生", en="Sequence")
register_leaf(FeatureLeaf, zh="特征", en="Feature")
register_leaf(SegmentLeaf, zh="其他人群", en="Another segment")
register_leaf(BucketLeaf, zh="随机分组", en="Random part")
