"""The append-only record of what really happened: delivered, refused, added, deleted. Tests judge by it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from wecom_sim.clock import Clock
from wecom_sim.store import Log, Store


@dataclass
class LedgerEntry:
    """`at` is simulated Unix seconds. `data` holds what the kind has beyond the two ids."""

    at: float
    kind: str
    userid: str = ""
    external_userid: str = ""
    data: dict[str, Any] = field(default_factory=dict)


class Ledger:
    """Kinds: friend_added, friend_half_added, friend_requested, friend_accepted, customer_deleted, staff_deleted,
    not_interested, temp_chat_closed; welcome_delivered, welcome_refused; mass_created, mass_cancelled, mass_confirmed,
    mass_delivered, mass_refused; moment_created, moment_cancelled, moment_published; group_created, group_joined,
    group_left, group_changed, group_owner_changed, group_dismissed, group_chat, group_welcome_delivered; transfer_asked,
    transfer_failed, customer_transferred; chat, chat_intercepted, tags_marked, remark_written; kf_received, kf_sent,
    kf_answered; app_message_sent, app_message_received, app_message_recalled, app_card_answered; quota_expired;
    order_placed, opened, clicked, forwarded; callback_delivered, callback_failed, callback_dropped."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._clock = clock
        self._log: Log[LedgerEntry] = Log(store, "ledger", LedgerEntry)
        self._by_customer: dict[str, list[int]] = defaultdict(list)
        for position, entry in enumerate(self._log.rows):
            if entry.external_userid:
                self._by_customer[entry.external_userid].append(position)

    def __len__(self) -> int:
        return len(self._log)

    def write(self, kind: str, userid: str = "", external_userid: str = "", **data: Any) -> None:
        if external_userid:
            self._by_customer[external_userid].append(len(self._log))
        self._log.append(LedgerEntry(self._clock.now(), kind, userid, external_userid, data))

    def since(self, start: float) -> Iterator[LedgerEntry]:
        """Entries from `start` on, the newest first."""
        return takewhile(lambda one: one.at >= start, reversed(self._log.rows))

    def read(
        self, *, kind: str = "", after: int = 0, external_userid: str = "", msgid: str = "", limit: int = 1000
    ) -> list[tuple[int, LedgerEntry]]:
        """(sequence number, entry) with a number above `after`, oldest first. `kind` may be a prefix like `mass_`."""
        rows = self._log.rows
        positions = (
            (p for p in self._by_customer.get(external_userid, []) if p >= after)
            if external_userid
            else range(max(0, after), len(rows))
        )
        found: list[tuple[int, LedgerEntry]] = []
        for position in positions:
            entry = rows[position]
            if kind and not (entry.kind == kind or (kind.endswith("_") and entry.kind.startswith(kind))):
                continue
            if msgid and entry.data.get("msgid") != msgid:
                continue
            found.append((position + 1, entry))
            if len(found) >= limit:
                break
        return found

    def counts(self) -> dict[str, int]:
        totals: dict[str, int] = defaultdict(int)
        for entry in self._log.rows:
            totals[entry.kind] += 1
        return dict(totals)
