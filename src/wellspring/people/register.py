"""What people hooks into the platform and into WeCom."""

from __future__ import annotations

from wellspring.people.feeds import register_feeds
from wellspring.people.groups.callbacks import register_group_callbacks
from wellspring.people.groups.intake import groups_complete, groups_sink
from wellspring.people.intake.callbacks import register_callbacks
from wellspring.people.intake.complete import customers_complete
from wellspring.people.intake.contacts import customers_sink
from wellspring.people.intake.organisation import (
    departments_sink,
    follow_users_sink,
    tags_sink,
    users_complete,
    users_sink,
)
from wellspring.people.merging.references import register_customer_reference
from wellspring.people.sign_in.following import accounts_follow_all, accounts_follow_users
from wellspring.people.tagging import MARK_TAG, REMARK, remark_settled, tags_settled
from wellspring.wecom import facade as wecom


def register() -> None:
    for table in ("relationship", "relationship_tag", "group_member", "identity", "event"):
        register_customer_reference(table)
    register_feeds()
    register_callbacks()
    register_group_callbacks()
    wecom.register_sync_sink("departments", departments_sink)
    wecom.register_sync_sink("users", users_sink)
    wecom.register_sync_sink("users", accounts_follow_users)
    wecom.register_sync_sink("follow_users", follow_users_sink)
    wecom.register_sync_sink("tags", tags_sink)
    wecom.register_sync_sink("customers", customers_sink)
    wecom.register_sync_sink("groups", groups_sink)
    wecom.on_sync_complete("users", users_complete)
    wecom.on_sync_complete("users", accounts_follow_all)
    wecom.on_sync_complete("customers", customers_complete)
    wecom.on_sync_complete("groups", groups_complete)
    wecom.on_settled(MARK_TAG, tags_settled)
    wecom.on_settled(REMARK, remark_settled)
