"""Events: append-only facts about customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

EVENT_KINDS = (
    "friend_added",
    "friend_lost",
    "friend_removed",
    "remark_changed",
    "tag_added",
    "tag_removed",
    "order_placed",
    "order_refunded",
    "message_delivered",
    "message_refused",
    "welcome_sent",
    "welcome_failed",
    "identity_linked",
    "merged",
    "merge_undone",
    "transfer_failed",
    "group_joined",
    "group_left",
    "chat_started",
    "archive_agreed",
    "lifecycle_changed",
)


BY_WECOM = "WeCom"


@dataclass(frozen=True, slots=True)
class EventFact:
    """`idempotency_key` is unique per `source`; `data` is JSON free of personal data in clear.

    `data["by"]`, where somebody did it: the name of an account or token, as it is; or one of two words that the
    console translates: "system" (the product by itself, `SYSTEM.name`) and "WeCom" (somebody in WeCom)."""

    customer_id: int
    kind: str
    occurred_at: datetime
    source: str
    idempotency_key: str
    staff_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


_INSERT = text(
    """
    insert into event (customer_id, kind, occurred_at, recorded_at, source, idempotency_key, staff_id, data)
    select coalesce(c.merged_into_id, c.id), f.kind, f.occurred_at, now(), f.source, f.key,
           nullif(f.staff_id, 0), f.data::jsonb
    from unnest(cast(:customers as bigint[]), cast(:kinds as text[]), cast(:times as timestamptz[]),
                cast(:sources as text[]), cast(:keys as text[]), cast(:staff as bigint[]), cast(:data as text[]))
         as f (customer_id, kind, occurred_at, source, key, staff_id, data)
    join customer c on c.id = f.customer_id
    order by f.source, f.key
    on conflict (source, idempotency_key) do nothing
    """
)


def record_events(session: Session, facts: Sequence[EventFact]) -> int:
    """Write facts that aren't there yet; returns how many were new. Facts about a merged row go to its survivor."""
    if not facts:
        return 0
    result = session.execute(
        _INSERT,
        {
            "customers": [fact.customer_id for fact in facts],
            "kinds": [fact.kind for fact in facts],
            "times": [fact.occurred_at for fact in facts],
            "sources": [fact.source for fact in facts],
            "keys": [fact.idempotency_key for fact in facts],
            "staff": [fact.staff_id or 0 for fact in facts],
            "data": [orjson.dumps(fact.data).decode() for fact in facts],
        },
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
