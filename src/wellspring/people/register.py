"""What people hooks into the platform and into WeCom."""

from __future__ import annotations

from wellspring.people.merging.references import register_customer_reference
from wellspring.people.tagging import MARK_TAG, REMARK, remark_settled, tags_settled
from wellspring.wecom import facade as wecom


def register() -> None:
    for table in ("relationship", "relationship_tag", "identity", "event"):
        register_customer_reference(table)
    wecom.on_settled(MARK_TAG, tags_settled)
    wecom.on_settled(REMARK, remark_settled)
