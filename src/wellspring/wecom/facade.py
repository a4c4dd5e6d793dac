"""All that other domains may use of WeCom.

Reading: `get_client(platform)` (sync, typed; raises the WecomError tree). Hearing: `on_event`. Changing the world:
`plan_call` and `on_settled`. The first full sync: `register_sync_sink`, `on_sync_complete`, `start_full_sync`.
Pictures: `store_media`, `media_bytes`, `media_id_for`. Signing in: `sign_in_address`, `redeem_sign_in`.
"""

from __future__ import annotations

from wellspring.wecom.calls.customers import (
    CustomerDetail,
    ExternalContact,
    FollowInfo,
    FollowTag,
)
from wellspring.wecom.calls.directory import WecomDepartment, WecomUser
from wellspring.wecom.calls.groups import WecomGroup, WecomGroupMember
from wellspring.wecom.calls.sign_in import Visitor
from wellspring.wecom.calls.tags import WecomTag, WecomTagGroup
from wellspring.wecom.client import WecomClient
from wellspring.wecom.company import Company, company, connect_company, get_client
from wellspring.wecom.errors import (
    BadArgument,
    GiveUp,
    NotConnected,
    NotThereYet,
    OurMistake,
    OutcomeUnknown,
    RenewToken,
    RetryLater,
    SlowDown,
    Unreachable,
    WecomError,
)
from wellspring.wecom.inbox.registry import EventContext, Fields, on_event
from wellspring.wecom.media import Media, media, media_bytes, media_id_for, store_media
from wellspring.wecom.models import WecomOutbox
from wellspring.wecom.outbox.plan import plan_call
from wellspring.wecom.outbox.registry import on_settled
from wellspring.wecom.sign_in import redeem_sign_in, sign_in_address, sign_in_possible
from wellspring.wecom.sync.registry import (
    Complete,
    CustomerItem,
    GroupItem,
    on_sync_complete,
    register_sync_sink,
)
from wellspring.wecom.sync.start import start_full_sync

__all__ = [
    "BadArgument",
    "Company",
    "Complete",
    "CustomerDetail",
    "CustomerItem",
    "EventContext",
    "ExternalContact",
    "Fields",
    "FollowInfo",
    "FollowTag",
    "GiveUp",
    "GroupItem",
    "Media",
    "NotConnected",
    "NotThereYet",
    "OurMistake",
    "OutcomeUnknown",
    "RenewToken",
    "RetryLater",
    "SlowDown",
    "Unreachable",
    "Visitor",
    "WecomClient",
    "WecomDepartment",
    "WecomError",
    "WecomGroup",
    "WecomGroupMember",
    "WecomOutbox",
    "WecomTag",
    "WecomTagGroup",
    "WecomUser",
    "company",
    "connect_company",
    "get_client",
    "media",
    "media_bytes",
    "media_id_for",
    "on_event",
    "on_settled",
    "on_sync_complete",
    "plan_call",
    "redeem_sign_in",
    "register_sync_sink",
    "sign_in_address",
    "sign_in_possible",
    "start_full_sync",
    "store_media",
]
